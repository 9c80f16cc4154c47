package capacity

import (
	"fmt"
	"strings"

	"why502/report"
)

// perProcessor is how many requests at once one processor may have to do with: a rule of thumb for PHP, which waits for the database
// half of the time or more.
const perProcessor = 4

// fit cuts what the pools should have down to what the memory holds.
func fit(pools []*pool, m *memory) {
	largest := size{}
	for _, p := range pools {
		if p.child.bytes > largest.bytes {
			largest = p.child
		}
	}
	for _, p := range pools {
		if p.child.bytes == 0 && largest.bytes > 0 {
			p.child = largest
			p.child.how, p.child.upper = "at most, as those of other pools", true
		}
	}
	if m.total > 0 && largest.bytes > 0 {
		limits := int64(0)
		for _, p := range pools {
			limits += int64(p.children) * p.child.bytes
		}
		for _, p := range pools {
			p.shrink(limits, m)
		}
		yield(pools, m)
		grant(pools, m)
	}
	children := 0
	for _, p := range pools {
		children += p.ask
	}
	all := taken(pools)
	for _, p := range pools {
		p.other, p.otherBytes = children-p.ask, all-p.bytes()
		p.room = max(0, m.free()-p.otherBytes)
	}
}

func (p *pool) bytes() int64 { return int64(p.ask) * p.child.bytes }

func taken(pools []*pool) (sum int64) {
	for _, p := range pools {
		sum += p.bytes()
	}
	return sum
}

// shrink lowers a pool that the memory cannot hold alone, and all of them where memory has run out before. What a child takes at
// most proves neither. limits is what all of them together may take.
func (p *pool) shrink(limits int64, m *memory) {
	if p.child.upper || p.children == 0 {
		return
	}
	holds := int(m.free() / p.child.bytes)
	in := p.incident(starved)
	switch {
	case p.children > holds:
		p.verdict, p.ask = Lower, max(1, holds)
		p.text = fmt.Sprintf("%s of %s take more than the %s that are left for PHP: full, it takes the server down. %s", count(p.children, "child"), mib(p.child.bytes), mib(m.free()), p.text)
	case in != nil && limits > m.free():
		p.verdict, p.ask = Lower, max(1, int(float64(p.children)*float64(m.free())/float64(limits)))
		p.text = fmt.Sprintf("The server ran out of memory (%s), and the limits of all pools together (%s) are more than the %s that are left for PHP.", root(in), mib(limits), mib(m.free()))
	}
}

// yield lowers pools that have more children than their worst minute took, where others need the memory.
func yield(pools []*pool, m *memory) {
	wanted := false
	spare := int64(0)
	for _, p := range pools {
		wanted = wanted || p.verdict == Raise
		if n := p.spareChildren(); n > 0 {
			spare += int64(n) * p.child.bytes
		}
	}
	over := taken(pools) - m.free()
	if !wanted || over <= 0 || spare == 0 {
		return
	}
	part := min(1, float64(over)/float64(spare))
	for _, p := range pools {
		n := p.spareChildren()
		cut := min(n, int(part*float64(n)+0.999))
		if cut <= 0 {
			continue
		}
		p.ask -= cut
		p.verdict = Lower
		p.text += fmt.Sprintf(" Other pools need the memory of %s that it never used.", count(cut, "child"))
	}
}

// spareChildren are those that a pool surely does not need.
func (p *pool) spareChildren() int {
	if p.verdict != Keep || p.usual == 0 || len(p.Full)+len(p.Queue) > 0 {
		return 0
	}
	return max(0, p.children-p.worst.children())
}

// grant gives the pools that need more what there is, each the same part of its wish.
func grant(pools []*pool, m *memory) {
	wish := int64(0)
	for _, p := range pools {
		if p.verdict == Raise {
			wish += int64(p.ask-p.children) * p.child.bytes
		}
	}
	over := taken(pools) - m.free()
	if wish == 0 || over <= 0 {
		return
	}
	part := max(0, float64(wish-over)/float64(wish))
	for _, p := range pools {
		if p.verdict != Raise {
			continue
		}
		need := p.ask
		p.ask = p.children + int(part*float64(need-p.children))
		measure := ""
		if p.child.upper {
			measure = " That is reckoned with the most that a child may take; --php-memory states what it really takes."
		}
		if p.ask == p.children {
			p.verdict = Keep
			p.text += " The memory holds no more: take load off PHP (a page cache), or lower other pools first." + measure
		} else {
			p.text += fmt.Sprintf(" The memory holds %s of these."+measure, thousands(p.ask))
		}
	}
}

// bounds are the sums that end in a number of children.
func (p *pool) bounds(m *memory) []report.PoolBound {
	out := []report.PoolBound{}
	if p.usual > 0 && p.worst.rate > 0 {
		out = append(out, report.PoolBound{Kind: "demand", Children: p.worst.children(), Text: p.worst.figures()})
	}
	if m.total > 0 && p.child.bytes > 0 {
		others := ""
		if p.other > 0 {
			others = fmt.Sprintf(" − %s for the %s of other pools", mib(p.otherBytes), count(p.other, "child"))
		}
		n := int(p.room / p.child.bytes)
		out = append(out, report.PoolBound{
			Kind: "memory", Children: n,
			Text: fmt.Sprintf("(%s − %s%s) / %s = %s", mib(m.total), mib(m.reserved), others, mib(p.child.bytes), thousands(n)),
		})
	}
	if m.cpus > 0 {
		out = append(out, report.PoolBound{
			Kind: "cpu", Children: m.cpus * perProcessor,
			Text: fmt.Sprintf("%s × %d = %d requests at once, by rule of thumb: beyond that they wait for each other unless they mostly wait for the database", count(m.cpus, "processor"), perProcessor, m.cpus*perProcessor),
		})
	}
	return out
}

// figures is the sum of the demand alone.
func (n need) figures() string {
	s := fmt.Sprintf("%s/s × %s s = %s", figure(n.rate), figure(n.seconds), figure(n.once))
	if n.brief {
		return s + fmt.Sprintf(" → %d", n.children())
	}
	return s + fmt.Sprintf("; %s + 2 × √%s → %d", figure(n.once), figure(n.once), n.children())
}

// caution is what a new size can break.
func (p *pool) caution(m *memory) string {
	var out []string
	total := p.ask + p.other
	switch {
	case p.child.bytes == 0:
		out = append(out, "What a child takes is not known: see that the memory holds them (--php-memory, --memory).")
	case m.total == 0:
		out = append(out, fmt.Sprintf("The memory of the server is not known (--memory): %s take %s.", count(p.ask, "child"), mib(p.bytes())))
	case p.bytes()+p.otherBytes > m.free():
		out = append(out, fmt.Sprintf("All pools together may still take %s, more than the %s left for PHP.", mib(p.bytes()+p.otherBytes), mib(m.free())))
	}
	if p.verdict == Raise {
		if m.cpus > 0 && p.ask > m.cpus*perProcessor {
			out = append(out, fmt.Sprintf("%s are many for %s.", count(p.ask, "child"), count(m.cpus, "processor")))
		}
		if len(p.Queue) > 0 {
			out = append(out, "Requests that were turned away and came again count each time: fewer may do.")
		}
		out = append(out, fmt.Sprintf("Each child may hold a connection to the database: max_connections must be above the %d of all pools.", total))
	}
	if p.cpanel() {
		out = append(out, "Never edit the pool file itself: cPanel writes it anew.")
	}
	return strings.Join(out, " ")
}

// sum says how all pools together stand to the memory.
func sum(c *report.Capacity, pools []*pool, m *memory, stray int) {
	now, upper := int64(0), false
	for _, p := range pools {
		now += int64(p.children) * p.child.bytes
		upper = upper || p.child.upper
	}
	set := fmt.Sprintf("All pools together may have %s", count(c.Children, "child"))
	if len(pools) == 1 {
		set = fmt.Sprintf("Pool %s may have %s", pools[0].Name, count(c.Children, "child"))
	}
	atMost := ""
	if upper {
		atMost = "at most "
	}
	switch {
	case now == 0:
		c.Text = set + "; what a child takes is not known."
	case m.total == 0:
		c.Text = fmt.Sprintf("%s, which take %s%s.", set, atMost, mib(now))
	default:
		c.ChildrenBound = int(float64(m.free()) / (float64(now) / float64(max(1, c.Children))))
		c.Text = fmt.Sprintf("%s, which take %s%s; left for PHP are %s − %s = %s, enough for %s.", set, atMost, mib(now), mib(m.total), mib(m.reserved), mib(m.free()), thousands(c.ChildrenBound))
		if now > m.free() && !upper {
			c.Text += " If they all fill, the kernel kills processes."
		}
	}
	if stray > 0 && len(pools) > 1 {
		c.Text += fmt.Sprintf(" %s with a time could not be laid to any pool.", count(stray, "request"))
	}
}
