package history

import (
	"bytes"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"why502/report"
)

var update = flag.Bool("update", false, "write the goldens anew")

// sample is facts that hold something of everything.
func sample() *Facts {
	f := New(berlin)
	start := time.Date(2026, 11, 22, 18, 2, 57, 0, berlin)
	in := incident(start, 21*time.Second, 47)
	in.Timeline = []report.Moment{{Time: start.Add(-5 * time.Second), Tag: "host/logrotate"}}
	from, to := start.Add(-20*time.Hour), start.Add(2*time.Hour)
	rep := &report.Report{Incidents: []report.Incident{in}, Coverage: report.Coverage{Sources: []report.Source{{Format: "nginx-error", From: &from, To: &to}}}}
	counts := Counts{"2026-11-22": {
		Read: 100, Lines: 90, Records: 80, Unparsed: 1, Slow: 3, Requests: map[string]int{"nginx-access": 1000}, Tags: map[string]int{"nginx/upstream-timeout": 47},
		Culprits: map[string]int{"plugin:acme": 3},
	}}
	f.Take(Run{Host: "web1", Number: 1, Counts: counts, Report: rep})
	f.Settle("web1", 1)
	rep.Incidents = nil
	f.Take(Run{Host: "web1", Number: 2, Counts: counts, Report: rep, Tail: start.Add(time.Hour)})
	f.Take(Run{Host: "web2 \xff<b>", Number: 9, Counts: counts, Report: rep})
	return f
}

// TestVersion1 holds that what was written by the first version is read, and means the same.
func TestVersion1(t *testing.T) {
	const file = "testdata/version1.jsonl"
	if *update {
		if err := os.WriteFile(file, []byte(encoded(t, sample())), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Decode(bytes.NewReader(want), berlin)
	if err != nil {
		t.Fatal(err)
	}
	if got := encoded(t, f); got != string(want) {
		t.Errorf("read and written:\n%s\nwant\n%s", got, want)
	}
	if got := encoded(t, sample()); got != string(want) {
		t.Errorf("made:\n%s\nwant\n%s", got, want)
	}
}

func TestDecodeErrors(t *testing.T) {
	good := encoded(t, sample())
	lines := strings.SplitAfter(good, "\n")
	var damaged *DamagedError
	var version *VersionError
	var zone *ZoneError
	for _, c := range []struct {
		name, text string
		as         any
	}{
		{"empty", "", &damaged},
		{"another file", "{\"schema\":1}\n", &damaged},
		{"cut", good[:len(good)/2], &damaged},
		{"cut at a line", strings.Join(lines[:2], ""), &damaged},
		{"a line gone", strings.Join(append([]string{lines[0]}, lines[2:]...), ""), &damaged},
		{"a digit changed", strings.Replace(good, `"records":80`, `"records":81`, 1), &damaged},
		{"an unknown field", strings.Replace(good, `"records":80`, `"rekords":80`, 1), &damaged},
		{"more after it", good + "{}\n", &damaged},
		{"newer", strings.Replace(good, `"version":1`, `"version":2,"more":[]`, 1), &version},
		{"another zone", strings.Replace(good, "Europe/Berlin", "UTC", 1), &zone},
		{"a long line", lines[0] + strings.Repeat("x", maxLine+1), &damaged},
	} {
		if _, err := Decode(strings.NewReader(c.text), berlin); !errors.As(err, c.as) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestDamage: no byte can be changed and no piece cut off without notice.
func TestDamage(t *testing.T) {
	good := []byte(encoded(t, sample()))
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 3000 {
		bad := bytes.Clone(good)
		i := rnd.IntN(len(bad) - 1)
		if rnd.IntN(3) == 0 {
			bad = bad[:i]
		} else if b := byte(rnd.IntN(256)); b != bad[i] {
			bad[i] = b
		} else {
			continue
		}
		if _, err := Decode(bytes.NewReader(bad), berlin); err == nil {
			t.Fatalf("not noticed: %s", bad)
		}
	}
}

func FuzzDecode(f *testing.F) {
	var b bytes.Buffer
	if err := sample().Encode(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	for line := range bytes.Lines(b.Bytes()) {
		f.Add(append([]byte("{\"why502\":\"days\",\"version\":1,\"timezone\":\"Europe/Berlin\"}\n"), line...))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		facts, err := decodeUnsigned(text)
		if err != nil {
			return
		}
		for _, date := range facts.Dates() {
			facts.Compare(date)
		}
		if a, b := encoded(t, facts.clone()), encoded(t, facts); a != b {
			t.Errorf("read again:\n%s\nbefore\n%s", a, b)
		}
	})
}

// decodeUnsigned decodes lines whether or not their sum is right: what fuzzing changes shall get past it.
func decodeUnsigned(text []byte) (*Facts, error) {
	d := decoder{f: New(berlin)}
	for line := range bytes.Lines(text) {
		d.lines++
		if err := d.line(bytes.TrimSuffix(line, []byte("\n"))); err != nil {
			if d.ended {
				break
			}
			return nil, err
		}
	}
	d.f.dropFolded()
	return d.f, nil
}
