package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"why502/parser"
	"why502/parser/input"
	"why502/report"
)

// syncBuffer is written to while it is read.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// tailed runs tail in this process until feed returns, and returns its status.
func tailed(t *testing.T, out, errs io.Writer, feed func(), args ...string) int {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan int)
	root := newRoot()
	root.SetOut(out)
	root.SetErr(errs)
	root.SetArgs(append([]string{"tail"}, args...))
	go func() { done <- finish(errs, root.ExecuteContext(ctx)) }()
	feed()
	cancel()
	return <-done
}

// stampedLine is a line of a log and when it was written.
type stampedLine struct {
	at   time.Time
	path string
	text []byte
	head bool // it begins an entry
}

// inRealOrder reads all lines below dir, of a host in zone, in the order in which they were written.
func inRealOrder(t *testing.T, dir string, zone *time.Location) (lines []stampedLine) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || input.Stem(path) != path { // older generations are written to no more
			return err
		}
		files, errs := input.Open([]string{path}, input.Options{})
		if len(errs) > 0 {
			return errs[0]
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		head, err := files[0].Head()
		if err != nil {
			return nil // empty
		}
		d := &parser.Decoder{Zone: zone, Ref: files[0].ModTime(), Path: path}
		starts := map[int]time.Time{} // by line
		if f := d.Detect(head); f != nil {
			for r, err := range parser.Records(t.Context(), files[0], f, d) {
				if err == nil {
					starts[r.Line] = r.Time
				}
			}
		}
		var at time.Time
		n := 0
		rel, err := filepath.Rel(dir, path)
		for line := range bytes.Lines(text) {
			n++
			start, head := starts[n]
			if start.After(at) { // a log keeps its own order
				at = start
			}
			lines = append(lines, stampedLine{at, rel, line, head})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(lines, func(a, b stampedLine) int { return cmp.Compare(a.at.Unix(), b.at.Unix()) })
	return lines
}

// Whoever watched while the lines came ends with the report that analyze makes of the same files, and has told of every incident
// in it.
func TestTailEqualsAnalyze(t *testing.T) {
	cases(t, func(t *testing.T, dir string) {
		t.Parallel()
		tr := readTruth(t, dir)
		zone := time.UTC
		if tr.Timezone != "" {
			zone = zoneNamed(t, tr.Timezone)
		}
		lines := inRealOrder(t, filepath.Join(dir, "logs"), zone)
		logs := filepath.Join(t.TempDir(), "logs")
		if err := os.CopyFS(filepath.Join(filepath.Dir(logs), "conf"), os.DirFS(filepath.Join(dir, "conf"))); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		files := map[string]*os.File{}
		for _, l := range lines {
			if files[l.path] != nil {
				continue
			}
			path := filepath.Join(logs, l.path)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			files[l.path] = f
		}
		final := filepath.Join(t.TempDir(), "final.json")
		args := []string{"--from", "start", "--format", "json", "-o", final, logs}
		if tr.Timezone != "" {
			args = append(args, "--timezone", tr.Timezone)
		}
		var out, errs syncBuffer
		all := len(lines)
		code := tailed(t, &out, &errs, func() {
			for len(lines) > 0 {
				n := min(len(lines), all/4+1)
				for n < len(lines) && !lines[n].head { // daemons write an entry at once
					n++
				}
				var order []string // of the logs' first lines
				now := map[string][]byte{}
				for _, l := range lines[:n] {
					if now[l.path] == nil {
						order = append(order, l.path)
					}
					now[l.path] = append(now[l.path], l.text...)
				}
				for _, path := range order { // at once: a look in the midst of this would find one log hours ahead of another
					if _, err := files[path].Write(now[path]); err != nil {
						t.Error(err)
					}
				}
				lines = lines[n:]
				time.Sleep(1500 * time.Millisecond)
			}
		}, args...)
		if code != statusDone {
			t.Fatalf("status %d: %s", code, errs.String())
		}
		text, err := os.Open(final)
		if err != nil {
			t.Fatal(err)
		}
		defer text.Close()
		live, err := report.Decode(text)
		if err != nil {
			t.Fatal(err)
		}
		live.Generated = time.Time{}
		whole := analyzed(t, tr, logs)
		if len(live.Incidents) != len(whole.Incidents) {
			t.Fatalf("%d incidents, %d by analyze", len(live.Incidents), len(whole.Incidents))
		}
		for i := range whole.Incidents {
			a, b := inJSON(t, live.Incidents[i]), inJSON(t, whole.Incidents[i])
			if a != b {
				t.Errorf("the incident differs: %s", firstDifferentLine(a, b))
			}
			if !wasTold(t, out.String(), &whole.Incidents[i]) {
				t.Errorf("%s was not told of", whole.Incidents[i].ID)
			}
		}
		if a, b := inJSON(t, live.Tags), inJSON(t, whole.Tags); a != b {
			t.Errorf("tags differ: %s", firstDifferentLine(a, b))
		}
		for i, s := range live.Coverage.Sources {
			if o := whole.Coverage.Sources[i]; s.Unparsed != o.Unparsed || s.Lines != o.Lines {
				t.Errorf("%s: %d lines, %d unparsed; by analyze %d, %d", s.Path, s.Lines, s.Unparsed, o.Lines, o.Unparsed)
			}
		}
		if live.Coverage.Lines != whole.Coverage.Lines || live.Coverage.Records != whole.Coverage.Records || live.Coverage.Unparsed != whole.Coverage.Unparsed {
			t.Errorf("%d lines, %d records, %d unparsed; by analyze %d, %d, %d", live.Coverage.Lines, live.Coverage.Records, live.Coverage.Unparsed,
				whole.Coverage.Lines, whole.Coverage.Records, whole.Coverage.Unparsed)
		}
	})
}

// wasTold says whether one of the changes is about in. It may be told under the id that it had before an earlier line came.
func wasTold(t *testing.T, changes string, in *report.Incident) bool {
	t.Helper()
	for line := range strings.Lines(changes) {
		var c report.Change
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		if c.Incident.Overlap(in) >= 0 && c.Incident.SameSites(in) {
			return true
		}
	}
	return false
}

func inJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func firstDifferentLine(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("%q, by analyze %q", x[i], y[i])
		}
	}
	return fmt.Sprintf("%d lines, by analyze %d", len(x), len(y))
}

const refusedLine = `2026/11/22 10:00:%02d [error] 8#8: *%d connect() to unix:/run/php/shop.sock failed (111: Connection refused) while connecting to upstream, client: 192.0.2.%[2]d, server: shop.test, request: "GET /a HTTP/1.1", upstream: "fastcgi://unix:/run/php/shop.sock:", host: "shop.test"` + "\n"

// appendLines writes refused requests into a log.
func appendLines(t *testing.T, path string, from, n int) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i := from; i < from+n; i++ {
		fmt.Fprintf(f, refusedLine, i, i)
	}
}

// Those who look by themselves are shown what is told; only readers come through.
func TestTailServes(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	dir := t.TempDir()
	log, metrics := filepath.Join(dir, "error.log"), filepath.Join(t.TempDir(), "why502.prom")
	get := func(path string) (int, string) {
		t.Helper()
		resp, err := http.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(b)
	}
	var out, errs syncBuffer
	code := tailed(t, &out, &errs, func() {
		until := func(holds func() bool) {
			for end := time.Now().Add(20 * time.Second); !holds() && time.Now().Before(end); {
				time.Sleep(50 * time.Millisecond)
			}
		}
		until(func() bool { _, err := os.Stat(metrics); return err == nil }) // else the lines would be of before it began
		appendLines(t, log, 1, 5)
		until(func() bool { return strings.Contains(out.String(), "OPENED") })
		until(func() bool { _, body := get("/metrics"); return strings.Contains(body, `vhost="shop.test"} 5`) })
		for path, want := range map[string]string{
			"/healthz":     "ok\n",
			"/metrics":     `why502_failures_total{log="error",status="502",vhost="shop.test"} 5` + "\n",
			"/report.json": `"schema": 1`,
			"/report.html": "<!DOCTYPE html>",
			"/":            "<!DOCTYPE html>",
		} {
			if status, body := get(path); status != 200 || !strings.Contains(body, want) {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
		if status, _ := get("/nowhere"); status != 404 {
			t.Errorf("/nowhere: %d", status)
		}
		if resp, err := http.Post("http://"+address+"/metrics", "text/plain", nil); err != nil || resp.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("POST: %v %v", resp, err)
		}
	}, "--from", "start", "--plain", "--listen", address, "--textfile", metrics, log)
	if code != statusDone || !strings.Contains(out.String(), "5 requests failed (502) on shop.test") {
		t.Errorf("status %d, %s%s", code, out.String(), errs.String())
	}
	if b, err := os.ReadFile(metrics); err != nil || !strings.Contains(string(b), "why502_log_followed{path=") {
		t.Errorf("%v: %s", err, b)
	}
}

// A page that binds a name of its own to loopback is not answered.
func TestServeForeignNames(t *testing.T) {
	for host, want := range map[string]int{"127.0.0.1:9502": 200, "[::1]:9502": 200, "localhost": 200, "evil.example:9502": http.StatusMisdirectedRequest, "": http.StatusMisdirectedRequest} {
		for _, loopback := range []bool{true, false} {
			r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
			r.Host = host
			w := httptest.NewRecorder()
			handler(newGauges(), loopback).ServeHTTP(w, r)
			if !loopback {
				want = 200
			}
			if w.Code != want {
				t.Errorf("%q, loopback %v: %d, want %d", host, loopback, w.Code, want)
			}
		}
	}
	w := httptest.NewRecorder()
	handler(newGauges(), false).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("a loop that never ran is healthy: %d", w.Code)
	}
}

// Names come out of logs: no sample can be made up by one.
func TestExposition(t *testing.T) {
	g := newGauges()
	g.failures[failure{"access", "502", "a\"} 1\nwhy502_evil{x=\"\\\x1b"}] = 3
	var b strings.Builder
	if err := g.write(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `vhost="a\"} 1\\nwhy502_evil{x=\"\\\\x1b"} 3`+"\n") || strings.Contains(b.String(), "\nwhy502_evil") {
		t.Error(b.String())
	}
}

// Logs of the past are judged by their own time, those of now by this host's.
func TestPastClock(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var c pastClock
	c.saw(now.Add(-48 * time.Hour)) // was there at the start
	c.tick(now, true)
	if got := c.now(now); !got.Equal(now) {
		t.Errorf("%s after what was there at the start", got)
	}
	c.saw(now.Add(-2 * time.Minute))
	c.tick(now, true)
	if got := c.now(now); !got.Equal(now) {
		t.Errorf("%s after a buffered line", got)
	}
	c.saw(now.Add(-24 * time.Hour))
	c.saw(now.Add(-25 * time.Hour))
	c.tick(now, true)
	now = now.Add(time.Minute)
	if got, want := c.now(now), now.Add(-24*time.Hour); !got.Equal(want) {
		t.Errorf("%s in logs of yesterday, want %s", got, want)
	}
	c.saw(now.Add(-time.Second))
	c.tick(now, true)
	if got := c.now(now); !got.Equal(now) {
		t.Errorf("%s after a line of now", got)
	}
}
