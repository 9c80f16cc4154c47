package correlate

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"why502/classifier"
)

// Pools returns the pools of the configuration; where none is known, those that said in PHP-FPM's log that they were full.
func (t *Timeline) Pools() []Pool {
	if t.wiring != nil && len(t.wiring.Pools) > 0 {
		return t.wiring.Pools
	}
	limits := map[string]*Mark{}
	for _, m := range t.marks {
		if m.Tag == poolFull && m.Pool != "" && m.Pool != Other && (limits[m.Pool] == nil || m.Number > limits[m.Pool].Number) {
			limits[m.Pool] = m
		}
	}
	var pools []Pool
	for name, m := range limits {
		// "server reached pm.max_children setting (5)" is said by a pool with pm = dynamic; ondemand leaves out the "pm.".
		manager := "ondemand"
		if strings.Contains(m.Sample.Text, "pm.max_children") {
			manager = "dynamic"
		}
		pools = append(pools, Pool{Name: name, Settings: []Setting{{Name: "pm", Value: manager}, {Name: "pm.max_children", Value: strconv.Itoa(m.Number)}}})
	}
	slices.SortFunc(pools, func(a, b Pool) int { return strings.Compare(a.Name, b.Name) })
	return pools
}

// Place is the file that a pool is set up in; "" if it is not known.
func (p *Pool) Place() string {
	for _, s := range p.Settings {
		if s.Place != "" {
			return s.Place
		}
	}
	return ""
}

// poolIndex finds pools: there may be thousands.
type poolIndex struct {
	t       *Timeline
	pools   []Pool
	named   map[string][]int // several versions of PHP may each have their www
	listens map[string]int
	scripts map[string]int // by the site that its scripts lie in, or that it is named after: shop_test runs shop.test
	sites   map[string]int // found before
}

func (t *Timeline) poolIndex(pools []Pool) *poolIndex {
	x := &poolIndex{t: t, pools: pools, named: map[string][]int{}, listens: map[string]int{}, scripts: map[string]int{}, sites: map[string]int{}}
	for i := len(pools) - 1; i >= 0; i-- { // of several the first stays
		p := &pools[i]
		for _, b := range p.Listen {
			x.listens[b] = i
		}
		x.scripts[strings.ReplaceAll(p.Name, "_", ".")] = i
		for site := range t.links.pools[p.Name] {
			x.scripts[site] = i
		}
	}
	for i, p := range pools {
		x.named[p.Name] = append(x.named[p.Name], i)
	}
	return x
}

// PoolOfSite finds the place in pools of the one that serves a site; -1 if that is not known.
func (t *Timeline) PoolOfSite(pools []Pool) func(site string) int { return t.poolIndex(pools).ofSite }

func (x *poolIndex) ofSite(vhost string) int {
	i, known := x.sites[vhost]
	if !known {
		i = x.findSite(vhost)
		x.sites[vhost] = i
	}
	return i
}

func (x *poolIndex) findSite(vhost string) int {
	t := x.t
	if t.wiring != nil {
		if s := t.wiring.site(vhost); s != nil {
			for _, b := range s.Backends {
				if i, ok := x.listens[b]; ok {
					return i
				}
			}
		}
	}
	seen := -1
	for b := range t.links.backends[vhost] {
		if i, ok := x.listens[b]; ok {
			seen = max(seen, i)
		}
	}
	if seen >= 0 {
		return seen
	}
	if i, ok := x.scripts[vhost]; ok {
		return i
	}
	if len(x.pools) == 1 {
		return 0
	}
	return -1
}

// poolOfFile is the place among the configured pools of the one whose access log a file is.
func (w *wiring) poolOfFile(file string) (i int, ok bool) {
	if w == nil {
		return 0, false
	}
	i, ok = w.PoolLogs[file]
	return i, ok
}

// Tags of what shows that a pool is full.
const (
	poolFull classifier.Tag = "phpfpm/max-children"
	poolBusy classifier.Tag = "phpfpm/seems-busy"
)

var queueTags = []classifier.Tag{"nginx/upstream-queue-full", "apache/uds-queue-full"}

// Pressure is what the logs say of a pool that had too few children.
type Pressure struct {
	Full   []time.Time // when it said that it reached its limit, by time
	Limit  int         // the largest limit it stated
	Queue  []time.Time // when its listen queue turned requests away
	Busy   []time.Time // when it started children in haste
	Alive  int         // the most children that it said it had
	Killed int64       // bytes of the largest child that the kernel killed for memory, whatever its pool
}

// Pressures returns what the logs say of each pool, by its place in pools.
func (t *Timeline) Pressures(pools []Pool) []Pressure {
	all := make([]Pressure, len(pools))
	killed := int64(0)
	x := t.poolIndex(pools)
	for _, m := range t.marks {
		switch {
		case m.Tag == poolFull, m.Tag == poolBusy:
			for _, i := range x.named[m.Pool] {
				if !sameVersion(pools[i].Place(), m.File) {
					continue
				}
				if m.Tag == poolFull {
					all[i].Full = append(all[i].Full, m.First)
					all[i].Limit = max(all[i].Limit, m.Number)
				} else {
					all[i].Busy = append(all[i].Busy, m.First)
					all[i].Alive = max(all[i].Alive, numberBefore(m.Sample.Text, " total children"))
				}
			}
		case slices.Contains(queueTags, m.Tag):
			i, known := x.listens[m.Backend]
			if !known {
				i = x.ofSite(m.Vhost)
			}
			if i >= 0 {
				all[i].Queue = append(all[i].Queue, m.First)
			}
		case strings.HasPrefix(string(m.Tag), "kernel/oom-kill") && strings.HasPrefix(m.Culprit, "process:php"):
			killed = max(killed, int64(numberAfter(m.Sample.Text, "anon-rss:"))<<10)
		}
	}
	for i := range all {
		all[i].Killed = killed
		for _, times := range [...][]time.Time{all[i].Full, all[i].Queue, all[i].Busy} {
			slices.SortFunc(times, time.Time.Compare)
		}
	}
	return all
}

// sameVersion says whether a pool file and a log may be of one PHP: several versions may each have a pool of one name.
//
//	/opt/cpanel/ea-php82/root/etc/php-fpm.d/shop.conf, /opt/cpanel/ea-php82/root/usr/var/log/php-fpm/error.log
//	/etc/php/8.2/fpm/pool.d/www.conf, /var/log/php8.2-fpm.log
func sameVersion(a, b string) bool {
	x, y := phpVersion(a), phpVersion(b)
	return x == "" || y == "" || x == y
}

// phpVersion is "82" for a path that names PHP 8.2.
func phpVersion(path string) string {
	for rest := path; ; {
		_, after, ok := strings.Cut(rest, "php")
		if !ok {
			return ""
		}
		rest = after
		digits := strings.Builder{}
		for _, c := range strings.TrimLeft(after, "/-") {
			if unicode.IsDigit(c) {
				digits.WriteRune(c)
			} else if c != '.' {
				break
			}
		}
		if digits.Len() >= 2 {
			return digits.String()
		}
	}
}

// numberBefore is the number that stands before a word, numberAfter the one behind it; 0 if there is none.
func numberBefore(text, word string) int {
	before, _, ok := strings.Cut(text, word)
	if !ok {
		return 0
	}
	n, _ := strconv.Atoi(before[strings.LastIndexByte(before, ' ')+1:])
	return n
}

func numberAfter(text, word string) int {
	_, after, _ := strings.Cut(text, word)
	end := strings.IndexFunc(after, func(r rune) bool { return !unicode.IsDigit(r) })
	if end < 0 {
		end = len(after)
	}
	n, _ := strconv.Atoi(after[:end])
	return n
}
