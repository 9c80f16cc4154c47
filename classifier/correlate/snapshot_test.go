package correlate

import (
	"context"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"why502/classifier"
	"why502/parser"
)

// inCommon says where a and b hold the same map, slice or pointer: what is written into one shows in the other. What is never
// written into may be shared.
func inCommon(a, b reflect.Value, path string, seen map[uintptr]bool, say func(string)) {
	switch a.Kind() {
	case reflect.Pointer:
		switch {
		case a.IsNil() || b.IsNil() || seen[a.Pointer()]:
			return
		case a.Type() == reflect.TypeFor[*classifier.Rule](), a.Type() == reflect.TypeFor[*time.Location](), a.Type() == reflect.TypeFor[*wiring]():
			return
		case a.Pointer() == b.Pointer():
			say(path)
			return
		}
		seen[a.Pointer()] = true
		inCommon(a.Elem(), b.Elem(), path, seen, say)
	case reflect.Struct:
		for i := range a.NumField() {
			inCommon(a.Field(i), b.Field(i), path+"."+a.Type().Field(i).Name, seen, say)
		}
	case reflect.Map:
		if !a.IsNil() && a.Pointer() == b.Pointer() {
			say(path)
			return
		}
		for it := a.MapRange(); it.Next(); {
			if other := b.MapIndex(it.Key()); other.IsValid() {
				inCommon(it.Value(), other, path+"[]", seen, say)
			}
		}
	case reflect.Slice:
		if a.Len() > 0 && b.Len() > 0 && a.Pointer() == b.Pointer() {
			say(path)
			return
		}
		fallthrough
	case reflect.Array:
		for i := range min(a.Len(), b.Len()) {
			inCommon(a.Index(i), b.Index(i), path+"[]", seen, say)
		}
	}
}

const snapshotLogs = `2026/11/22 10:00:00 [error] 8#8: *1 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 192.0.2.1, server: shop.test, request: "GET /a HTTP/1.1", upstream: "fastcgi://unix:/run/php/shop.sock", host: "shop.test"
192.0.2.7 - - [22/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 504 5 "-" "-"
192.0.2.8 - - [22/Nov/2026:11:00:00 +0000] "GET /b HTTP/1.1" 200 5 "-" "-"
[22-Nov-2026 10:00:01] WARNING: [pool shop] child 7, script '/srv/shop.test/index.php' (request: "GET /index.php") executing too slow (5.1 sec), logging
[22-Nov-2026 11:00:01] WARNING: [pool shop] child 9 exited on signal 11 (SIGSEGV) after 3.1 seconds from start
[22-Nov-2026 10:00:01]  [pool shop] pid 7
script_filename = /srv/shop.test/index.php
[0x00007f] curl_exec() /srv/shop.test/wp-content/plugins/acme/a.php:3

[error] 8#8: *2 connect() to unix:/run/php/shop.sock failed (2: No such file or directory) while connecting to upstream, client: 192.0.2.1, server: shop.test, request: "GET /a HTTP/1.1", upstream: "fastcgi://unix:/run/php/shop.sock", host: "shop.test"
[  3466.507549] Memory cgroup out of memory: Killed process 695 (php-fpm8.2) total-vm:3kB, anon-rss:9kB, file-rss:9kB, shmem-rss:1kB, UID:33 pgtables:3kB oom_score_adj:0
Nov 22 10:04:50 web01 kernel: [ 3973.409974] php-fpm8.2[9661]: segfault at 0 ip 00007f sp 00007f error 4 in libc.so.6[7f+1]
`

// given is a file that is in memory.
type given string

func (given) Name() string { return "a.log" }

func (g given) Lines(context.Context) iter.Seq2[parser.Line, error] {
	return func(yield func(parser.Line, error) bool) {
		for i, l := range strings.Split(string(g), "\n") {
			if !yield(parser.Line{Text: []byte(l), Number: i + 1}, nil) {
				return
			}
		}
	}
}

// collected is a Timeline that has something in each of its parts.
func collected(t testing.TB, rules *classifier.Rules) *Timeline {
	t.Helper()
	tl := New()
	src := given(strings.TrimSuffix(snapshotLogs, "\n"))
	d := &parser.Decoder{Zone: time.UTC, Ref: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	var events []classifier.Event
	for r, err := range parser.Records(t.Context(), src, parser.Formats[0], d) {
		if err != nil {
			t.Fatal(err)
		}
		events = rules.Classify(events[:0], r)
		tl.Add(r, events)
	}
	return tl
}

func loadRules(t *testing.T) *classifier.Rules {
	t.Helper()
	return classifier.Load()
}

// A copy holds all that the original does, and none of its memory.
func TestSnapshot(t *testing.T) {
	tl := collected(t, loadRules(t))
	c := tl.Snapshot()
	for _, part := range []struct {
		name string
		n    int
	}{
		{"marks", len(tl.marks)},
		{"loads", len(tl.traffic.loads)},
		{"pages", tl.traffic.pages.len()},
		{"clients", tl.traffic.clients.len()},
		{"links", len(tl.links.backends) * len(tl.links.pools)},
		{"slow", tl.slow.entries},
		{"boots", len(tl.boots)},
		{"undated", len(tl.undated.marks)},
		{"booted", len(tl.booted.marks)},
	} {
		if part.n == 0 {
			t.Errorf("the test has no %s", part.name)
		}
	}
	inCommon(reflect.ValueOf(tl), reflect.ValueOf(c), "", map[uintptr]bool{}, func(path string) { t.Errorf("both hold %s", path) })
	for name, part := range map[string]func(*Timeline) any{
		"marks": func(t *Timeline) any { return t.marks }, "loads": func(t *Timeline) any { return t.traffic.loads },
		"pages": func(t *Timeline) any { return t.traffic.pages }, "clients": func(t *Timeline) any { return t.traffic.clients },
		"width": func(t *Timeline) any { return t.traffic.width }, "names": func(t *Timeline) any { return t.names.list },
		"sources": func(t *Timeline) any { return t.sources }, "totals": func(t *Timeline) any { return t.totals },
		"slow": func(t *Timeline) any { return t.Slow() }, "stacks": func(t *Timeline) any { return slices.Collect(t.Stacks()) }, "backends": func(t *Timeline) any { return t.links.backends },
		"pools": func(t *Timeline) any { return t.links.pools }, "boots": func(t *Timeline) any { return t.boots },
		"undated": func(t *Timeline) any { return t.undated.marks }, "booted": func(t *Timeline) any { return t.booted.marks },
		"grain": func(t *Timeline) any { return t.grain },
	} {
		if !reflect.DeepEqual(part(tl), part(c)) {
			t.Errorf("%s: %v, not %v", name, part(c), part(tl))
		}
	}
}

// What is settled and aligned in a copy leaves the original as it was, and what the original reads on stays out of the copy.
func TestSnapshotIsApart(t *testing.T) {
	rules := loadRules(t)
	tl := collected(t, rules)
	c := tl.Snapshot()
	c.Align()
	c.Settle(time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC))
	if tl.booted == nil || tl.undated == nil {
		t.Error("settling the copy settled the original")
	}
	n := len(c.marks)
	r := &parser.Record{Pos: parser.Pos{File: "b.log"}, Format: "php-fpm", Time: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Message: []byte("[pool a] server reached pm.max_children setting (5), consider raising it"), Raw: []byte("x")}
	tl.Add(r, rules.Classify(nil, r))
	if len(c.marks) != n || c.sources["b.log"] != nil {
		t.Error("the copy reads on with the original")
	}
}

// What is forgotten is as if it had never been read, but for the last word of a daemon; what came later is as it was.
func TestForget(t *testing.T) {
	tl := collected(t, loadRules(t))
	before := time.Date(2026, 11, 22, 10, 30, 0, 0, time.UTC)
	var want []string
	for _, m := range tl.Marks() {
		if !m.Last.Before(before) || m.Tag == slowRequest {
			want = append(want, string(m.Tag)+" "+m.Vhost+" "+m.Pool)
		}
	}
	names := len(tl.names.list)
	tl.Forget(before)
	var got []string
	for _, m := range tl.Marks() {
		got = append(got, string(m.Tag)+" "+m.Vhost+" "+m.Pool)
	}
	if !reflect.DeepEqual(got, want) || len(want) == 0 {
		t.Errorf("%q are left, want %q", got, want)
	}
	for k := range tl.traffic.loads {
		if k.sec < before.Unix()-span {
			t.Errorf("traffic of %s is left", time.Unix(k.sec, 0).UTC())
		}
	}
	for k := range tl.marks {
		for _, id := range k.ids() {
			if int(*id) >= len(tl.names.list) {
				t.Fatalf("%v has no name", k)
			}
		}
	}
	if len(tl.names.list) >= names {
		t.Errorf("%d names of %d are left: %q", len(tl.names.list), names, tl.names.list)
	}
	tl.Forget(before.AddDate(1, 0, 0))
	profiled := map[ID]bool{}
	for k := range tl.marks {
		for _, id := range k.ids() {
			profiled[*id] = true
		}
	}
	for k := range tl.traffic.gone {
		profiled[k.vhost], profiled[k.src] = true, true
	}
	profiled[0], profiled[otherID] = true, true
	for _, tally := range tl.slow.tallies {
		for id := range tally {
			profiled[id] = true
		}
	}
	if len(tl.marks) != 1 || len(tl.traffic.loads) != 0 || len(tl.names.list) != len(profiled) {
		t.Errorf("%d marks and %q are left", len(tl.marks), tl.names.list)
	}
	if in := tl.Incidents(); len(in) > 0 && tl.Final().Before(in[0].End) {
		t.Errorf("what is left makes an incident after %s: %+v", tl.Final(), in[0])
	}
}
