package correlate

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"why502/parser"
)

// Work is what PHP had to do in a step of time: requests of which is known how long they took, and that time.
type Work struct {
	At       time.Time
	Requests int
	Busy     time.Duration
}

// longestWork is what one request counts for at most: it is counted where it is logged, not where it ran.
const longestWork = time.Minute

// phpTime is how long PHP had to do with a request that an access log states, if it was for PHP. nginx says so by the time of
// the upstream, each try of which took a child. Of others all that is no file by its name is taken for PHP's: what the web
// server answers by itself takes next to no time.
func phpTime(r *parser.Record) (took time.Duration, ok bool) {
	if r.Status == 408 || r.Status == 101 { // nothing was asked for; a connection that is no longer HTTP
		return 0, false
	}
	if tries := r.Field("upstream_time"); tries != nil {
		took, ok = tried(tries)
	} else if r.Duration >= 0 && r.URI != nil && !static(r.URI) {
		took, ok = r.Duration, true
	}
	return min(took, longestWork), ok
}

// tried adds up the tries in $upstream_response_time:
//
//	0.006      0.500, 1.200      0.001, - : 0.2
func tried(list []byte) (sum time.Duration, ok bool) {
	for len(list) > 0 {
		n := bytes.IndexAny(list, ",:")
		if n < 0 {
			n = len(list)
		}
		if d, read := seconds(bytes.TrimSpace(list[:n])); read {
			sum, ok = min(sum+d, longestWork), true
		}
		list = list[min(n+1, len(list)):]
	}
	return sum, ok
}

// seconds reads 12.345.
func seconds(b []byte) (d time.Duration, ok bool) {
	unit := time.Second
	point := false
	for _, c := range b {
		switch {
		case c == '.' && !point:
			point = true
		case c < '0' || c > '9' || d > time.Hour:
			return 0, false
		case point:
			unit /= 10
			d += time.Duration(c-'0') * unit
		default:
			d = d*10 + time.Duration(c-'0')*time.Second
		}
		ok = ok || c != '.'
	}
	return d, ok
}

// addWork counts a line of PHP-FPM's own access log. It tells how long PHP took and nothing of visitors: what web servers
// log is counted apart.
func (t *Timeline) addWork(r *parser.Record) {
	if r.Time.IsZero() || r.Duration < 0 {
		return
	}
	s := &t.whom
	t.subject(s, r, rest)
	l := t.traffic.load(t.traffic.cutLoad(loadKey{r.Time.Unix(), s.vhost, s.src}, t.reading.vhost))
	l.Timed++
	l.Waited += min(r.Duration, longestWork)
	t.bound()
}

// Workload is the work of one pool.
type Workload struct {
	Format string        // of the logs it was read off
	Width  time.Duration // of a step
	Steps  []Work        // those with any, by time
}

// Workloads returns the work of each pool, by its place in pools, and the requests whose pool is not known. A request that
// several servers log counts once: of the logs of a pool those count that say most of it, PHP-FPM's own first.
func (t *Timeline) Workloads(pools []Pool) (all []Workload, stray int) {
	found := make([]map[string]map[int64]*Work, len(pools)) // by format and second
	x := t.poolIndex(pools)
	for k, l := range t.traffic.loads {
		if l.Timed == 0 {
			continue
		}
		src := t.names.name(k.src)
		pool := x.ofSite(t.names.name(k.vhost))
		if i, own := t.wiring.poolOfFile(src); own && i < len(pools) {
			pool = i
		}
		if pool < 0 {
			stray += l.Timed
			continue
		}
		if found[pool] == nil {
			found[pool] = map[string]map[int64]*Work{}
		}
		format := t.sources[src].Kind()
		steps := found[pool][format]
		if steps == nil {
			steps = map[int64]*Work{}
			found[pool][format] = steps
		}
		w := steps[k.sec]
		if w == nil {
			w = &Work{At: time.Unix(k.sec, 0)}
			steps[k.sec] = w
		}
		w.Requests += l.Timed
		w.Busy += l.Waited
	}
	all = make([]Workload, len(pools))
	for i := range pools {
		best, most := "", 0
		for format, steps := range found[i] {
			n := 0
			for _, w := range steps {
				n += w.Requests
			}
			if better := cmp.Or(own(format)-own(best), n-most, strings.Compare(best, format)); better > 0 {
				best, most = format, n
			}
		}
		all[i] = Workload{Format: best, Width: time.Duration(t.traffic.width) * time.Second}
		for _, w := range found[i][best] {
			all[i].Steps = append(all[i].Steps, *w)
		}
		slices.SortFunc(all[i].Steps, func(a, b Work) int { return a.At.Compare(b.At) })
	}
	return all, stray
}

// own is 1 for PHP-FPM's access log.
func own(format string) int {
	if format == "php-fpm-access" {
		return 1
	}
	return 0
}
