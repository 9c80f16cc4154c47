package rootcause

var fpmIdleSigkill = &Cause{
	ID:    "fpm_idle_sigkill",
	Title: "PHP-FPM killed an idle child that did not leave by itself",
	Layer: FPM,
	Kind:  Benign,
	Doc: "Newer PHP-FPM sends SIGKILL to an idle child that did not follow SIGQUIT within about a second: \"exited on signal 9 (SIGKILL) after 12.04 seconds\". The lifetimes are nearly the same, the idle timeout and two seconds more, another child follows, no request fails in that second and the kernel says nothing. It is harmless, though code that keeps a child from leaving (a hung " +
		"extension) may deserve a look.\n\n" +
		"With failed requests in the same second, or a kernel line, it is a kill that hurts.",
	Needs:   []Clue{sawKilled},
	Against: clues([]Clue{sawOOMGlobal, sawOOMCgroup}, sawCutOff),
	Summary: "PHP-FPM ended idle children by SIGKILL, which hurts nobody.",
	Verify:  []string{"no failed request in the seconds of these lines"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_process_ctl.c, PR #8387", "php-src issue #15161"},
}
