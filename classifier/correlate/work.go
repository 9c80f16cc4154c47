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
	Failed   int // with 5xx, or given up by the visitor: of all that were asked for

	pages int
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
	l := t.traffic.load(t.traffic.cutLoad(loadKey{r.Time.Unix(), s.vhost, s.src}, t.reading.own))
	l.Timed++
	l.Waited += min(r.Duration, longestWork)
	t.bound()
}

// Workload is the work of one pool.
type Workload struct {
	Width time.Duration // of a step
	Steps []Work        // those with any, by time
	Pure  bool          // the time is what PHP itself took, waiting for a child is not in it: its access log says so
}

// fpmAccess is the format of PHP-FPM's access log.
const fpmAccess = "php-fpm-access"

// worked is what the logs of one format say of a pool.
type worked struct {
	steps        map[int64]*Work
	timed, pages int
}

// Workloads returns the work of each pool, by its place in pools, and the requests with a time whose pool is not known. A request that
// several web servers log counts once: those logs of a pool count that say most of it. PHP-FPM's own log says best how long requests
// take, but not which were turned away before they reached it.
func (t *Timeline) Workloads(pools []Pool) (all []Workload, stray int) {
	found := make([]map[string]*worked, len(pools)) // by format
	x := t.poolIndex(pools)
	for k, l := range t.traffic.loads {
		if l.Timed+l.Pages == 0 {
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
			found[pool] = map[string]*worked{}
		}
		format := t.sources[src].Kind()
		f := found[pool][format]
		if f == nil {
			f = &worked{steps: map[int64]*Work{}}
			found[pool][format] = f
		}
		w := f.steps[k.sec]
		if w == nil {
			w = &Work{At: time.Unix(k.sec, 0)}
			f.steps[k.sec] = w
		}
		w.Requests += l.Timed
		w.Busy += l.Waited
		w.Failed += l.Failed + l.Gone
		w.pages += l.Pages
		f.timed += l.Timed
		f.pages += l.Pages
	}
	all = make([]Workload, len(pools))
	for i := range pools {
		all[i] = workload(found[i])
		all[i].Width = time.Duration(t.traffic.width) * time.Second
	}
	return all, stray
}

func workload(found map[string]*worked) (w Workload) {
	own := found[fpmAccess]
	var web *worked
	name := ""
	for format, f := range found {
		if format != fpmAccess && (web == nil || cmp.Or(f.timed-web.timed, f.pages-web.pages, strings.Compare(name, format)) > 0) {
			web, name = f, format
		}
	}
	switch {
	case own != nil && web != nil:
		w.Pure = true
		web.take(own)
	case own != nil:
		w.Pure, web = true, own
	case web == nil || web.timed == 0:
		return w
	}
	for _, x := range web.steps {
		w.Steps = append(w.Steps, *x)
	}
	slices.SortFunc(w.Steps, func(a, b Work) int { return a.At.Compare(b.At) })
	return w
}

// take gives each request the time that requests took in PHP then, by its own log.
func (f *worked) take(own *worked) {
	var whole Work
	minutes := map[int64]*Work{}
	for sec, w := range own.steps {
		m := minutes[floor(sec, 60)]
		if m == nil {
			m = &Work{}
			minutes[floor(sec, 60)] = m
		}
		for _, sum := range [...]*Work{m, &whole} {
			sum.Requests += w.Requests
			sum.Busy += w.Busy
		}
	}
	for sec, w := range f.steps {
		if f.timed == 0 {
			w.Requests = w.pages
		}
		m := minutes[floor(sec, 60)]
		if m == nil || m.Requests == 0 {
			m = &whole
		}
		w.Busy = time.Duration(float64(w.Requests) * float64(m.Busy) / float64(max(1, m.Requests)))
	}
}
