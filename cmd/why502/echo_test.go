package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// Lines that are counted without being taken apart lead to the same report: of logs as they are, and of logs with faults.
func TestEchoesDoNotShow(t *testing.T) {
	inputs := map[string]truth{}
	cases, err := filepath.Glob("../../fixtures/incidents/*/truth.json")
	if err != nil || len(cases) == 0 {
		t.Fatal(cases, err)
	}
	for _, c := range cases {
		inputs[filepath.Join(filepath.Dir(c), "logs")] = readTruth(t, filepath.Dir(c))
	}
	for _, kind := range []string{"nginx-error", "apache-error", "php-fpm", "php-slow"} {
		path := benchLog(t, kind, 1<<20)
		inputs[path] = truth{Timezone: "America/New_York"}
		for seed := range uint64(3) {
			inputs[spoilt(t, path, seed)] = truth{Timezone: "Europe/Berlin"}
		}
	}
	for path, tr := range inputs {
		echoing = false
		want := asJSON(t, analyzed(t, tr, "--workers", "1", path))
		echoing = true
		for _, workers := range []int{1, 3} {
			t.Run("", func(t *testing.T) {
				split(t, 200_000)
				if got := asJSON(t, analyzed(t, tr, "--workers", strconv.Itoa(workers), path)); got != want {
					t.Errorf("%s: %d workers: another report", path, workers)
				}
			})
		}
	}
}

// spoilt is a log of which some bytes are others, lines stand twice and numbers end in zeros.
func spoilt(t *testing.T, path string, seed uint64) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(seed, 7))
	var out []byte
	for line := range bytes.Lines(text) {
		for range 1 + rnd.IntN(2) {
			own := bytes.Clone(line)
			for i := len("[22-Nov-2026 10:00:00]"); i < len(own)-1; i++ {
				if own[i] >= '0' && own[i] <= '9' && rnd.IntN(20) == 0 {
					own[i] = '0' + byte(rnd.IntN(10)*rnd.IntN(2))
				}
			}
			for rnd.IntN(6) == 0 && len(own) > 40 {
				own[rnd.IntN(len(own)-1)] = ` ",:[]()'\0a`[rnd.IntN(12)]
			}
			out = append(out, own...)
		}
	}
	to := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(to, out, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}
