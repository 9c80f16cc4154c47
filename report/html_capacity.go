package report

import (
	"cmp"
	"strconv"
)

// capacityView is the section on how many children the pools should have.
type capacityView struct {
	Text   string
	Server []string
	From   []string
	Pools  []poolView
	Note   string
}

type poolView struct {
	Name, Setup, Mood, Advice, Text string
	Open                            bool
	Load                            []string
	Bounds                          []boundView
	Config, Caution, Verify         string
}

// boundView is a bar; its length is a share of the longest of its pool.
type boundView struct{ Kind, Children, Text, W, Class string }

// maxPools is how many pools the page draws.
const maxPools = 100

func newCapacityView(c *Capacity, k clock) *capacityView {
	if c == nil || len(c.Pools) == 0 {
		return nil
	}
	v := &capacityView{Text: clean(c.Text), Server: c.server()}
	for _, s := range firstOf(c.From, maxTableRows) {
		v.From = append(v.From, clean(s))
	}
	asks, rest := c.asking()
	all := append(asks, rest...)
	for _, p := range firstOf(all, maxPools) {
		v.Pools = append(v.Pools, newPoolView(p, k))
	}
	if n := len(all) - len(v.Pools); n > 0 {
		v.Note = thousands(n) + " more pools are in the report as JSON (--format json)."
	}
	return v
}

func newPoolView(p *PoolCapacity, k clock) poolView {
	v := poolView{
		Name: clean(p.Name), Setup: p.setup(), Advice: p.advice(), Text: clean(p.Text), Open: p.asks(), Load: p.load(k),
		Config: joinClean(p.Config), Caution: clean(p.Caution), Verify: clean(p.Verify),
	}
	switch p.Verdict {
	case "raise", "lower", "mend", "keep":
		v.Mood = p.Verdict
	}
	var bounds []boundView
	add := func(kind, class, text string, n int) {
		bounds = append(bounds, boundView{Kind: kind, Children: thousands(n), Text: text, W: strconv.Itoa(n), Class: class})
	}
	longest := 1
	if n, err := strconv.Atoi(p.children()); err == nil {
		add("Allowed now", "now", "", n)
		longest = max(longest, n)
	}
	for _, b := range firstOf(p.Bounds, maxTableRows) {
		add(cmp.Or(boundWords[b.Kind], clean(b.Kind)), clean(b.Kind), clean(b.Text), b.Children)
		longest = max(longest, b.Children)
	}
	if (p.Verdict == "raise" || p.Verdict == "lower") && p.Children > 0 {
		add("Recommended", "then", "", p.Children)
		longest = max(longest, p.Children)
	}
	for i := range bounds {
		n, _ := strconv.Atoi(bounds[i].W)
		bounds[i].W = pct(100 * float64(max(n, 0)) / float64(longest))
	}
	v.Bounds = bounds
	return v
}
