package main

import (
	"testing"
	"time"
)

func TestMoment(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 17, 30, 0, 0, time.UTC)
	for _, c := range []struct{ in, want string }{
		{"now", "2026-11-22T18:30:00+01:00"},
		{"today", "2026-11-22T00:00:00+01:00"},
		{"yesterday", "2026-11-21T00:00:00+01:00"},
		{"-2h", "2026-11-22T16:30:00+01:00"},
		{"-1h30m", "2026-11-22T17:00:00+01:00"},
		{"-3d", "2026-11-19T18:30:00+01:00"},
		{"-1w", "2026-11-15T18:30:00+01:00"},
		{"-1.5d", "2026-11-21T06:30:00+01:00"},
		{"-2000000d", ""}, // more than a duration holds
		{"-20000w", ""},
		{"2026-11-22", "2026-11-22T00:00:00+01:00"},
		{"2026-11-22 17:00", "2026-11-22T17:00:00+01:00"},
		{"2026-11-22 17:00:09", "2026-11-22T17:00:09+01:00"},
		{"2026-11-22T17:00", "2026-11-22T17:00:00+01:00"},
		{"2026-07-01", "2026-07-01T00:00:00+02:00"},
		{"2026-11-22T17:00:09Z", "2026-11-22T17:00:09Z"},
		{"2026-11-22T17:00:09.25-05:00", "2026-11-22T17:00:09-05:00"},
		{"17:00", "2026-11-22T17:00:00+01:00"},
		{"18:30:00", "2026-11-22T18:30:00+01:00"},
		{"18:30:01", "2026-11-21T18:30:01+01:00"}, // is yet to come
		{"24:00", ""},
		{"17", ""},
		{"", ""},
		{"-", ""},
		{"--2h", ""},
		{"-2", ""},
		{"-d", ""},
		{"2h", ""},
		{"22/11/2026", ""},
		{"2026-13-01", ""},
	} {
		got, ok := moment(c.in, now, berlin)
		if !ok {
			if c.want != "" {
				t.Errorf("%q is not understood", c.in)
			}
			continue
		}
		if s := got.Format(time.RFC3339); s != c.want {
			t.Errorf("%q is %s, want %s", c.in, s, c.want)
		}
	}
}

// A time without a date that is to end later than it begins is of the next day, if need be.
func TestWindowOfTimes(t *testing.T) {
	at := func(clock string) time.Time {
		t, err := time.Parse(time.DateTime, "2026-11-"+clock)
		if err != nil {
			panic(err)
		}
		return t
	}
	for _, c := range []struct{ now, since, until, from, to string }{
		{"22 16:00:00", "15:00", "17:00", "22 15:00:00", "22 17:00:00"},
		{"22 00:30:00", "23:00", "23:59", "21 23:00:00", "21 23:59:00"},
		{"22 00:30:00", "23:00", "00:15", "21 23:00:00", "22 00:15:00"},
		{"22 16:00:00", "2026-11-20", "15:00", "20 00:00:00", "22 15:00:00"},
	} {
		in := selection{since: c.since, until: c.until, now: at(c.now), zone: time.UTC}
		w, err := in.window(time.UTC)
		if err != nil || !w.from.Equal(at(c.from)) || !w.to.Equal(at(c.to)) {
			t.Errorf("%s to %s, asked at %s: %v to %v, %v", c.since, c.until, c.now, w.from, w.to, err)
		}
	}
}

func TestLocation(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for name, want := range map[string]string{
		"UTC": "12:00+00:00", "Europe/Berlin": "13:00+01:00", "+05:30": "17:30+05:30", "-0800": "04:00-08:00",
		"": "", "Mars/Olympus": "", "../etc/passwd": "", "+25": "",
	} {
		z, err := location(name)
		if err != nil {
			if want != "" {
				t.Errorf("%q: %v", name, err)
			}
			continue
		}
		if got := at.In(z).Format("15:04-07:00"); got != want {
			t.Errorf("%q gives %s, want %s", name, got, want)
		}
	}
}
