package parser

import (
	"bytes"
	"time"
)

// stampForms are times as applications write them before PHP's message. A dotted date has the day first wherever it is used.
var stampForms = []string{"02.01.2006 15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006/01/02 15:04:05"}

// slashForms are both ways in which 03/11/2026 is meant: only one of them may fit.
var slashForms = [2]string{"02/01/2006 15:04:05", "01/02/2006 15:04:05"}

const slashed = len("02/01/2006 15:04:05")

// restamp puts the time that an application wrote before PHP's message in the form of PHP, if there is no doubt about
// it. unread is a time that leaves one, or is of no known form:
//
//	22.11.2026 18:00:01 <CRITICAL> PHP Fatal error:  Uncaught Error: x in /srv/a.php:3
//	[22-Nov-2026 18:00:01] PHP Fatal error:  Uncaught Error: x in /srv/a.php:3
func restamp(prefix, message []byte) (line, unread []byte) {
	if word, _ := phpSeverity(message); word == nil {
		return stampedByOthers(prefix, message), nil
	}
	at := bytes.IndexAny(prefix, "0123456789")
	if at < 0 || bytes.Count(prefix[at:], []byte{':'}) < 2 {
		return message, nil
	}
	stamp := prefix[at:]
	t, n := anyStamp(stamp)
	if n > 0 && n < len(stamp) && (stamp[n] == '.' || stamp[n] == ',') { // fractions
		for n++; n < len(stamp) && stamp[n] >= '0' && stamp[n] <= '9'; n++ {
		}
	}
	zone := ""
	switch rest := bytes.TrimPrefix(stamp[n:], []byte{' '}); {
	case n == 0 || at > 1: // not at the start: it may be the time of something else
		return message, bytes.TrimSpace(stamp)
	case bytes.HasPrefix(rest, []byte{'Z'}), bytes.HasPrefix(rest, []byte("UTC")):
		zone = " UTC"
	default:
		if at, ok := eastOf(rest); ok {
			t, zone = t.Add(-at), " UTC"
		}
	}
	line = append(line, t.Format("[02-Jan-2006 15:04:05")...)
	line = append(line, zone+"] "...)
	return append(line, message...), nil
}

// anyStamp reads a time of a known form, and how long it is; 0 if there is none, or two ways to read it.
func anyStamp(b []byte) (time.Time, int) {
	for _, form := range stampForms {
		if len(b) >= len(form) {
			if t, err := time.Parse(form, string(b[:len(form)])); err == nil {
				return t, len(form)
			}
		}
	}
	if len(b) < slashed {
		return time.Time{}, 0
	}
	day, wrongDay := time.Parse(slashForms[0], string(b[:slashed]))
	month, wrongMonth := time.Parse(slashForms[1], string(b[:slashed]))
	switch {
	case wrongDay == nil && (wrongMonth != nil || day.Equal(month)):
		return day, slashed
	case wrongDay != nil && wrongMonth == nil:
		return month, slashed
	}
	return time.Time{}, 0
}

// eastOf reads "+01:00".
func eastOf(b []byte) (time.Duration, bool) {
	const form = "-07:00"
	t, err := time.Parse(form, string(b[:min(len(b), len(form))]))
	if err != nil {
		return 0, false
	}
	_, east := t.Zone()
	return time.Duration(east) * time.Second, true
}

// stampedByOthers puts the time of a table, or of whoever passed the line on, before an entry of a daemon that has lost its own:
//
//	| 2026/11/22 18:00:01 | [crit] 812#812: *1 connect() to …
//	2026/11/22 18:00:01 [crit] 812#812: *1 connect() to …
func stampedByOthers(prefix, message []byte) []byte {
	f := DetectLine(message)
	if f == nil {
		return message
	}
	before, level := "", ""
	bare := message
	switch {
	case f == nginxError && !nginxStamped(message):
		bare = bytes.TrimPrefix(message, []byte("nginx: ")) // what stands on a terminal before a level
		if before = "2006/01/02 15:04:05 "; bare[0] != '[' {
			level = "[error] "
		}
	case f == apacheError && message[0] != '[':
		before = "[Mon Jan _2 15:04:05 2006] [error] "
	case f == phpFPM && cutPHPStamp(message).n == 0:
		if before = "[02-Jan-2006 15:04:05] "; bareFPM(message) {
			level = "WARNING: "
		}
	case f == lighttpdLog && message[0] == '(':
		before = "2006-01-02 15:04:05: "
	case f == appConsole && knownApp(message):
		before, level = "[2006-01-02 15:04:05] ", "ERROR "
	default:
		return message
	}
	for i := range prefix {
		if i > 0 && prefix[i-1] >= '0' && prefix[i-1] <= '9' {
			continue
		}
		if t, n := anyStamp(prefix[i:]); n > 0 {
			return append([]byte(t.Format(before)+level), bare...)
		}
	}
	return message
}

// sinceStatus reads since when a service is what systemctl status says it is; the lines of the journal below it state no year:
//
//	Active: failed (Result: exit-code) since Tue 2026-11-24 07:45:43 EST; 4min 21s ago
func sinceStatus(line []byte) (time.Time, bool) {
	rest, ok := bytes.CutPrefix(bytes.TrimLeft(line, " \t>"), []byte("Active: "))
	if !ok {
		return time.Time{}, false
	}
	const day = len("Tue ")
	_, since, ok := bytes.Cut(rest, []byte(" since "))
	if !ok || len(since) < day {
		return time.Time{}, false
	}
	t, n := anyStamp(since[day:])
	return t, n > 0
}
