package main

import (
	"encoding/json"
	"testing"
	"time"
	"unicode/utf8"

	"why502/classifier"
	"why502/parser"
)

func sampleRecord() *parser.Record {
	return &parser.Record{
		Pos: parser.Pos{File: "error.log", Line: 33}, Format: "nginx-error", Level: parser.LevelError, PID: 8507, Errno: 110,
		Time:    time.Date(2026, 11, 22, 18, 3, 4, 0, time.UTC),
		Message: []byte("upstream timed out"), Phase: []byte("reading response header from upstream"),
		Client: []byte("203.0.113.9"), Request: []byte("GET /\x1b[31m\xff\"\\ HTTP/1.1"), Duration: -1,
	}
}

func TestVisitorGot(t *testing.T) {
	rule := func(harm string, presumed bool) classifier.Event {
		return classifier.Event{Rule: &classifier.Rule{Harm: harm, Presumed: presumed}}
	}
	for _, c := range []struct {
		status int
		events []classifier.Event
		want   int
	}{
		{0, nil, 0},
		{200, []classifier.Event{rule("502", false)}, 200}, // what the entry states itself
		{0, []classifier.Event{rule("", false), rule("504", false)}, 504},
		{0, []classifier.Event{rule("500", true)}, 0},
		{0, []classifier.Event{rule("truncated", false)}, 0},
	} {
		if got := visitorGot(&parser.Record{Status: c.status}, c.events); got != c.want {
			t.Errorf("%d with %d events: %d, want %d", c.status, len(c.events), got, c.want)
		}
	}
}

func TestAppendRecordAllocatesNothing(t *testing.T) {
	r, b := sampleRecord(), make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(100, func() { b = appendRecord(b[:0], r, nil, time.UTC) }); n != 0 {
		t.Errorf("%v allocations a record", n)
	}
}

func FuzzAppendQuoted(f *testing.F) {
	f.Add([]byte("plain é 日本語"))
	f.Add([]byte("\x00\x1b[2J\u009b\x7f\"\\\n\t\r\xff\xc3("))
	f.Add([]byte("\ufffd\u2028<script>"))
	f.Fuzz(func(t *testing.T, v []byte) {
		out := appendQuoted(nil, v)
		var got string
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatalf("%q: %v", out, err)
		}
		if want := string([]rune(string(v))); got != want { // U+FFFD for each byte that is no UTF-8
			t.Fatalf("%q comes back as %q", v, got)
		}
		if !utf8.Valid(out) {
			t.Fatalf("invalid UTF-8 in %q", out)
		}
		for _, r := range string(out) {
			if r < ' ' || r >= 0x7f && r < 0xa0 {
				t.Fatalf("%U came through in %q", r, out)
			}
		}
	})
}

func BenchmarkAppendRecord(b *testing.B) {
	r, buf := sampleRecord(), make([]byte, 0, 4096)
	for b.Loop() {
		buf = appendRecord(buf[:0], r, nil, time.UTC)
	}
}
