package parser

import (
	"strings"
	"testing"
)

// What is quoted of a message is read as if its daemon had logged it; prose about the same thing is none.
func TestRetyped(t *testing.T) {
	for in, want := range map[string]string{
		"failed (111: Connection refused) while connecting to upstream":                              "connect() failed (111: Connection refused) while connecting to upstream",
		"failed (see below) while connecting to upstream":                                            "",
		"it failed (111: Connection refused) while connecting to upstream":                           "",
		"The log says: /srv/shop/.htaccess: Options not allowed here":                                "[core:alert] /srv/shop/.htaccess: Options not allowed here",
		"/srv/.htaccess: Invalid command 'Order', perhaps misspelled":                                "[core:alert] /srv/.htaccess: Invalid command 'Order', perhaps misspelled",
		"this is my .htaccess: RewriteEngine On":                                                     "",
		"session_write_close(): Write failed: No space left on device (28)":                          "PHP Warning:  session_write_close(): Write failed: No space left on device (28)",
		"mysqli::real_connect(): (HY000/2002): Connection refused":                                   "PHP Warning:  mysqli::real_connect(): (HY000/2002): Connection refused",
		"connect(): Connection refused":                                                              "",
		"wp_enqueue_script(): is called too early":                                                   "",
		"An exception occurred in the driver: SQLSTATE[HY000] [1040] Too many connections":           "PHP message: SQLSTATE[HY000] [1040] Too many connections",
		"mod_fcgid: read data timeout in 300 seconds":                                                "[core:error] mod_fcgid: read data timeout in 300 seconds",
		"we run mod_fcgid: it has timeouts":                                                          "",
		"End of script output before headers: index.php":                                             "[core:error] End of script output before headers: index.php",
		"I looked SQLSTATE up and found nothing":                                                     "",
		"upstream timed out (110: Connection timed out) while reading response header from upstream": "",
	} {
		got := string(retyped([]byte(in)))
		if want == "" {
			want = in
		}
		if got != want {
			t.Errorf("%q: %q", in, got)
		}
		if got != in && DetectLine([]byte(got)) == nil {
			t.Errorf("%q: no format knows it", got)
		}
	}
}

// What stands further on in prose is read if it is a whole entry, or said of a script by nobody else.
func TestQuotedIn(t *testing.T) {
	const far = "all of the pages that I have tried so far, on every site of this machine and with all of the browsers that are installed here, end in the same way. The log: "
	const line = `2026/11/22 10:00:00 [error] 8#8: *1 connect() failed (111: Connection refused) while connecting to upstream, request: "GET / HTTP/1.1"`
	for in, want := range map[string]string{
		far + `"2026/11/22 10:00:00 [error] 8#8: *1 upstream sent too big header" and so on`: "2026/11/22 10:00:00 [error] 8#8: *1 upstream sent too big header",
		far + `"` + line:         line,
		far + "(`" + line + "`)": line,
		far + `"Premature end of script headers: run.cgi ", why?`:                   "[core:error] Premature end of script headers: run.cgi",
		far + `"upstream timed out (110: Connection timed out)" is what it may say`: "",
		far + "nothing in \"Premature end of script headers\" tells why":            "",
		far + strings.Repeat(`"x `, 9) + `"` + line:                                 "",
	} {
		if got := string(quotedIn([]byte(in))); got != want {
			t.Errorf("%q: %q", in[len(far):], got)
		}
	}
}

func TestRetranslated(t *testing.T) {
	for in, want := range map[string]string{
		"2026/11/22 10:00:00 [crit] 8 # 8: * 1 connect () to unix: /run/php.sock failed (2: x)":    "2026/11/22 10:00:00 [crit] 8#8: *1 connect() to unix:/run/php.sock failed (2: x)",
		"I call connect () to unix: /run/php.sock":                                                 "I call connect () to unix: /run/php.sock",
		"2026/11/22 10:00:00 [crit] 8#8: *1 connect() failed, request: \"GET /?q=a # b HTTP/1.1\"": "2026/11/22 10:00:00 [crit] 8#8: *1 connect() failed, request: \"GET /?q=a # b HTTP/1.1\"",
	} {
		if got := string(retranslated([]byte(in))); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// LiteSpeed's messages are known by their first words; prose that speaks of them is none.
func TestBareLitespeed(t *testing.T) {
	for line, want := range map[string]bool{
		"No request delivery notification has been received from LSAPI application, possible dead lock.": true,
		"ExtConn timed out while processing.":                  true,
		"No request has been received for an hour":             false,
		"The ExtConn timed out while processing, they told me": false,
	} {
		if f := DetectLine([]byte(line)); (f == litespeedError) != want {
			t.Errorf("%q: %v", line, f)
		}
	}
}

func TestLoggedPHP(t *testing.T) {
	for in, want := range map[string]string{
		`" Fatal error: Call to undefined function mysqli_connect() in /srv/a.php"`:                             "PHP Fatal error:  Call to undefined function mysqli_connect() in /srv/a.php",
		"Fatal error: Maximum execution time of 30 seconds exceeded in I:":                                      "PHP Fatal error:  Maximum execution time of 30 seconds exceeded in I:",
		"Fatal error: Uncaught Error: x in /srv/a.php:3":                                                        "PHP Fatal error:  Uncaught Error: x in /srv/a.php:3",
		"( ! ) Warning: mysqli_real_connect(): x in /srv/wp-db.php on line 5":                                   "PHP Warning:  mysqli_real_connect(): x in /srv/wp-db.php on line 5",
		"Warning: Unknown: open(/tmp/sess_b, O_RDWR) failed: No space left on device (28) in Unknown on line 0": "PHP Warning:  Unknown: open(/tmp/sess_b, O_RDWR) failed: No space left on device (28) in Unknown on line 0",
		"Warning: of what happens in Unknown territory":                                                         "",
		"Fatal error: it broke": "",
		"Warning: Maximum execution time of 30 seconds is what we have":               "",
		"Warning: mysqli_real_connect(): (HY000/2002): x in /srv/wp-db.php on line 5": "PHP Warning:  mysqli_real_connect(): (HY000/2002): x in /srv/wp-db.php on line 5",
	} {
		if want == "" {
			want = in
		}
		if got := string(loggedPHP([]byte(in))); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// A forum escapes what a page had escaped.
func TestPlainQuotesEscapedTwice(t *testing.T) {
	for in, want := range map[string]string{
		"upstream: &amp;quot;fastcgi://x&amp;quot;": `upstream: "fastcgi://x"`,
		"a &amp;amp;amp;amp; b":                     "a &amp; b",
		"GET /?a=1&b=2":                             "GET /?a=1&b=2",
	} {
		if got := string(plainQuotes([]byte(in))); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// The number of a child may be blanked out; a word is no number.
func TestBlankedChild(t *testing.T) {
	for line, want := range map[string]bool{
		"child xxx exited on signal 11 (SIGSEGV)":   true,
		"child *** exited on signal 11 (SIGSEGV)":   true,
		"child twelve exited on signal 11":          false,
		"child xxx is what the master calls it":     false,
		"child 22612 exited on signal 11 (SIGSEGV)": true,
	} {
		if got := bareFPM([]byte(line)); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}
