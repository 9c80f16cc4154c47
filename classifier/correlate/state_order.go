package correlate

import "cmp"

// The orders of keys: by time, then by the places of their names, which are the same whatever order they were met in.

func (c *coder) ordered(a, b ID) int { return cmp.Compare(c.ranks[a], c.ranks[b]) }

func (c *coder) keys(a, b key) int {
	if d := cmp.Or(cmp.Compare(a.sec, b.sec), cmp.Compare(a.class, b.class)); d != 0 {
		return d
	}
	theirs := b.ids()
	for i, id := range a.ids() {
		if d := c.ordered(*id, *theirs[i]); d != 0 {
			return d
		}
	}
	return 0
}

func (c *coder) loads(a, b loadKey) int {
	return cmp.Or(cmp.Compare(a.sec, b.sec), c.ordered(a.vhost, b.vhost), c.ordered(a.src, b.src))
}

func (c *coder) pages(a, b pageKey) int {
	return cmp.Or(cmp.Compare(a.sec, b.sec), c.ordered(a.vhost, b.vhost), c.ordered(a.uri, b.uri), c.ordered(a.src, b.src))
}

func (c *coder) clients(a, b clientKey) int {
	return cmp.Or(cmp.Compare(a.sec, b.sec), c.ordered(a.client, b.client))
}

func (c *coder) heard(a, b heardKey) int {
	return cmp.Or(cmp.Compare(a.sec, b.sec), c.ordered(a.src, b.src))
}

func (c *coder) long(a, b longKey) int {
	left := map[bool]int{true: 1}
	return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.start, b.start), left[a.left]-left[b.left],
		c.ordered(a.vhost, b.vhost), c.ordered(a.uri, b.uri), c.ordered(a.src, b.src))
}
