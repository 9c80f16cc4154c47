package correlate

import (
	"cmp"
	"strings"
	"time"

	"why502/classifier"
)

// Beginning is the session of failures that an incident began with.
type Beginning struct {
	At     time.Time
	Family classifier.Family
	Vhost  string // "" if it is not known
}

// begin says what a session began with.
func (in *Incident) begin() {
	in.First = Beginning{At: in.Start, Family: in.Families[0]}
	see := func(m *Mark) {
		if v := in.First.Vhost; m.First.Unix() == in.Start.Unix() && m.Vhost != "" && (v == "" || m.Vhost < v) {
			in.First.Vhost = m.Vhost
		}
	}
	for _, p := range in.HTTP {
		see(p.Mark)
	}
	for _, m := range in.Marks {
		see(m)
	}
}

// beginWith takes the beginning of the one of several parts that begins when in does. Lines of others may stand before that,
// of tries that did not fail in the end.
func (in *Incident) beginWith(parts []*Incident) {
	away := func(b *Beginning) time.Duration { return b.At.Sub(in.Start).Abs() }
	for i, p := range parts {
		if i == 0 || cmp.Or(cmp.Compare(away(&p.First), away(&in.First)), strings.Compare(string(p.First.Family), string(in.First.Family)),
			strings.Compare(p.First.Vhost, in.First.Vhost)) < 0 {
			in.First = p.First
		}
	}
}
