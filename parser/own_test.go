package parser

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"
)

type textSource string

func (s textSource) Name() string { return "own.log" }

func (s textSource) Lines(context.Context) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		for i, l := range strings.Split(string(s), "\n") {
			if !yield(Line{Text: []byte(l), Number: i + 1}, nil) {
				return
			}
		}
	}
}

func compiledLine(t testing.TB, line, like string) *Format {
	t.Helper()
	f, err := CompileLine("own", line, like)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return f
}

func TestCompileLine(t *testing.T) {
	for _, c := range []struct{ line, like, entry, time, level, message, field string }{
		{
			`{time:2006-01-02 15:04:05} [{level}] {message}`, "php-error",
			"2026-11-22 10:00:00 [CRITICAL] PHP Fatal error:  Uncaught Error: x in /srv/a.php:3\nStack trace:\n#0 {main}\n\n[2026] no entry",
			"2026-11-22T10:00:00Z", "crit", "PHP Fatal error:  Uncaught Error: x in /srv/a.php:3\nStack trace:\n#0 {main}\n\n[2026] no entry", "severity=Fatal error",
		},
		{
			`{time} {*}/{pid} {level}: {message}`, "php-fpm", "2026-11-22T11:00:00+01:00 fpm/812 WARNING: [pool www] child 695 exited on signal 11 (SIGSEGV) after 1.5 seconds from start",
			"2026-11-22T10:00:00Z", "warn", "[pool www] child 695 exited on signal 11 (SIGSEGV) after 1.5 seconds from start", "signal=11",
		},
		{
			`{{{time:Mon _2 Jan 2006 15:04:05.000 -07:00}} {level}|{message}`, "nginx-error", `{Sun 22 Nov 2026 11:00:00.250 +01:00} error|812#812: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: ex.test`,
			"2026-11-22T10:00:00.25Z", "error", "connect() failed", "",
		},
		{
			`{time:06/01/02 15:04:05} {message}`, "apache-error", `26/11/22 10:00:00 [proxy:error] [pid 12] AH01114: HTTP: failed, referer: https://ex.test/`,
			"2026-11-22T10:00:00Z", "error", "AH01114: HTTP: failed", "ah=AH01114",
		},
	} {
		f := compiledLine(t, c.line, c.like)
		n := 0
		for r, err := range Records(context.Background(), textSource(c.entry), f, testDecoder()) {
			if n++; err != nil {
				t.Errorf("%s: %v", c.line, err)
				continue
			}
			key, value, _ := strings.Cut(c.field, "=")
			if got := r.Time.UTC().Format(time.RFC3339Nano); got != c.time || r.Format != c.like || r.Level.String() != c.level ||
				string(r.Message) != c.message || string(r.Field(key)) != value {
				t.Errorf("%s\n got %s %s %s %q %v", c.line, got, r.Format, r.Level, r.Message, r.Fields)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d entries", c.line, n)
		}
	}
}

func TestCompileLineErrors(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{`{time} {message`, "column 8: { without }; write {{ for a brace"},
		{`{time} {levl} {message}`, `column 9: unknown field "levl"; give one of `},
		{`{time} {level:x} {message}`, "column 14: only time has a layout"},
		{`{time:2006-01-02 3:04PM} {message}`, `column 18: "3" in a time is not known; `},
		{`{time:2006-01-02} {message}`, "column 1: no {time} with year, month, day, hour and minute: "},
		{`{time}{message}`, "column 7: {message} touches {time}: "},
		{`{time} {message} {pid}`, "column 17: {message} is the rest "},
		{`{time} {level}`, "column 15: {message} must come last"},
		{``, "column 1: neither a time nor a status"},
	} {
		_, err := CompileLine("own", c.line, "php-error")
		var at *PatternError
		if !errors.As(err, &at) || !strings.HasPrefix(err.Error(), c.want) || at.Pattern != c.line {
			t.Errorf("%s: %v", c.line, err)
		}
	}
	if _, err := CompileLine("own", "{time} {message}", "kernel"); err == nil || !strings.Contains(err.Error(), `"kernel" is none`) {
		t.Errorf("kernel: %v", err)
	}
}

func TestCompileJSON(t *testing.T) {
	f, err := CompileJSON("own", []JSONKey{
		{Field: "time", Key: "ts"}, {Field: "status", Key: "code"}, {Field: "uri", Key: "p"}, {Field: "request_time", Key: "dur_ms", Unit: "ms"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		`{"ts":1700000000250,"http":{"code":502,"p":"/\"a"},"dur_ms":250}`: `time=2023-11-14T22:13:20.25Z status=502 duration=250ms uri=/"a`,
		`{"ts":1700000000,"status":502}`:                                   "",
		`{"ts":"soon","code":502}`:                                         "",
		`{"ts":1700000000,"code":5020}`:                                    "",
		`"ts":1700000000,"code":502`:                                       "",
	} {
		if got := said(one(t, f, line)); got != want {
			t.Errorf("%s\n got %s\nwant %s", line, got, want)
		}
	}
	need := []JSONKey{{Field: "time", Key: "ts"}, {Field: "status", Key: "code"}}
	for _, c := range []struct {
		keys []JSONKey
		want string
	}{
		{need[:1], "the keys of status and time are missing"},
		{append(need, JSONKey{Field: "level", Key: "l"}), `unknown field "level"`},
		{append(need, JSONKey{Field: "uri"}), "uri has no key"},
		{append(need, JSONKey{Field: "uri", Key: "p", Unit: "ms"}), "uri has no unit"},
		{append(need, JSONKey{Field: "request_time", Key: "p", Unit: "h"}), `unit "h" is none`},
	} {
		if _, err := CompileJSON("own", c.keys); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v: %v", c.keys, err)
		}
	}
}

// A line that MySQL could have written, too, is of the format that was asked for; also inside an envelope.
func TestDetectOwnFormat(t *testing.T) {
	d := testDecoder()
	line := []byte("2026-11-22 10:00:00 140 [ERROR] x")
	if f := d.Detect([][]byte{line}); f != mysqlError {
		t.Errorf("without it: %v", f)
	}
	f := compiledLine(t, `{time:2006-01-02 15:04:05} {pid} [{level}] {message}`, "php-error")
	d.Own = []*Format{f}
	if got := d.Detect([][]byte{line}); got != f {
		t.Errorf("got %v", got)
	}
	if got := d.inside(&envelope{text: line}); got != f {
		t.Errorf("inside: %v", got)
	}
}

func TestOwnFormatsAllocateNothing(t *testing.T) {
	f := compiledLine(t, `{time:2006-01-02 15:04:05} [{level}] {message}`, "php-error")
	access, err := CompileJSON("own", []JSONKey{{Field: "time", Key: "ts"}, {Field: "status", Key: "code"}})
	if err != nil {
		t.Fatal(err)
	}
	d, r := testDecoder(), &Record{}
	line, object := []byte("2026-11-22 10:00:00 [error] StockService: timed out"), []byte(`{"ts":1700000000,"code":502}`)
	parse := func() {
		r.Reset()
		if f.Continues(nil, line) || f.Parse(d, line, r) != nil || !access.parse(d, object, r) {
			t.Fatal("not read")
		}
	}
	parse()
	if n := testing.AllocsPerRun(100, parse); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzOwnFormats(f *testing.F) {
	f.Add(`{time:2006-01-02 15:04:05} [{level}] {message}`, []byte("2026-11-22 10:00:00 [error] x\ny"))
	f.Add(`{time} {*}/{pid} {level}: {message}`, []byte("2026-11-22T11:00:00+01:00 fpm/812 WARNING: [pool www] x"))
	keys, err := CompileJSON("own", []JSONKey{{Field: "time", Key: "ts"}, {Field: "status", Key: "code"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, pattern string, entry []byte) {
		keys.parse(testDecoder(), bytes.Clone(entry), &Record{})
		for _, m := range ownMessages {
			format, err := CompileLine("own", pattern, m.name)
			if err != nil {
				var at *PatternError
				if errors.As(err, &at) && (at.Column < 1 || at.Column > len(pattern)+1) {
					t.Errorf("column %d of %q", at.Column, pattern)
				}
				continue
			}
			for range Records(context.Background(), textSource(entry), format, testDecoder()) {
				continue
			}
		}
	})
}
