package main

import (
	"testing"
	"time"
)

func TestWindow(t *testing.T) {
	at := func(s string) time.Time {
		m, err := time.Parse("15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	hour := window{from: at("10:00"), to: at("11:00")}
	for _, c := range []struct {
		w         window
		t         string
		has, near bool
	}{
		{window{}, "05:00", true, true},
		{hour, "09:29", false, false},
		{hour, "09:30", false, true},
		{hour, "10:00", true, true},
		{hour, "11:00", false, true},
		{hour, "11:01", false, false},
		{window{from: at("10:00")}, "23:00", true, true},
		{window{to: at("10:00")}, "00:00", true, true},
	} {
		if got := c.w.has(at(c.t)); got != c.has {
			t.Errorf("%v has %s: %v", c.w, c.t, got)
		}
		if got := c.w.near(at(c.t)); got != c.near {
			t.Errorf("%v is near %s: %v", c.w, c.t, got)
		}
	}
	if !hour.has(time.Time{}) || !hour.near(time.Time{}) {
		t.Error("an entry without a time is left out")
	}
	for _, c := range []struct {
		start, end string
		want       bool
	}{
		{"09:00", "09:59", false}, {"09:00", "10:00", true}, {"10:59", "12:00", true}, {"11:00", "12:00", false}, {"09:00", "12:00", true},
	} {
		if got := hour.meets(at(c.start), at(c.end)); got != c.want {
			t.Errorf("%s to %s: %v", c.start, c.end, got)
		}
	}
}

func TestStatedOffset(t *testing.T) {
	for _, c := range []struct {
		line string
		east int
		ok   bool
	}{
		{`203.0.113.9 - - [22/Nov/2026:18:02:39 +0100] "GET / HTTP/1.1" 200 2047`, 3600, true},
		{`203.0.113.9 - - [22/Nov/2026:18:02:39 -0330] "GET /[a +0200] HTTP/1.1" 200 2047`, -12600, true},
		{`203.0.113.9 - - [22/Nov/2026:18:02:39] "GET / HTTP/1.1" 200 2047`, 0, false},
		{`]`, 0, false},
		{``, 0, false},
	} {
		if east, ok := statedOffset([]byte(c.line)); east != c.east || ok != c.ok {
			t.Errorf("%s: %d, %v", c.line, east, ok)
		}
	}
}
