package main

import "time"

// pastClock says what time it is in the logs. That is the time of this host, but for logs that are played again or come from a
// host whose clock is wrong: an incident in them goes on as long as they say so, whatever the time is here.
type pastClock struct {
	live   bool          // what was there at the start has been read
	newest time.Time     // the newest stamp since the last tick
	behind time.Duration // how far the logs are behind this host; 0: they are not
}

// late is how far behind lines may come for the logs to count as being of now: buffers, batches, slow disks.
const late = 5 * time.Minute

// saw notes the stamp of a line.
func (c *pastClock) saw(at time.Time) {
	if c.live && at.After(c.newest) {
		c.newest = at
	}
}

// tick takes what came since the last one. Lines that had been written before anybody watched tell nothing.
func (c *pastClock) tick(now time.Time, caughtUp bool) {
	if !c.newest.IsZero() {
		c.behind = 0
		if d := now.Sub(c.newest); d > late {
			c.behind = d
		}
		c.newest = time.Time{}
	}
	c.live = c.live || caughtUp
}

func (c *pastClock) now(host time.Time) time.Time { return host.Add(-c.behind) }
