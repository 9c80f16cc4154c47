package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Whether small logs are read while their formats are found out does not show, whatever stands in them: stamps without a zone amidst
// those with one, generations that share lines, line ends of Windows, NULs, lines of no format.
func TestReadingEarly(t *testing.T) {
	dir := t.TempDir()
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	access := func(from, n, status int, zone string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "203.0.113.%d - - [%s %s] \"GET /page%d/ HTTP/1.1\" %d 512 \"-\" \"x\"\n", i%250, at.Add(time.Duration(from+i)*time.Second).Format("02/Jan/2006:15:04:05"), zone, i%9, status)
		}
		return b.String()
	}
	errors := "2026/11/22 10:00:04 [error] 7#7: *1 no live upstreams while connecting to upstream, client: 203.0.113.7, server: odd.example, " +
		"request: \"GET / HTTP/1.1\", upstream: \"http://backend/\", host: \"odd.example\"\n"
	write := func(name, text string) { writeDated(t, filepath.Join(dir, name), text, at.Add(time.Hour)) }
	for i := range 300 {
		text := access(i, 3+i%90, 200, "+0100")
		switch i % 30 {
		case 5:
			text += access(i, 9, 502, "+0100")
		case 11:
			text = access(i, 30, 200, "+0100") + errors + access(i, 40, 504, "+0100")
		case 13:
			text = strings.ReplaceAll(text, "\n", "\r\n")
		case 17:
			text += "\x00\x00\x00" + errors
		case 19:
			text += "what is this\n" + access(i, 2, 499, "-0500")
		case 23:
			text = access(i, 400, 200, "+0100") // more than is looked at
		case 29:
			text = strings.TrimSuffix(text, "\n")
		}
		write(fmt.Sprintf("domlogs/shop%d.example", i), text)
	}
	write("nginx/access.log", access(40, 60, 502, "+0000"))
	write("nginx/access.log.1", access(0, 60, 502, "+0000"))
	write("nginx/error.log", strings.Repeat(errors, 20))
	write("php-fpm.log", "[22-Nov-2026 10:00:02] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it\n")

	t.Cleanup(func() { readingEarly = true })
	compare := func(t *testing.T) {
		report := func(early bool) string {
			readingEarly = early
			return asJSON(t, analyzed(t, truth{Timezone: "Europe/Berlin"}, dir))
		}
		want, got := report(false), report(true)
		if got != want {
			t.Errorf("another report: %s", firstDifference(want, got))
		}
		if strings.Count(got, `"502"`) == 0 {
			t.Error("no failures in it")
		}
	}
	t.Run("logs", compare)
	// What no name speaks of: files were trusted to be logs.
	tree, ball := t.TempDir(), filepath.Join(t.TempDir(), "ball")
	if err := os.WriteFile(filepath.Join(tree, "inner.log"), []byte(access(9, 30, 504, "+0100")), 0o644); err != nil {
		t.Fatal(err)
	}
	packTree(t, tree, ball)
	archive, err := os.ReadFile(ball)
	if err != nil {
		t.Fatal(err)
	}
	for _, odd := range []struct{ name, text string }{
		{"packed", gzipped(t, access(7, 30, 503, "+0100"))},
		{"ball", string(archive)},
		{"ball.tgz", string(archive)},
		{"wide", "\xff\xfea\x00\n\x00"},
		{"binary", "\x7fELF\x01\x02\x03\x04\x05\x06\x07\x08"},
		{"packed.gz", gzipped(t, access(7, 30, 503, "+0100"))},
	} {
		t.Run(odd.name, func(t *testing.T) {
			write("domlogs/"+odd.name, odd.text)
			compare(t)
			if err := os.Remove(filepath.Join(dir, "domlogs", odd.name)); err != nil {
				t.Fatal(err)
			}
		})
	}
}
