package rootcause

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
)

// joined is what one mark of the slow log may have been asked for.
type joined struct {
	ran, sure map[string]int // entries, by page
	share     map[string]float64
}

// lines are marks of PHP-FPM's own log by the process they speak of.
type lines map[int][]*correlate.Mark

func (b *bench) linesOf(tag classifier.Tag) lines {
	out := lines{}
	for _, m := range b.byTag[tag] {
		for _, pid := range m.PIDs {
			out[pid] = append(out[pid], m)
		}
	}
	return out
}

// at is the line about a process in one second; PHP-FPM writes it with the trace.
func (l lines) at(pid int, when time.Time) *correlate.Mark {
	for _, m := range l[pid] {
		if !m.Last.Before(when.Add(-time.Second)) && !m.First.After(when.Add(time.Second)) {
			return m
		}
	}
	return nil
}

// ended is the line with which PHP-FPM ended the request that a process began then.
func (l lines) ended(pid int, begun, seen time.Time) time.Time {
	for _, m := range l[pid] {
		if m.First.Before(seen.Add(-time.Second)) || m.Span <= 0 {
			continue
		}
		if d := m.First.Add(-m.Span).Sub(begun); d >= -2*time.Second && d <= 2*time.Second {
			return m.First
		}
	}
	return time.Time{}
}

// joinTo finds the requests of the entries of one mark: PHP-FPM's own log may name the page of a process; else the access
// logs, and the error logs of requests that failed, say what was under way.
func (b *bench) joinTo(m *correlate.Mark) *joined {
	if j := b.joins[m]; j != nil {
		return j
	}
	if b.joins == nil {
		b.joins = map[*correlate.Mark]*joined{}
		b.tooSlow, b.terminated = b.linesOf("phpfpm/slow"), b.linesOf("phpfpm/terminate")
	}
	j := &joined{ran: map[string]int{}, sure: map[string]int{}, share: map[string]float64{}}
	b.joins[m] = j
	if m.Last.Sub(m.First) > time.Second {
		return j // of a flood only when it went on is known
	}
	pids := m.PIDs
	if len(pids) == 0 {
		pids = []int{0}
	}
	for i, pid := range pids {
		n := m.Count / len(pids)
		if i < m.Count%len(pids) {
			n++
		}
		b.joinOne(j, m, pid, n)
	}
	return j
}

func (b *bench) joinOne(j *joined, m *correlate.Mark, pid, n int) {
	if n == 0 {
		return
	}
	tr := correlate.Trace{At: m.First, Vhost: m.Vhost, Pool: m.Pool, Least: b.t.SlowAfter(m.Pool)}
	if line := b.tooSlow.at(pid, m.First); line != nil && pid != 0 {
		if line.URI != "" {
			j.add(map[string]int{line.URI: 1}, true, n)
			return
		}
		if line.Span > 0 {
			tr.Begun, tr.Least = line.First.Add(-line.Span), line.Span
			tr.Ended = b.terminated.ended(pid, tr.Begun, tr.At)
		}
	}
	pages, sure := b.t.Under(tr)
	j.add(pages, sure, n)
}

func (j *joined) add(pages map[string]int, sure bool, n int) {
	all := 0
	for _, k := range pages {
		all += k
	}
	for page, k := range pages {
		j.ran[page] += n
		if sure {
			j.sure[page] += n
		}
		j.share[page] += float64(n) * float64(k) / float64(all)
	}
}

// requests are the pages that slow-log entries were written under, the likeliest first; of one culprit, or of all.
func (s *scene) requests(entries []*correlate.Mark, of *Culprit) []Request {
	byPage := map[string]*Request{}
	all := 0
	for _, m := range entries {
		if of != nil && m.Culprit != of.Kind+":"+of.Name {
			continue
		}
		all += m.Count
		j := s.joinTo(m)
		for page, n := range j.ran {
			if page == "" || page == correlate.Other {
				continue
			}
			r := byPage[page]
			if r == nil {
				r = &Request{URI: page}
				byPage[page] = r
			}
			r.Traces += n
			r.Sure += j.sure[page]
		}
	}
	// Sums of floats in one order, or the last digit would depend on the map's.
	for _, m := range entries {
		if of != nil && m.Culprit != of.Kind+":"+of.Name {
			continue
		}
		for page, r := range byPage {
			r.share += s.joinTo(m).share[page]
		}
	}
	var out []Request
	for _, r := range byPage {
		r.Of = all
		if of != nil {
			r.Culprit = *of
		}
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Request) int {
		return cmp.Or(cmp.Compare(round2(b.share), round2(a.share)), cmp.Compare(b.Sure, a.Sure), cmp.Compare(b.Traces, a.Traces), strings.Compare(a.URI, b.URI))
	})
	return out
}

// shownRequests bounds the pages told of one culprit.
const shownRequests = 3

// requestsOf joins each culprit of the site to the pages it was slow under.
func (s *scene) requestsOf(entries []*correlate.Mark, named []Culprit) (out []Request) {
	take := func(all []Request) {
		for _, r := range all[:min(len(all), shownRequests)] {
			if r.share*10 >= float64(r.Of) {
				out = append(out, r)
			}
		}
	}
	for i := range named {
		if named[i].Kind != "function" {
			take(s.requests(entries, &named[i]))
		}
	}
	if len(out) == 0 {
		take(s.requests(entries, nil))
	}
	return out
}

// page names the page that most entries belong to, if it is the one for most of them.
func page(all []Request, n int) []Culprit {
	if len(all) == 0 || all[0].share*2 < float64(n) {
		return nil
	}
	return []Culprit{{"uri", all[0].URI, round2(all[0].share / float64(n))}}
}

// tell says which pages the entries were written under, and how sure that is.
func tell(all []Request, n int) string {
	if len(all) == 0 || all[0].Traces*5 < n {
		return ""
	}
	first, sure := all[0], 0
	var parts []string
	for _, r := range all[:min(len(all), shownRequests)] {
		if r.Sure > 0 {
			parts = append(parts, fmt.Sprintf("%s (%d)", r.URI, r.Sure))
			sure += r.Sure
		}
	}
	if sure*5 >= n*4 {
		return "; they were written for " + strings.Join(parts, ", ")
	}
	// One entry may lie within requests for several pages, so these need not add up to n.
	text := fmt.Sprintf("; %d of these ran while %s was asked for", first.Traces, first.URI)
	if len(all) > 1 && all[1].share*10 >= float64(n) {
		text += fmt.Sprintf(", %d while %s was", all[1].Traces, all[1].URI)
	}
	return text
}
