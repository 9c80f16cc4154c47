package parser

import "testing"

func TestPHPMessage(t *testing.T) {
	for _, c := range []struct {
		text, severity, file string
		line                 int
	}{
		{`PHP Warning:  Undefined array key "a" in /srv/a.php on line 3`, "Warning", "/srv/a.php", 3},
		{`PHP Fatal error:  Uncaught Error: x in /srv/a.php:3`, "Fatal error", "/srv/a.php", 3},
		{
			"PHP Fatal error:  Uncaught Error: x in /srv/a.php:3\nStack trace:\n#0 /srv/b.php(9): f()\n#1 {main}\n  thrown in /srv/a.php on line 3",
			"Fatal error", "/srv/a.php", 3,
		},
		{
			`PHP Fatal error:  Uncaught Error: x in /srv/a.php:3\nStack trace:\n#0 /srv/b.php(9): f()\n#1 {main}\n  thrown in /srv/a.php on line 3`,
			"Fatal error", "/srv/a.php", 3,
		},
		{"PHP Fatal error:  Uncaught Error: x in /srv/a.php:3\nStack trace:\n#0 /srv/b.ph", "Fatal error", "/srv/a.php", 3},
		{
			"PHP Fatal error:  Uncaught A: x in /srv/in.php:3\nStack trace:\n#0 {main}\n\nNext B: y in /srv/out.php:9\nStack trace:\n#0 {main}\n  thrown in /srv/out.php on line 9",
			"Fatal error", "/srv/in.php", 3,
		},
		{
			`PHP Fatal error:  Uncaught TypeError: f(): Argument #1 must be of type int, called in /srv/a.php on line 9 and defined in /srv/b.php:3`,
			"Fatal error", "/srv/b.php", 3,
		},
		{"  thrown in /srv/a.php on line 3", "", "/srv/a.php", 3},
		{"PHP message: PHP Parse error:  syntax error in /srv/a.php on line 1", "Parse error", "/srv/a.php", 1},
		{"Fatal error: Maximum execution time of 30+2 seconds exceeded (terminated) in /srv/a.php on line 7", "Fatal error", "/srv/a.php", 7},
		{"PHP Warning:  x in /srv/my in box/a.php on line 3", "Warning", "/srv/my in box/a.php", 3},
		{`PHP Warning:  x in C:\web\a.php on line 3`, "Warning", `C:\web\a.php`, 3},
		{"PHP Warning:  POST Content-Length of 9 bytes exceeds the limit of 8 bytes in Unknown on line 0", "Warning", "", 0},
		{"PHP Notice:  x in /srv/a.php(12) : eval()'d code on line 1", "Notice", "/srv/a.php", 12},
		{"PHP Notice:  x in /srv/a.php(12) : eval()'d code(3) : eval()'d code on line 1", "Notice", "/srv/a.php", 12},
		{"PHP Warning:  Undefined array key in /srv/wp-conte", "Warning", "", 0},
		{"PHP Warning", "", "", 0},
		{"took 12", "", "", 0},
		{"done in step:3", "", "", 0},
		{"failed in /srv\nretry:3", "", "", 0},
		{"cron: done in 3", "", "", 0},
		{"", "", "", 0},
	} {
		severity, file, line := phpMessage([]byte(c.text))
		if string(severity) != c.severity || string(file) != c.file || line != c.line {
			t.Errorf("%s\n got %q %q %d\nwant %q %q %d", c.text, severity, file, line, c.severity, c.file, c.line)
		}
	}
}
