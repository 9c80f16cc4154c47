package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"why502/parser"
)

// dates are the seconds of what comes out of entries with these seconds, 0 for none, and which of them were lent.
func dates(in ...int) (out []int, lent []bool) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	var b neighbours
	entries := func(yield func(*parser.Record, error) bool) {
		for _, sec := range in {
			r := &parser.Record{}
			if sec > 0 {
				r.Time = at.Add(time.Duration(sec) * time.Second)
			} else if sec < 0 {
				r.Fields = []parser.Field{{Key: "uptime", Value: []byte("12.3")}}
			}
			if !yield(r, nil) {
				return
			}
		}
	}
	for r := range b.dated(entries) {
		sec := 0
		if !r.Time.IsZero() {
			sec = int(r.Time.Sub(at) / time.Second)
		}
		out, lent = append(out, sec), append(lent, b.lent)
	}
	return out, lent
}

func TestNeighbours(t *testing.T) {
	for _, c := range []struct {
		name     string
		in, want []int
		lent     []bool
	}{
		{"the one before lends its time", []int{1, 0, 2, 0}, []int{1, 1, 2, 2}, []bool{false, true, false, true}},
		{"at the beginning the first one does", []int{0, 0, 3}, []int{3, 3, 3}, []bool{true, true, false}},
		{"nobody has one", []int{0, 0}, []int{0, 0}, []bool{false, false}},
		{"the kernel's time since the start is dated elsewhere", []int{1, -1}, []int{1, 0}, []bool{false, false}},
	} {
		if out, lent := dates(c.in...); !slices.Equal(out, c.want) || !slices.Equal(lent, c.lent) {
			t.Errorf("%s: %v, %v", c.name, out, lent)
		}
	}
	if out, _ := dates(make([]int, maxHeld+9)...); len(out) != maxHeld+9 {
		t.Errorf("%d entries of a paste without any time", len(out))
	}
}

// The report says so, and in a log that is read as it stands nothing is lent.
func TestNeighboursAreTold(t *testing.T) {
	r := pasted(t, []byte("[22-Nov-2026 10:00:00] NOTICE: ready to handle connections\nand nginx says:\n"+
		"[error] 9#9: *6 recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 203.0.113.9, server: shop.test, request: \"GET / HTTP/1.1\", upstream: \"fastcgi://127.0.0.1:9000\", host: \"shop.test\"\n"))
	if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, "1 entry that matters states no time: it is taken") {
		t.Errorf("%q", notes)
	}
}
