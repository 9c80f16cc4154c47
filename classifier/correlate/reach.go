package correlate

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"why502/classifier"
)

// track is what a session is about: one site, failing in one way.
type track struct {
	vhost  string
	family classifier.Family
}

// reach is where the error lines of a session stand, to find the access lines of the same requests.
type reach struct {
	from, to time.Time
	vhost    string
	family   classifier.Family
	harms    []string
	seconds  []second
}

// second is how many requests failed in one.
type second struct {
	sec int64
	n   int
}

func reachOf(in *Incident) reach {
	r := reach{vhost: in.Marks[0].Vhost, family: in.Families[0]}
	for _, m := range in.Marks {
		r.from, r.to = earlier(r.from, m.First), later(r.to, m.Last)
		if !slices.Contains(r.harms, m.Rule.Harm) {
			r.harms = append(r.harms, m.Rule.Harm)
		}
		sec := m.First.Unix() // marks are in order
		if last := len(r.seconds) - 1; last < 0 || r.seconds[last].sec != sec {
			r.seconds = append(r.seconds, second{sec: sec})
		}
		r.seconds[len(r.seconds)-1].n += max(m.Requests.Len(), 1)
	}
	return r
}

// early is how long before its error line an access line may stand. Apache stamps the start of a request, which is up to its
// timeout before the error (mod_fcgid answers 500 then): 300 seconds on cPanel, and more where somebody raised it. It stamps
// in whole seconds. A child may have worked for a while until it died.
func early(status string, startStamped bool, f classifier.Family) time.Duration {
	switch {
	case !startStamped:
		return edge
	case status == "504":
		return visitTime + edge
	case f == classifier.Saturated:
		return 5*time.Minute + edge
	case f == classifier.Died:
		return time.Minute
	}
	return 10 * time.Second
}

// in counts the failed requests of the session in the seconds around.
func (r *reach) in(m *Mark) (n int) {
	sec := m.First.Unix()
	for i := r.at(sec - 1); i < len(r.seconds) && r.seconds[i].sec <= sec+1; i++ {
		n += r.seconds[i].n
	}
	return n
}

// distance is how many seconds the nearest line of the session is away; ten if it is farther.
func (r *reach) distance(m *Mark) int64 {
	const far = 10
	sec, nearest := m.First.Unix(), int64(far)
	i := r.at(sec)
	if i < len(r.seconds) {
		nearest = min(nearest, r.seconds[i].sec-sec)
	}
	if i > 0 {
		nearest = min(nearest, sec-r.seconds[i-1].sec)
	}
	return nearest
}

// at is the first of the seconds from sec on.
func (r *reach) at(sec int64) int {
	i, _ := slices.BinarySearchFunc(r.seconds, sec, func(s second, sec int64) int { return cmp.Compare(s.sec, sec) })
	return i
}

// reaches are those of all sessions, by site and way of failing: those of one track follow each other in time.
type reaches struct {
	all   []reach
	lanes map[string][][]int
}

func reachesOf(sessions []*Incident) *reaches {
	r := &reaches{lanes: map[string][][]int{}}
	at := map[track]int{}
	for i, in := range sessions {
		r.all = append(r.all, reachOf(in))
		k := track{r.all[i].vhost, in.Families[0]}
		lane, known := at[k]
		if !known {
			lane = len(r.lanes[k.vhost])
			at[k] = lane
			r.lanes[k.vhost] = append(r.lanes[k.vhost], nil)
		}
		r.lanes[k.vhost][lane] = append(r.lanes[k.vhost][lane], i)
	}
	return r
}

// taker is a session that access lines may belong to.
type taker struct {
	session int
	away    int64
}

// takers are those of an access mark: the one with a line in the very second comes first, then the one nearest in time.
func (r *reaches) takers(m *Mark) (out []taker) {
	look := func(lanes [][]int) {
		status := string(m.Tag[len("http/"):])
		for _, lane := range lanes {
			first := sort.Search(len(lane), func(i int) bool { return !m.First.After(r.all[lane[i]].to.Add(edge)) })
			for _, i := range lane[first:] {
				s := &r.all[i]
				if m.Last.Before(s.from.Add(-early(status, m.Format == "apache-access", s.family))) {
					break
				}
				if slices.Contains(s.harms, status) {
					out = append(out, taker{i, s.distance(m)})
				}
			}
		}
	}
	if m.Vhost == "" {
		for _, lanes := range r.lanes {
			look(lanes)
		}
	} else {
		look(r.lanes[m.Vhost])
		look(r.lanes[""])
	}
	slices.SortFunc(out, func(a, b taker) int { return cmp.Or(cmp.Compare(a.away, b.away), cmp.Compare(a.session, b.session)) })
	return out
}
