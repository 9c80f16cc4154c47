package parser

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// detectSlowly asks every format for every line.
func detectSlowly(lines [][]byte) *Format {
	var best *Format
	bestSum, bestTop := 0, 0
	for _, f := range Formats {
		sum, top, seen := 0, 0, 0
		for _, l := range lines {
			if len(l) == 0 {
				continue
			}
			if seen++; seen > detectLines {
				break
			}
			s := f.Sniff(l)
			sum, top = sum+s, max(top, s)
		}
		if sum > bestSum {
			best, bestSum, bestTop = f, sum, top
		}
	}
	if bestTop < 50 {
		return nil
	}
	return best
}

// Lines that need not be looked at do not decide: of any mix of logs.
func TestDetect(t *testing.T) {
	names, err := filepath.Glob("../fixtures/formats/*.log")
	if err != nil || names == nil {
		t.Fatal(names, err)
	}
	var logs [][][]byte
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		logs = append(logs, bytes.Split(text, []byte("\n")))
	}
	r := rand.New(rand.NewPCG(1, 4))
	known := map[*Format]bool{}
	for range 3000 {
		var lines [][]byte
		a, b := logs[r.IntN(len(logs))], logs[r.IntN(len(logs))]
		for range r.IntN(100) {
			from := a
			if r.IntN(3) == 0 {
				from = b
			}
			lines = append(lines, from[r.IntN(len(from))])
		}
		got, want := Detect(lines), detectSlowly(lines)
		if known[got] = true; got != want {
			t.Fatalf("got %v, want %v of\n%s", got, want, bytes.Join(lines, []byte("\n")))
		}
	}
	if len(known) < 10 {
		t.Errorf("%d formats came up", len(known))
	}
}
