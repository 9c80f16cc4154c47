package parser

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

// memory is a Source over a text. It yields every line in one buffer which it spoils afterwards, so that
// a parser which keeps a line for too long shows up in the golden file.
type memory struct {
	name string
	text []byte
}

func (m memory) Name() string { return m.name }

func (m memory) Lines(context.Context) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		var buf []byte
		var at int64
		for n, rest := 1, m.text; len(rest) > 0; n++ {
			line, tail, _ := bytes.Cut(rest, []byte("\n"))
			buf = append(buf[:0], line...)
			if !yield(Line{Text: buf, Number: n, Offset: at}, nil) {
				return
			}
			for i := range buf {
				buf[i] = '!'
			}
			at += int64(len(rest) - len(tail))
			rest = tail
		}
	}
}

// testDecoder reads stamps without a zone as UTC and gives stamps without a year 2026.
func testDecoder() *Decoder {
	return &Decoder{Zone: time.UTC, Ref: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)}
}

// readAll parses text with f and copies what comes out; entries that could not be read are in errs.
func readAll(t *testing.T, f *Format, d *Decoder, text string) (recs []*Record, errs []*SyntaxError) {
	t.Helper()
	for r, err := range Records(t.Context(), memory{"test", []byte(text)}, f, d) {
		var bad *SyntaxError
		switch {
		case err == nil:
			recs = append(recs, r.Clone())
		case errors.As(err, &bad):
			c := *bad
			c.Raw = bytes.Clone(bad.Raw)
			errs = append(errs, &c)
		default:
			t.Fatal(err)
		}
	}
	return recs, errs
}

// golden parses fixtures/formats/FILE.log as format and compares every record with FILE.golden. With
// -update it writes that file. d may be nil.
func golden(t *testing.T, file, format string, d *Decoder) {
	t.Helper()
	f := Lookup(format)
	if f == nil {
		t.Fatalf("no format %q", format)
	}
	if d == nil {
		d = testDecoder()
	}
	base := filepath.Join("..", "fixtures", "formats", file)
	text, err := os.ReadFile(base + ".log")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for r, err := range Records(t.Context(), memory{file + ".log", text}, f, d) {
		var bad *SyntaxError
		switch {
		case err == nil:
			out.Write(goldenRecord(t, r))
		case errors.As(err, &bad):
			out.WriteString("unparsed " + bad.Error() + "\n")
		default:
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile(base+".golden", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(base + ".golden")
	if err != nil {
		t.Fatalf("%v (run the test with -update)", err)
	}
	compareGolden(t, file, string(want), out.String())
}

// compareGolden shows the first few lines in which the two differ.
func compareGolden(t *testing.T, name, want, got string) {
	t.Helper()
	if want == got {
		return
	}
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	shown := 0
	for i := 0; i < max(len(w), len(g)) && shown < 10; i++ {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			t.Errorf("%s.golden:%d\n want %s\n  got %s", name, i+1, a, b)
			shown++
		}
	}
}

// goldenRecord prints r as an indented object that leaves out what the entry does not say. Raw is left
// out: the .log file holds it.
func goldenRecord(t *testing.T, r *Record) []byte {
	t.Helper()
	type pair struct {
		key   string
		value any
	}
	var pairs []pair
	text := func(key string, b []byte) {
		if b != nil {
			pairs = append(pairs, pair{key, string(b)})
		}
	}
	number := func(key string, n int64, skip int64) {
		if n != skip {
			pairs = append(pairs, pair{key, n})
		}
	}
	pairs = append(pairs, pair{"at", r.Pos.String()})
	number("lines", int64(r.Lines), 1)
	pairs = append(pairs, pair{"format", r.Format})
	if !r.Time.IsZero() {
		pairs = append(pairs, pair{"time", r.Time.UTC().Format(time.RFC3339Nano)})
	}
	if r.Fold {
		pairs = append(pairs, pair{"fold", true})
	}
	if r.Level != LevelNone {
		pairs = append(pairs, pair{"level", r.Level.String()})
	}
	number("pid", int64(r.PID), 0)
	number("conn", r.Conn, 0)
	text("message", r.Message)
	number("errno", int64(r.Errno), 0)
	text("phase", r.Phase)
	text("client", r.Client)
	text("server", r.Server)
	text("request", r.Request)
	text("method", r.Method)
	text("uri", r.URI)
	text("upstream", r.Upstream)
	text("host", r.Host)
	text("referrer", r.Referrer)
	text("pool", r.Pool)
	text("vhost", r.Vhost)
	number("status", int64(r.Status), 0)
	if r.Duration >= 0 {
		pairs = append(pairs, pair{"duration", r.Duration.String()})
	}
	text("script", r.Script)
	for _, f := range r.Frames {
		pairs = append(pairs, pair{"frame", []any{string(f.Func), string(f.File), f.Line}})
	}
	for _, f := range r.Fields {
		pairs = append(pairs, pair{"." + f.Key, string(f.Value)})
	}

	// Written by hand: a map would lose the order and the fields that come twice.
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	out.WriteString("{\n")
	for _, p := range pairs {
		out.WriteString("  " + p.key + " = ")
		if err := enc.Encode(p.value); err != nil {
			t.Fatal(err)
		}
	}
	out.WriteString("}\n")
	return out.Bytes()
}
