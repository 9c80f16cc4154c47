package correlate

import (
	"time"

	"why502/classifier"
)

// Spared are requests whose backend failed and which were answered all the same: by another server, from a cache, or by a
// page that error_page puts in its place, with its status.
//
//	error_page 502 =200 /sorry.html;
type Spared struct {
	Vhost    string // "" if the log does not say
	From, To time.Time
	Count    int
}

// spare notes a session that no visitor felt.
func (f *finder) spare(in *Incident) {
	switch in.Families[0] {
	case classifier.Down, classifier.Saturated, classifier.Died:
	default:
		return // no backend's failure
	}
	n := Spared{Vhost: in.Marks[0].Vhost, From: in.Marks[0].First}
	for _, m := range in.Marks {
		n.To = later(n.To, m.Last)
		n.Count += max(m.Requests.Len(), 1)
	}
	for i := len(f.spared) - 1; i >= 0; i-- {
		if s := &f.spared[i]; s.Vhost == n.Vhost && n.From.Sub(s.To) <= Gap {
			s.To = later(s.To, n.To)
			s.Count += n.Count
			return
		}
	}
	f.spared = append(f.spared, n)
}

// Spared returns what visitors did not feel of failing backends. It is known after Incidents, and none of them.
func (t *Timeline) Spared() []Spared { return t.spared }
