package correlate

import (
	"strings"
	"time"
)

// lives are the tags of which the last ones hold until the next come: a daemon that was stopped is down, one that is ready is up.
// What came before one that begins a life counts no more.
var lives = map[string]bool{
	"phpfpm/ready": true, "phpfpm/started": false, "phpfpm/stopping": false, "phpfpm/stopped": false, "phpfpm/reloading": false, "phpfpm/start-failed": false,
	"mysql/started": true, "mysql/stopped": false, "mysql/crashed": false,
}

// memorable is for how long other tags bear on what comes: what was upgraded may break a day later.
var memorable = map[string]time.Duration{"host/apt-upgrade": 28 * time.Hour, "nginx/reload": 28 * time.Hour}

// diary is what one daemon wrote in one log: lines of one tag, or of any ("").
type diary struct {
	daemon, tag string
	src         ID
}

// lasting are the marks before a moment that bear on what comes, however long after: the first and the last of each tag of a
// daemon's life, from its last beginning on, and the last that it wrote at all.
func (t *Timeline) lasting(before time.Time, clocks readings) map[key]bool {
	each := func(do func(k key, d diary, at time.Time)) {
		for k, m := range t.marks {
			tag := string(m.Tag)
			daemon, _, _ := strings.Cut(tag, "/")
			if daemon != "phpfpm" && daemon != "mysql" && memorable[tag] == 0 {
				continue
			}
			if at := clocks.of(k.src, m.Last); at.Before(before) {
				do(k, diary{daemon, tag, k.src}, at)
			}
		}
	}
	born, first, last := map[diary]time.Time{}, map[diary]time.Time{}, map[diary]time.Time{}
	each(func(_ key, d diary, at time.Time) {
		begins := lives[d.tag]
		d.tag = ""
		last[d] = later(last[d], at)
		if begins {
			born[d] = later(born[d], at)
		}
	})
	alive := func(d diary, at time.Time) bool {
		_, of := lives[d.tag]
		d.tag = ""
		return of && !at.Before(born[d])
	}
	each(func(_ key, d diary, at time.Time) {
		if alive(d, at) {
			first[d], last[d] = earlier(first[d], at), later(last[d], at)
		}
	})
	out := map[key]bool{}
	each(func(k key, d diary, at time.Time) {
		whole := diary{d.daemon, "", d.src}
		if at.Equal(last[whole]) || alive(d, at) && (at.Equal(first[d]) || at.Equal(last[d])) || !at.Before(before.Add(-memorable[d.tag])) {
			out[k] = true
		}
	})
	return out
}
