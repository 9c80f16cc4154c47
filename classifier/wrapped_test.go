package classifier

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// maxNginxLine is where nginx cuts a line (NGX_MAX_ERROR_STR).
const maxNginxLine = 2048

// wrap puts a line into syslog as its daemon does: nginx whole, PHP-FPM with its level in brackets, Apache without its time.
//
//	Nov 22 10:00:00 web1 nginx: 2026/11/22 10:00:00 [error] 812#812: …
//	Nov 22 10:00:00 web1 php-fpm[812]: [WARNING] [pool www] …
//	Nov 22 10:00:00 web1 httpd[1200]: [proxy_fcgi:error] [pid 1200:tid 1234] …
func wrap(line string) string {
	switch {
	case strings.HasPrefix(line, "2026/"):
		return "Nov 22 10:00:00 web1 nginx: " + line
	case strings.HasPrefix(line, "[22-Nov-2026 10:00:00] "):
		level, text, _ := strings.Cut(line[len("[22-Nov-2026 10:00:00] "):], ": ")
		return "Nov 22 10:00:00 web1 php-fpm[812]: [" + level + "] " + text
	case strings.HasPrefix(line, "[Sun Nov 22 "):
		_, text, _ := strings.Cut(line, "] ")
		return "Nov 22 10:00:00 web1 httpd[1200]: " + text
	}
	return "Nov 22 10:00:00 web1 httpd[1200]: " + line
}

// journal is a line as journalctl -o json shows it, which the daemon wrote to its standard error or, httpd, to syslog.
func journal(line string) string {
	ident := "httpd"
	switch {
	case strings.HasPrefix(line, "2026/"):
		ident = "nginx"
	case strings.HasPrefix(line, "[22-Nov-2026 10:00:00] "):
		ident = "php-fpm"
	}
	text, err := json.Marshal(map[string]string{
		"__REALTIME_TIMESTAMP": "1795341600123456", "PRIORITY": "3", "_PID": "812", "SYSLOG_IDENTIFIER": ident, "MESSAGE": line,
	})
	if err != nil {
		panic(err) // a map of strings
	}
	return string(text)
}

// cut makes a request so long that nginx has no room for what follows it.
func cut(line string) string {
	if !strings.HasPrefix(line, "2026/") {
		return line
	}
	line = strings.Replace(line, `request: "GET /`, `request: "GET /`+strings.Repeat("a", 2*maxNginxLine), 1)
	return line[:min(len(line), maxNginxLine)]
}

// What costs a visitor a 5xx is tagged as well if it comes through syslog or the journal or was cut off.
func TestHarmfulMessagesAreTaggedWrappedAndCut(t *testing.T) {
	text, err := os.ReadFile("testdata/harmful.log")
	if err != nil {
		t.Fatal(err)
	}
	rs := Load()
	for name, derive := range map[string]func(string) string{
		"syslog": wrap, "cut": cut, "cut in syslog": func(s string) string { return wrap(cut(s)) },
		"journal": journal, "cut in the journal": func(s string) string { return journal(cut(s)) },
	} {
		lines, tagged, unread := 0, 0, 0
		for line := range strings.Lines(string(text)) {
			line = derive(strings.TrimSuffix(line, "\n"))
			lines++
			records, tags := 0, 0
			for rec := range sampleRecords(line, nil) {
				records++
				tags += len(rs.Classify(nil, rec))
			}
			if records == 0 {
				unread++
				t.Errorf("%s: not read: %.300s", name, line)
			}
			if tags > 0 {
				tagged++
			} else {
				t.Logf("%s: no tag: %.300s", name, line)
			}
		}
		if tagged*100 < lines*99 {
			t.Errorf("%s: %d of %d lines have a tag", name, tagged, lines)
		}
	}
}
