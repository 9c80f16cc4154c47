package correlate

import (
	"cmp"
	"slices"
	"time"

	"why502/parser"
)

// longKey is a kind of request that lasted: when it began and ended, whose page it was. The slow log names what PHP waited in,
// and these name the page: a trace belongs to a request that was under way.
type longKey struct {
	start, end int64 // seconds; start is 0 if only an error log tells of its end
	left       bool  // the visitor or the web server gave up, PHP may have gone on
	vhost, uri ID
	src        ID // of those of error logs; access lines are never moved
}

// maxLong bounds how many of them are kept. With more, only those that lasted longer are: the bound depends on what there
// is, not on the order in which it came.
const maxLong = 20_000

// longLeast is, by level, how long a request must have lasted to be kept.
var longLeast = [...]time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute, 1<<63 - 1,
}

// usualTimeout is nginx's default for fastcgi_read_timeout and its like.
const usualTimeout = time.Minute

// long are the requests that lasted.
type long struct {
	level int
	n     table[longKey, int]
}

func (k *longKey) lasted() time.Duration {
	switch known := time.Duration(k.end-k.start) * time.Second; {
	case k.start == 0:
		return usualTimeout
	case k.left: // PHP may have gone on
		return max(known, usualTimeout)
	default:
		return known
	}
}

// statedTime is how long a request took by its access line, -1 if that does not say. Some log formats have the time of the upstream
// alone, which is as long as it is short enough to be counted whole.
func statedTime(r *parser.Record) time.Duration {
	if r.Duration < 0 {
		if tries := r.Field("upstream_time"); tries != nil {
			if took, ok := tried(tries); ok && took < longestWork {
				return took
			}
		}
	}
	return r.Duration
}

// addLong keeps an access line that took long. nginx stamps its end, Apache its start.
func (t *Timeline) addLong(s *subject, r *parser.Record, page ID, took time.Duration) {
	k := longKey{vhost: s.vhost, uri: page, left: r.Status == 504 || r.Status == 499}
	if r.Format == "apache-access" {
		k.start, k.end = r.Time.Unix(), r.Time.Add(took).Unix()
	} else {
		k.start, k.end = r.Time.Add(-took).Unix(), r.Time.Unix()
	}
	t.long.add(t.names.foldLong(k), 1)
}

func (l *long) add(k longKey, n int) {
	if k.lasted() < longLeast[l.level] {
		return
	}
	*l.n.put(k) += n
	if l.n.len() > maxLong {
		to := l.level + 1
		for l.lasting(longLeast[to]) > maxLong {
			to++
		}
		l.raise(to)
	}
}

// lasting is how many of them lasted so long.
func (l *long) lasting(least time.Duration) (n int) {
	for k := range l.n.all() {
		if k.lasted() >= least {
			n++
		}
	}
	return n
}

func (l *long) raise(to int) {
	l.level = to
	old := l.n
	l.n = table[longKey, int]{}
	for k, n := range old.all() {
		if k.lasted() >= longLeast[to] {
			*l.n.put(k) = *n
		}
	}
}

// fold counts under Other what has too many names.
func (l *long) fold(n *names) {
	if n.full == 0 {
		return
	}
	old := l.n
	l.n = table[longKey, int]{}
	for k, c := range old.all() {
		*l.n.put(n.foldLong(k)) += *c
	}
}

func (n *names) foldLong(k longKey) longKey {
	if n.full&(1<<ofSite|1<<ofFailing) != 0 {
		k.vhost = 0
	}
	if n.full&(1<<ofPage|1<<ofFailure) != 0 {
		k.uri = min(k.uri, otherID)
	}
	return k
}

func (l *long) merge(o *long, ids []ID) {
	if o.level > l.level {
		l.raise(o.level)
	}
	for k, n := range o.n.all() {
		k.vhost, k.uri, k.src = ids[k.vhost], ids[k.uri], ids[k.src]
		l.add(k, *n)
	}
}

// move gives the ends that one error log tells of another time.
func (l *long) move(src ID, move func(time.Time) time.Time) {
	old := l.n
	l.n = table[longKey, int]{}
	for k, n := range old.all() {
		if k.src == src && k.start == 0 {
			k.end = move(time.Unix(k.end, 0)).Unix()
		}
		*l.n.put(k) += *n
	}
}

// Trace is one entry of the slow log: the moment in which PHP was looked at, and what else is known of its request.
type Trace struct {
	At          time.Time
	Begun       time.Time     // zero if unknown
	Ended       time.Time     // PHP-FPM ended it itself; zero if it did not
	Least       time.Duration // how long it had lasted at least
	Vhost, Pool string
}

type longEntry struct {
	longKey
	n int
}

// Under returns the page families that the request of a trace may have asked for, with the number of such requests. What is
// more exact comes first: a request that ended when PHP-FPM ended this one, one that began when this one began, one that
// was merely under way. sure says that it is no coincidence: all that were under way, or ended then, were for one page. Requests
// that were given up may have waited in PHP-FPM's queue and run later, so they too must be for that page.
func (t *Timeline) Under(tr Trace) (pages map[string]int, sure bool) {
	t.orderLong()
	all := t.ordered.long
	begun := tr.Begun
	if begun.IsZero() {
		begun = tr.At.Add(-tr.Least)
	}
	at, from := tr.At.Unix(), begun.Unix()
	first, _ := slices.BinarySearchFunc(all, from-queue, func(e longEntry, sec int64) int { return cmp.Compare(e.end, sec) })
	var ended, began, under, given, queued map[string]int
	for _, e := range all[first:] {
		if e.end > at+t.ordered.longest+1 {
			break
		}
		if !t.mayServe(&tr, e.vhost) {
			continue
		}
		page := t.names.name(e.uri)
		if end := tr.Ended.Unix(); !tr.Ended.IsZero() && e.end >= end-1 && e.end <= end+1 && e.start <= from+1 {
			tallyTo(&ended, page, e.n)
		}
		switch {
		case e.start == 0:
			if e.end >= at-1 && e.end <= from+t.timeout(e.vhost)+1 {
				tallyTo(&given, page, e.n)
			}
		case e.start > from+1:
		case e.left && e.end < from-1:
			tallyTo(&queued, page, e.n)
		case e.left || e.end >= at-1:
			tallyTo(&under, page, e.n)
			if e.start >= from-1 && !tr.Begun.IsZero() {
				tallyTo(&began, page, e.n)
			}
		}
	}
	alone := func(pages map[string]int) bool {
		for page := range queued {
			if pages[page] == 0 {
				return false
			}
		}
		return len(pages) == 1
	}
	switch {
	case ended != nil:
		return ended, len(ended) == 1
	case began != nil:
		return began, alone(under)
	case under != nil:
		return under, alone(under)
	case given != nil: // error logs hold what failed only
		return given, false
	}
	return queued, false
}

// Lasted counts the requests of a second or more that ended in an incident, for one of its pages on one of its sites, and that nobody
// gave up: by the seconds they took.
func (t *Timeline) Lasted(in *Incident) (took map[time.Duration]int, n int) {
	t.orderLong()
	all := t.ordered.long
	from, to := in.Start.Unix()-1, in.End.Unix()+1
	first, _ := slices.BinarySearchFunc(all, from, func(e longEntry, sec int64) int { return cmp.Compare(e.end, sec) })
	for _, e := range all[first:] {
		if e.end > to {
			break
		}
		if e.start == 0 || e.left || e.vhost != 0 && !in.Has(t.names.name(e.vhost)) || !slices.ContainsFunc(in.URIs, func(s Share) bool { return s.Name == t.names.name(e.uri) }) {
			continue
		}
		if took == nil {
			took = map[time.Duration]int{}
		}
		took[e.lasted()] += e.n
		n += e.n
	}
	return took, n
}

// queue is for how many seconds a request that was given up may still wait for PHP.
const queue = 60

func tallyTo(m *map[string]int, page string, n int) {
	if *m == nil {
		*m = map[string]int{}
	}
	(*m)[page] += n
}

// mayServe says whether a request for a site may be the one of a trace.
func (t *Timeline) mayServe(tr *Trace, vhost ID) bool {
	v := t.names.name(vhost)
	switch {
	case v == "":
		return true
	case tr.Vhost != "":
		return tr.Vhost == v
	case tr.Pool != "":
		k := [2]string{tr.Pool, v}
		may, known := t.ordered.serves[k]
		if !known {
			may = t.poolRelation(tr.Pool, &Incident{vhosts: nameSet{v}}) != Alien
			t.ordered.serves[k] = may
		}
		return may
	}
	return true
}

// timeout is how many seconds the web server waits for an answer for a site.
func (t *Timeline) timeout(vhost ID) int64 {
	longest := time.Duration(0)
	if t.wiring != nil {
		if s := t.wiring.site(t.names.name(vhost)); s != nil {
			for _, set := range s.Settings {
				if set.Name == "fastcgi_read_timeout" || set.Name == "proxy_read_timeout" {
					longest = max(longest, Span(set.Value))
				}
			}
		}
	}
	if longest == 0 {
		longest = usualTimeout
	}
	return int64(longest / time.Second)
}

// SlowAfter is how long a pool's requests have lasted at least when they get into the slow log.
func (t *Timeline) SlowAfter(pool string) time.Duration {
	least := time.Duration(0)
	if t.wiring != nil {
		for _, p := range t.wiring.pools[pool] {
			if d := Span(p.Get("request_slowlog_timeout").Value); d > 0 && (least == 0 || d < least) {
				least = d
			}
		}
	}
	return max(least, time.Second) // what the smallest value means
}

func (t *Timeline) orderLong() {
	o := &t.ordered
	if o.long != nil {
		return
	}
	o.serves = map[[2]string]bool{}
	o.long = make([]longEntry, 0, t.long.n.len())
	o.longest = int64(usualTimeout / time.Second)
	for k, n := range t.long.n.all() {
		o.long = append(o.long, longEntry{k, *n})
		o.longest = max(o.longest, int64(k.lasted()/time.Second), t.timeout(k.vhost))
	}
	slices.SortFunc(o.long, func(a, b longEntry) int { return cmp.Compare(a.end, b.end) })
}

// Span reads a time as nginx and PHP-FPM have it in their configuration: 10s, 2m, 500ms, 60; 0 if it is none.
func Span(value string) time.Duration {
	if value != "" && value[len(value)-1] >= '0' && value[len(value)-1] <= '9' {
		value += "s"
	}
	if n := len(value); n > 1 && value[n-1] == 'd' {
		days, err := time.ParseDuration(value[:n-1] + "h")
		if err != nil {
			return 0
		}
		return 24 * days
	}
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 {
		return 0
	}
	return d
}
