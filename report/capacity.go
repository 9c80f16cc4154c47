package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
)

// children is pm.max_children as it is, "" where it is not known.
func (p *PoolCapacity) children() string {
	for _, s := range p.Settings {
		if s.Name == "pm.max_children" {
			return clean(s.Value)
		}
	}
	return ""
}

// advice is the verdict on a pool in a few words: "Raise pm.max_children from 5 to 10". That it is not to be raised is
// said as loud as that it is.
func (p *PoolCapacity) advice() string {
	now, then := p.children(), strconv.Itoa(p.Children)
	from := ""
	if now != "" {
		from = " from " + now
	}
	switch p.Verdict {
	case "raise":
		return "Raise pm.max_children" + from + " to " + then
	case "lower":
		return "Lower pm.max_children" + from + " to " + then
	case "keep":
		return "Keep pm.max_children at " + cmp.Or(now, then)
	case "mend":
		if now != "" {
			return "Do not raise pm.max_children above " + now
		}
		return "Do not raise pm.max_children"
	case "unknown":
		return "How many children it needs is not known"
	}
	return clean(p.Verdict)
}

// asks says whether something is to be done about a pool.
func (p *PoolCapacity) asks() bool {
	return p.Verdict == "raise" || p.Verdict == "lower" || p.Verdict == "mend"
}

// asking are the pools with something to be done first, each part in the order of the report.
func (c *Capacity) asking() (asks, rest []*PoolCapacity) {
	for i := range c.Pools {
		if p := &c.Pools[i]; p.asks() {
			asks = append(asks, p)
		} else {
			rest = append(rest, p)
		}
	}
	return asks, rest
}

// boundWords say what a bound is.
var boundWords = map[string]string{"demand": "Needed at the peak", "memory": "Memory holds", "cpu": "CPU or database"}

// boundText is "Memory holds: 24; (4 GiB − 2 GiB) ÷ 78 MiB a worker".
func boundText(b PoolBound) string {
	s := cmp.Or(boundWords[b.Kind], clean(b.Kind)) + ": " + thousands(b.Children)
	if b.Text != "" {
		s += "; " + clean(b.Text)
	}
	return s
}

// setup is "dynamic, /etc/php/8.2/fpm/pool.d/shop.conf".
func (p *PoolCapacity) setup() string {
	s := clean(p.Manager)
	if s != "" {
		s = "pm = " + s
	}
	if p.File != "" {
		if s != "" {
			s += ", "
		}
		s += clean(p.File)
	}
	return s
}

// load is what a pool had to do in its worst minute.
func (p *PoolCapacity) load(c clock) []string {
	var out []string
	if p.Peak > 0 {
		s := figureOf(p.Peak) + " requests at once in the worst minute"
		if p.PeakTime != nil {
			s += " (" + c.stamp(*p.PeakTime) + ")"
		}
		out = append(out, s)
	}
	if p.Seconds > 0 {
		s := figureOf(p.Seconds) + " s a request then"
		if p.Usual > 0 {
			s += ", " + figureOf(p.Usual) + " s usually"
		}
		out = append(out, s)
	}
	if p.Full > 0 {
		out = append(out, count(p.Full, "time")+" full or busy")
	}
	if p.WorkerBytes > 0 {
		out = append(out, byteWords(p.WorkerBytes)+" a child")
	}
	return out
}

// server says what the sums start from.
func (c *Capacity) server() []string {
	var out []string
	if c.MemoryBytes > 0 {
		out = append(out, byteWords(c.MemoryBytes)+" of memory")
	}
	if c.ReservedBytes > 0 {
		out = append(out, byteWords(c.ReservedBytes)+" of it not for PHP")
	}
	if c.CPUs > 0 {
		out = append(out, count(c.CPUs, "CPU"))
	}
	if c.Children > 0 && (len(out) > 0 || c.ChildrenBound > 0) { // alone it is what the sentence above has said
		out = append(out, thousands(c.Children)+" children allowed now")
	}
	if c.ChildrenBound > 0 {
		out = append(out, "memory for "+thousands(c.ChildrenBound))
	}
	return out
}

// figureOf is a measured figure with no more digits than it is worth.
func figureOf(f float64) string {
	if f >= 100 {
		return thousands(int64(min(f, 1e15)))
	}
	digits := 2
	if f >= 10 {
		digits = 1
	}
	s := strconv.FormatFloat(f, 'f', digits, 64)
	for s[len(s)-1] == '0' && slices.Contains([]byte(s), '.') {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}

// byteWords is "78 MiB".
func byteWords(n int64) string {
	f, unit := float64(n), "B"
	for _, u := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if f < 1024 {
			break
		}
		f, unit = f/1024, u
	}
	if f >= 10 {
		return fmt.Sprintf("%.0f %s", f, unit)
	}
	return figureOf(float64(int64(f*10+.5))/10) + " " + unit
}
