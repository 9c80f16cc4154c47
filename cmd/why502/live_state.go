package main

import (
	"time"

	"why502/parser/input/follow"
)

// patience is how long a log may be away before it is worth a word: rotation takes it away for a moment.
const patience = 3 * time.Second

// changed notes that following a log goes well or badly.
func (l *live) changed(s follow.State) {
	switch s.Status {
	case follow.Following, follow.Rotating:
		delete(l.doubt, s.Path)
		if t, told := l.told[s.Path]; told {
			delete(l.told, s.Path)
			again := " again"
			if t.Status == follow.Waiting {
				again = " now"
			}
			complain(l.stderr, s.Path+": is followed"+again)
		}
	case follow.Waiting, follow.Denied:
		l.tell(s)
	default:
		if l.doubt[s.Path].IsZero() {
			l.doubt[s.Path] = time.Now()
		}
	}
}

// doubts tells of logs that have been away for long.
func (l *live) doubts() {
	if len(l.doubt) == 0 {
		return
	}
	for _, s := range l.watch.States() {
		if since := l.doubt[s.Path]; !since.IsZero() && time.Since(since) >= patience {
			delete(l.doubt, s.Path)
			l.tell(s)
		}
	}
}

// tell says why a log is not followed now.
func (l *live) tell(s follow.State) {
	why := map[follow.Status]string{
		follow.Waiting: "is not there yet; it is followed when it appears",
		follow.Missing: "is not there any more; it is followed when it comes back",
		follow.Denied:  "no permission to read it; run as root or as a member of the group that owns it; it is tried again",
		follow.Failing: "cannot be followed: " + s.Why + "; it is tried again",
	}[s.Status]
	if t, told := l.told[s.Path]; told && t.Status == s.Status && t.Why == s.Why {
		return
	}
	l.told[s.Path] = s
	complain(l.stderr, s.Path+": "+why)
}
