package correlate

import (
	"bytes"
	"maps"
	"strconv"
	"time"

	"why502/classifier"
	"why502/parser"
)

// span is the width of a traffic bucket in seconds.
const span = 10

// Load is what one site served in one bucket of time.
type Load struct {
	Requests int           // all of them
	Pages    int           // those that an application makes
	Failed   int           // 5xx
	Gone     int           // 499: the visitor left
	Timed    int           // requests to PHP of which is known how long they took
	Waited   time.Duration // that time, a minute at most of each
	Logins   int           // POST to wp-login.php or xmlrpc.php
	Polls    int           // admin-ajax.php
	Cron     int           // wp-cron.php
	Clients  Set
}

func (l *Load) merge(o *Load) {
	l.Requests += o.Requests
	l.Pages += o.Pages
	l.Failed += o.Failed
	l.Gone += o.Gone
	l.Timed += o.Timed
	l.Waited += o.Waited
	l.Logins += o.Logins
	l.Polls += o.Polls
	l.Cron += o.Cron
	l.Clients.Merge(&o.Clients)
}

// minus is what l has more than o, but for the clients.
func (l *Load) minus(o *Load) Load {
	return Load{
		Requests: l.Requests - o.Requests, Pages: l.Pages - o.Pages, Failed: l.Failed - o.Failed, Gone: l.Gone - o.Gone,
		Timed: l.Timed - o.Timed, Waited: l.Waited - o.Waited, Logins: l.Logins - o.Logins, Polls: l.Polls - o.Polls, Cron: l.Cron - o.Cron,
	}
}

// Pages counts the requests of one page family. Errors are failures that an error log tells of, which an access log, if
// there is one, counts as Failed too.
type Pages struct{ Served, Failed, Errors int }

func (p *Pages) merge(o *Pages) {
	p.Served += o.Served
	p.Failed += o.Failed
	p.Errors += o.Errors
}

// Bucket is the Load of one site in one bucket of time.
type Bucket struct {
	Sec   int64
	Vhost string
	*Load
}

type (
	loadKey struct {
		sec   int64
		vhost ID
		src   ID
	}
	pageKey struct {
		sec        int64
		vhost, uri ID
		src        ID // of Errors; access lines are never moved
	}
	clientKey struct {
		sec    int64
		client ID
	}
)

// traffic is what access logs say of the requests that went well or ill. Each table has its own grain: what is too much for
// one costs the others nothing.
type traffic struct {
	width   int64 // of loads
	over    bool  // some table has grown too large
	grains  trafficGrains
	loads   map[loadKey]*Load
	pages   table[pageKey, Pages]
	clients table[clientKey, int32] // page requests
	crawler []byte                  // scratch
	gone    map[loadKey]bool        // without a second: of which sites a log had requests that are forgotten

	// What was counted last is mostly counted next: these save looking it up.
	loadBucket, pageBucket, clientBucket bucket
	recentLoads                          [64]struct {
		loadKey
		*Load
	}
	recentPages [256]struct {
		pageKey
		*Pages
	}
}

func newTraffic() traffic {
	return traffic{width: span, loads: map[loadKey]*Load{}, gone: map[loadKey]bool{}}
}

// wipe empties tr, which keeps its room and becomes as coarse as o.
func (tr *traffic) wipe(o *traffic) {
	clear(tr.loads)
	clear(tr.gone)
	tr.pages.wipe()
	tr.clients.wipe()
	clear(tr.recentLoads[:])
	clear(tr.recentPages[:])
	tr.grains, tr.width, tr.over = o.grains, o.width, false
}

// addAccess counts one line of an access log.
func (t *Timeline) addAccess(r *parser.Record) {
	if r.Time.IsZero() || r.Status == 0 {
		return
	}
	s := &t.whom
	t.subject(s, r, rest)
	tr := &t.traffic
	sec := r.Time.Unix()
	l := tr.load(tr.cutLoad(loadKey{sec, s.vhost, s.src}, t.reading.own))
	l.Requests++
	page := r.URI != nil && !static(r.URI) && (r.Status < 400 || r.Status >= 499)
	if page {
		l.Pages++
		if tr.grains.keepsClients() {
			tr.addClient(clientKey{sec, t.names.id(ofClient, t.asker(r))})
		} else if s.client != 0 {
			t.names.seen[ofClient].Add(s.client)
		}
	}
	if took, ok := phpTime(r); ok {
		l.Timed++
		l.Waited += took
	}
	if s.client != 0 {
		l.Clients.Add(s.client)
	}
	count(l, r)
	if page {
		uri := t.addPage(s, r)
		if took := statedTime(r); took >= longLeast[t.long.level] || r.Status == 499 && took >= 0 {
			t.addLong(s, r, uri, took)
		}
	}
	switch {
	case r.Status >= 500:
		l.Failed++
		t.addStatus(s, r)
	case r.Status == 499, r.Status == 408, r.Status == 444:
		t.addStatus(s, r)
		if r.Status == 499 {
			l.Gone++
		}
	}
	t.links.learn(t, s, r)
	t.bound()
}

// status is the tag of access lines that matter by their status alone.
func (t *Timeline) status(n int) ID {
	id := &t.statuses[n]
	if *id == 0 {
		*id = t.names.idString(fixed, "http/"+strconv.Itoa(n))
	}
	return *id
}

func (t *Timeline) addStatus(s *subject, r *parser.Record) {
	k := s.key
	if r.Status >= 500 {
		k.class, k.vhost = failing, t.vhost(r, failing)
		if k.vhost == 0 {
			k.vhost = s.vhost // of the file, or of the backend
		}
	}
	k.tag = t.status(r.Status)
	// the application's name and the time that visitors waited, for those who must tell 502 from 504
	m := t.mark(k, nil, r.Time)
	m.count(r)
	m.Number = r.Status
	if r.Status == 503 && ownPage(r) {
		m.Own++
	}
	if s.client != 0 {
		m.Clients.Add(s.client)
	}
}

// addPage counts a request of a page.
func (t *Timeline) addPage(s *subject, r *parser.Record) ID {
	k := pageKey{sec: r.Time.Unix(), vhost: s.vhost}
	if r.Status >= 500 {
		k.uri = t.group(ofFailure, r.URI)
		t.page(k, failed).Failed++
	} else {
		k.uri = t.group(ofPage, r.URI)
		t.page(k, served).Served++
	}
	return k.uri
}

// addErrorPage counts a failure that an error log tells of.
func (t *Timeline) addErrorPage(s *subject, r *parser.Record, family classifier.Family) {
	if group := t.group(ofFailure, r.URI); group != 0 {
		t.page(pageKey{r.Time.Unix(), s.vhost, group, s.src}, failed).Errors++
		if family == classifier.Saturated || family == classifier.Died {
			t.long.add(t.names.foldLong(longKey{end: r.Time.Unix(), left: true, vhost: s.vhost, uri: group, src: s.src}), 1)
		}
	}
}

func (tr *traffic) load(k loadKey) *Load {
	recent := &tr.recentLoads[(k.vhost*3^k.src)%64]
	if recent.Load == nil || recent.loadKey != k {
		l := tr.loads[k]
		if l == nil {
			l = &Load{}
			l.Clients.shrink(tr.members())
			tr.loads[k] = l
			tr.over = tr.over || len(tr.loads) > tr.mostLoads()
		}
		recent.loadKey, recent.Load = k, l
	}
	return recent.Load
}

// held says which sites each log has requests of, without a second.
func (tr *traffic) held() map[loadKey]bool {
	all := maps.Clone(tr.gone)
	for k, l := range tr.loads {
		if k.sec = 0; l.Requests > 0 {
			all[k] = true
		}
	}
	return all
}

// asked says from which second to which each log has requests of each site, as far as that is remembered.
func (tr *traffic) asked() map[loadKey][2]int64 {
	all := map[loadKey][2]int64{}
	for k, l := range tr.loads {
		if l.Requests == 0 {
			continue
		}
		sec := k.sec
		k.sec = 0
		if tr.gone[k] {
			continue
		}
		span, known := all[k]
		if !known {
			span = [2]int64{sec, sec + tr.width}
		}
		all[k] = [2]int64{min(span[0], sec), max(span[1], sec+tr.width)}
	}
	return all
}

// forgets notes that a log had requests of a site.
func (tr *traffic) forgets(k loadKey) {
	k.sec = 0
	if len(tr.gone) < maxLoads || tr.gone[k] {
		tr.gone[k] = true
	}
}

func (t *Timeline) page(k pageKey, f fate) *Pages {
	tr := &t.traffic
	k = tr.cutPage(k, f)
	recent := &tr.recentPages[byte((k.vhost*0x9e3779b1^k.uri*0x85ebca77)>>24)]
	if recent.Pages == nil || recent.pageKey != k {
		recent.pageKey, recent.Pages = k, tr.pages.put(k)
		tr.over = tr.over || tr.pages.len() > maxPages
	}
	return recent.Pages
}

func (tr *traffic) addClient(k clientKey) {
	*tr.clients.put(tr.cutClient(k))++
	tr.over = tr.over || tr.clients.len() > maxClients
}

// count notes what a request says about WordPress' doors, wherever in its URI they are named.
func count(l *Load, r *parser.Record) {
	i := indexPHP(r.URI)
	if i < 0 {
		return
	}
	poll, cron, login := false, false, false
	for uri := r.URI; ; {
		switch before := uri[:i]; {
		case bytes.HasSuffix(before, []byte("/admin-ajax")):
			poll = true
		case bytes.HasSuffix(before, []byte("/wp-cron")):
			cron = true
		case bytes.HasSuffix(before, []byte("/xmlrpc")), bytes.HasSuffix(before, []byte("/wp-login")):
			login = true
		}
		next := indexPHP(uri[i+1:])
		if next < 0 {
			break
		}
		i += 1 + next
	}
	switch {
	case poll:
		l.Polls++
	case cron:
		l.Cron++
	case login && string(r.Method) == "POST":
		l.Logins++
	}
}

// indexPHP finds the first ".php". A URI has few dots, which are found faster than four bytes at once.
func indexPHP(uri []byte) int {
	for from := 0; ; from++ {
		i := bytes.IndexByte(uri[from:], '.')
		if i < 0 {
			return -1
		}
		if from += i; bytes.HasPrefix(uri[from:], []byte(".php")) {
			return from
		}
	}
}
