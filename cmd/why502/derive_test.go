package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"why502/parser"
)

// caseYear is the year of all labelled cases, for stamps that state none.
const caseYear = 2026

// stampForms are the ways in which the logs of the cases write a time; the first group is the stamp.
var stampForms = []*stampForm{
	{regexp.MustCompile(`^(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)`), "2006/01/02 15:04:05", false},                               // nginx
	{regexp.MustCompile(`^(\d{4}-\d\d-\d\d [ \d]\d:\d\d:\d\d)`), "2006-01-02 15:04:05", false},                            // MariaDB
	{regexp.MustCompile(`^\[(\d\d-\w{3}-\d{4} \d\d:\d\d:\d\d)\]`), "02-Jan-2006 15:04:05", false},                         // PHP-FPM
	{regexp.MustCompile(`^\[(\w{3} \w{3} \d\d \d\d:\d\d:\d\d\.\d{6} \d{4})\]`), "Mon Jan 02 15:04:05.000000 2006", false}, // Apache
	{regexp.MustCompile(`^(\w{3} [ \d]\d \d\d:\d\d:\d\d) `), "Jan _2 15:04:05", false},                                    // syslog
	{regexp.MustCompile(`^# Time: (\d{6} [ \d]\d:\d\d:\d\d)`), "060102 15:04:05", false},                                  // MariaDB's slow log
	{regexp.MustCompile(`^\[(\d\d-\w{3}-\d{4} \d\d:\d\d:\d\d \S+)\]`), phpZoned, true},
	{regexp.MustCompile(`^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[-+]\d\d:\d\d) `), "2006-01-02T15:04:05.000000-07:00", true},
	{regexp.MustCompile(`\[(\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [-+]\d{4})\]`), "02/Jan/2006:15:04:05 -0700", true},
	{regexp.MustCompile(`^\[(\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d\.\d{6} [-+]\d{4})\]`), "02/Jan/2006:15:04:05.000000 -0700", true},
}

// phpZoned is [22-Nov-2026 17:55:19 UTC], [22-Nov-2026 12:55:19 America/New_York].
const phpZoned = "02-Jan-2006 15:04:05 "

type stampForm struct {
	find   *regexp.Regexp
	layout string
	zoned  bool
}

// read finds the stamp of a line.
func (f *stampForm) read(line string, zone *time.Location) (at time.Time, from, to int, ok bool) {
	m := f.find.FindStringSubmatchIndex(line)
	if m == nil {
		return at, 0, 0, false
	}
	stamp, layout := line[m[2]:m[3]], f.layout
	if layout == phpZoned {
		i := strings.LastIndexByte(stamp, ' ')
		loc, err := time.LoadLocation(stamp[i+1:])
		if err != nil {
			return at, 0, 0, false
		}
		stamp, layout, zone = stamp[:i], strings.TrimSpace(layout), loc
	}
	if i := strings.Index(stamp, "  "); i > 0 && !strings.Contains(layout, "_2") {
		stamp = stamp[:i+1] + "0" + stamp[i+2:] // an hour of one digit
	}
	at, err := time.ParseInLocation(layout, stamp, zone)
	if err != nil {
		return at, 0, 0, false
	}
	if at.Year() == 0 {
		at = time.Date(caseYear, at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, zone)
	}
	return at, m[2], m[3], true
}

// write writes at as the form does.
func (f *stampForm) write(at time.Time) string {
	if f.layout == phpZoned {
		return at.Format(f.layout) + at.Location().String()
	}
	return at.Format(f.layout)
}

// caseLog is one log of a case, unpacked.
type caseLog struct {
	name    string
	mod     time.Time
	format  string
	sets    bool // other generations of it are there
	head    []string
	entries []caseEntry
}

// caseEntry is a line with a stamp and the lines that follow it without.
type caseEntry struct {
	at       time.Time
	form     *stampForm
	stamped  int // the line that has the stamp
	from, to int // where in it
	lines    []string
}

var auditStart = regexp.MustCompile(`^--[0-9a-f]+-A--$`)

func readLogs(t *testing.T, dir string, zone *time.Location) (logs []*caseLog) {
	t.Helper()
	for _, file := range logsBelow(t, dir) {
		name, text, at := readLog(t, dir, file)
		l := &caseLog{name: filepath.ToSlash(name), mod: at}
		if f := parser.Detect(bytes.SplitAfter(text, []byte("\n"))); f != nil {
			l.format = f.Name
		}
		l.read(string(text), zone)
		logs = append(logs, l)
	}
	for _, l := range logs {
		stem := strings.TrimRight(l.name, ".0123456789")
		l.sets = slices.ContainsFunc(logs, func(o *caseLog) bool {
			return o != l && strings.TrimRight(o.name, ".0123456789") == stem
		})
	}
	return logs
}

func (l *caseLog) read(text string, zone *time.Location) {
	var last time.Time
	audit := false
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if auditStart.MatchString(line) {
			l.entries, audit = append(l.entries, caseEntry{lines: []string{line}}), true
			continue
		}
		var e caseEntry
		ok := false
		for _, f := range stampForms {
			if e.at, e.from, e.to, ok = f.read(line, zone); ok {
				e.form = f
				break
			}
		}
		n := len(l.entries)
		switch {
		case !ok && n == 0:
			l.head = append(l.head, line)
			continue
		case !ok:
			l.entries[n-1].lines = append(l.entries[n-1].lines, line)
			continue
		}
		if first := e.at.Add(-time.Hour); !e.form.zoned && first.Hour() == e.at.Hour() && !first.Before(last.Add(-30*time.Minute)) {
			e.at = first // an hour that comes twice in a night, for the first time
		}
		last = e.at
		if audit {
			e.lines, e.stamped = append(l.entries[n-1].lines, line), 1
			l.entries[n-1], audit = e, false
			continue
		}
		e.lines = []string{line}
		l.entries = append(l.entries, e)
	}
}

// text is the log with each entry as given.
func (l *caseLog) text(each func(*caseEntry) []string) string {
	out := slices.Clone(l.head)
	for i := range l.entries {
		out = append(out, each(&l.entries[i])...)
	}
	if len(out) == 0 {
		return ""
	}
	return strings.Join(out, "\n") + "\n"
}

func same(e *caseEntry) []string { return e.lines }

// derivation makes of the logs of a case the same logs in another container.
type derivation struct {
	name string
	make func(t *testing.T, logs []*caseLog, zone *time.Location, to string)
	zone func(logs []*caseLog) string // that the derived case states, if not the case's
}

// put writes a file of a derived case.
func (l *caseLog) put(t *testing.T, to, name, text string) string {
	t.Helper()
	out := filepath.Join(to, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(out, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(out, l.mod, l.mod); err != nil {
		t.Fatal(err)
	}
	return out
}

// eachLog is a derivation that rewrites log by log.
func eachLog(rewrite func(l *caseLog, zone *time.Location) string) func(*testing.T, []*caseLog, *time.Location, string) {
	return func(t *testing.T, logs []*caseLog, zone *time.Location, to string) {
		t.Helper()
		for _, l := range logs {
			l.put(t, to, l.name, rewrite(l, zone))
		}
	}
}

// rotated cuts each log into NAME.3.xz or NAME.3.zst, NAME.2.gz, NAME.1 and NAME, where entries begin.
func rotated(t *testing.T, logs []*caseLog, _ *time.Location, to string) {
	t.Helper()
	for i, l := range logs {
		n := len(l.entries)
		if l.sets || n < 4 {
			l.put(t, to, l.name, l.text(same))
			continue
		}
		for g := range 4 {
			piece := caseLog{mod: l.entries[(g+1)*n/4-1].at, entries: l.entries[g*n/4 : (g+1)*n/4]}
			if g == 0 {
				piece.head = l.head
			}
			text, suffix := piece.text(same), ""
			switch g {
			case 0:
				text, suffix = packed(t, text, i%2 == 0)
				suffix = ".3" + suffix
			case 1:
				text, suffix = gzipped(t, text), ".2.gz"
			case 2:
				suffix = ".1"
			}
			piece.put(t, to, l.name+suffix, text)
		}
	}
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := io.WriteString(z, text)
	if err = cmpErr(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// packed packs by xz, where it is wanted and at hand, or zstd.
func packed(t *testing.T, text string, xz bool) (string, string) {
	t.Helper()
	if tool, err := exec.LookPath("xz"); xz && err == nil {
		cmd := exec.CommandContext(t.Context(), tool, "-c", "-0")
		cmd.Stdin = strings.NewReader(text)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out), ".xz"
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	return string(z.EncodeAll([]byte(text), nil)), ".zst"
}

func cmpErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// writers names the program that a logger says wrote a line of a format.
var writers = map[string]string{
	"nginx-error": "nginx", "nginx-access": "nginx", "apache-error": "httpd", "apache-access": "httpd", "php-fpm": "php-fpm",
	"php-slow": "php-fpm", "php-error": "php", "mysql-error": "mariadbd", "mysql-slow": "mariadbd", "modsec-audit": "modsecurity",
}

// inSyslog writes entries as they come through syslog: PHP-FPM, PHP and Apache leave their stamp to it.
//
//	Nov 22 10:00:00 web1 php-fpm[812]: [WARNING] [pool www] child 695 exited …
func inSyslog(join string) func(*caseLog, *time.Location) string {
	return func(l *caseLog, zone *time.Location) string {
		head := l.head
		l.head = nil
		defer func() { l.head = head }()
		return l.text(func(e *caseEntry) []string {
			stamp := e.at.In(zone).Format("Jan _2 15:04:05") + " web1 "
			first := e.lines[0]
			switch l.format {
			case "syslog", "kernel", "systemd":
				_, text, _ := strings.Cut(first[e.to+1:], " ")
				return []string{stamp + text}
			case "php-fpm":
				level, text, _ := strings.Cut(first[e.to+2:], ": ")
				first = "[" + level + "] " + text
			case "php-error", "apache-error":
				first = first[e.to+2:]
			}
			var out []string
			for _, line := range append([]string{first}, e.lines[1:]...) {
				if strings.TrimSpace(line) != "" {
					out = append(out, line)
				}
			}
			if join != "" {
				out = []string{strings.Join(out, join)}
			}
			for i := range out {
				out[i] = fmt.Sprintf("%s%s[812]: %s", stamp, writers[l.format], out[i])
			}
			return out
		})
	}
}

// inDocker writes each line as Docker keeps it; what the kernel says is in no container.
func inDocker(l *caseLog, _ *time.Location) string {
	if l.format == "syslog" || l.format == "kernel" {
		return l.text(same)
	}
	return l.perLine(func(e *caseEntry, line string) any {
		return struct {
			Log    string `json:"log"`
			Stream string `json:"stream"`
			Time   string `json:"time"`
		}{line + "\n", "stderr", e.at.UTC().Format("2006-01-02T15:04:05.000000000Z")}
	})
}

// inJournal writes each line as journalctl -o json does.
func inJournal(l *caseLog, _ *time.Location) string {
	return l.perLine(func(e *caseEntry, line string) any {
		out := map[string]string{
			"__REALTIME_TIMESTAMP": fmt.Sprint(e.at.UnixMicro()), "PRIORITY": "6", "_HOSTNAME": "web1", "_TRANSPORT": "stdout",
			"SYSLOG_IDENTIFIER": writers[l.format], "_PID": "812", "MESSAGE": line,
		}
		if l.format == "syslog" || l.format == "kernel" {
			_, text, _ := strings.Cut(line[e.to+1:], " kernel: ")
			if i := strings.Index(text, "] "); i > 0 && text[0] == '[' {
				text = text[i+2:]
			}
			out["_TRANSPORT"], out["SYSLOG_IDENTIFIER"], out["MESSAGE"] = "kernel", "kernel", text
			delete(out, "_PID")
		}
		return out
	})
}

func (l *caseLog) perLine(wrap func(*caseEntry, string) any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(true)
	for i := range l.entries {
		e := &l.entries[i]
		for _, line := range e.lines {
			if enc.Encode(wrap(e, line)) != nil {
				return ""
			}
		}
	}
	return b.String()
}

// inArchive puts the tree into one archive, as customers send it; what it is called says nothing of it.
func inArchive(t *testing.T, logs []*caseLog, zone *time.Location, to string) {
	t.Helper()
	tree := t.TempDir()
	eachLog(func(l *caseLog, _ *time.Location) string { return l.text(same) })(t, logs, zone, tree)
	packTree(t, tree, to)
}

// inPaste puts all logs below each other into one file, as tail -n +1 * does.
func inPaste(t *testing.T, logs []*caseLog, _ *time.Location, to string) {
	t.Helper()
	var b strings.Builder
	for _, l := range logs {
		if text := l.text(same); text != "" {
			fmt.Fprintf(&b, "==> %s <==\n%s\n", path.Base(l.name), text)
		}
	}
	logs[0].put(t, to, "paste.txt", b.String())
}
