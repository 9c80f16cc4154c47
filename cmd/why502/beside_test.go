package main

import (
	"strings"
	"testing"
	"time"

	"why502/parser"
)

func TestNeighbours(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	var b neighbours
	undated := func() *parser.Record { return &parser.Record{Message: []byte("x")} }
	if lent, kept := b.date(undated()); lent || !kept {
		t.Error("what stands before the first time waits for it")
	}
	if lent, kept := b.date(&parser.Record{Time: at}); lent || kept {
		t.Error("who states a time lends none")
	}
	held, lent := b.release()
	if !lent || len(held) != 1 || !held[0].Time.Equal(at) {
		t.Errorf("%v, %v", held, lent)
	}
	r := undated()
	if lent, kept := b.date(r); !lent || kept || !r.Time.Equal(at) {
		t.Errorf("%v %v at %v", lent, kept, r.Time)
	}
	r = &parser.Record{Fields: []parser.Field{{Key: "uptime", Value: []byte("12.3")}}}
	if lent, kept := b.date(r); lent || kept || !r.Time.IsZero() {
		t.Error("the kernel's time since the start is dated elsewhere")
	}
}

// Where nothing states a time, all is left to what is done then; in a log that is read as it stands nothing is lent.
func TestNeighboursWithoutTime(t *testing.T) {
	var b neighbours
	for range maxHeld {
		b.date(&parser.Record{})
	}
	if lent, kept := b.date(&parser.Record{}); lent || kept {
		t.Error("no more than so many wait")
	}
	if held, lent := b.release(); lent || len(held) != maxHeld || !held[0].Time.IsZero() {
		t.Errorf("%d, %v", len(held), lent)
	}
	r := pasted(t, []byte("[22-Nov-2026 10:00:00] NOTICE: ready to handle connections\nand nginx says:\n"+
		"[error] 9#9: *6 recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 203.0.113.9, server: shop.test, request: \"GET / HTTP/1.1\", upstream: \"fastcgi://127.0.0.1:9000\", host: \"shop.test\"\n"))
	if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, "1 entry that matters states no time: it is taken") {
		t.Errorf("%q", notes)
	}
}
