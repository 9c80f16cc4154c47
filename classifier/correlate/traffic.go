package correlate

import (
	"bytes"
	"time"

	"why502/parser"
)

// span is the width of a traffic bucket in seconds.
const span = 10

// Load is what one site served in one bucket of time.
type Load struct {
	Requests int // all of them
	Pages    int // those that an application makes
	Failed   int // 5xx
	Gone     int // 499: the visitor left
	Waited   time.Duration
	Logins   int // POST to wp-login.php or xmlrpc.php
	Polls    int // admin-ajax.php
	Cron     int // wp-cron.php
	Clients  Set
}

func (l *Load) merge(o *Load) {
	l.Requests += o.Requests
	l.Pages += o.Pages
	l.Failed += o.Failed
	l.Gone += o.Gone
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
		Waited: l.Waited - o.Waited, Logins: l.Logins - o.Logins, Polls: l.Polls - o.Polls, Cron: l.Cron - o.Cron,
	}
}

// Pages counts the requests of one page family. Errors are failures that an error log tells of, which an access log, if
// there is one, counts as Failed too.
type Pages struct{ Served, Failed, Errors int }

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

// Bounds of the traffic maps; beyond one the buckets grow wider, as marks do.
const (
	maxLoads   = 20_000
	maxPages   = 40_000
	maxClients = 40_000
)

// traffic is what access logs say of the requests that went well or ill.
type traffic struct {
	width   int64
	loads   map[loadKey]*Load
	pages   map[pageKey]*Pages
	clients map[clientKey]int // page requests

	// What was counted last is mostly counted next: these save looking it up.
	recentLoads [64]struct {
		loadKey
		*Load
	}
	recentPages [256]struct {
		pageKey
		*Pages
	}
}

func newTraffic() traffic {
	return traffic{width: span, loads: map[loadKey]*Load{}, pages: map[pageKey]*Pages{}, clients: map[clientKey]int{}}
}

// addAccess counts one line of an access log.
func (t *Timeline) addAccess(r *parser.Record) {
	if r.Time.IsZero() || r.Status == 0 {
		return
	}
	s := t.subject(r)
	tr := &t.traffic
	sec := floor(r.Time.Unix(), tr.width)
	lk := loadKey{sec, s.vhost, s.src}
	l := tr.load(lk)
	l.Requests++
	page := r.URI != nil && !static(r.URI) && (r.Status < 400 || r.Status >= 499)
	if page {
		l.Pages++
		tr.clients[clientKey{sec, t.names.id(r.Client)}]++
	}
	if r.Duration > 0 {
		l.Waited += r.Duration
	}
	if s.client != 0 {
		l.Clients.Add(s.client)
	}
	count(l, r)
	if page {
		t.addPage(pageKey{sec: sec, vhost: s.vhost, uri: t.group(r.URI)}, r.Status)
	}
	switch {
	case r.Status >= 500:
		l.Failed++
		t.addStatus(&s, r)
	case r.Status == 499, r.Status == 408, r.Status == 444:
		t.addStatus(&s, r)
		if r.Status == 499 {
			l.Gone++
		}
	}
	t.links.learn(t, &s, r)
	if len(tr.loads) > maxLoads || len(tr.pages) > maxPages || len(tr.clients) > maxClients {
		tr.coarsen()
	}
}

// statusTags are the tags of access lines that matter by their status alone.
var statusTags = func() (tags [600]string) {
	for i := range tags {
		tags[i] = "http/" + string([]byte{byte('0' + i/100), byte('0' + i/10%10), byte('0' + i%10)})
	}
	return
}()

func (t *Timeline) status(n int) ID {
	id := &t.statuses[n]
	if *id == 0 {
		*id = t.names.idString(statusTags[n])
	}
	return *id
}

func (t *Timeline) addStatus(s *subject, r *parser.Record) {
	k := s.key
	k.tag = t.status(r.Status)
	// the application's name and the time that visitors waited, for those who must tell 502 from 504
	m := t.mark(k, r)
	m.Number = r.Status
	if s.client != 0 {
		m.Clients.Add(s.client)
	}
}

func (t *Timeline) addPage(k pageKey, status int) {
	p := t.page(k)
	if status >= 500 {
		p.Failed++
	} else {
		p.Served++
	}
}

// addErrorPage counts a failure that an error log tells of.
func (t *Timeline) addErrorPage(s *subject, r *parser.Record) {
	if group := t.group(r.URI); group != 0 {
		t.page(pageKey{floor(r.Time.Unix(), t.traffic.width), s.vhost, group, s.src}).Errors++
		if len(t.traffic.pages) > maxPages {
			t.traffic.coarsen()
		}
	}
}

func (tr *traffic) load(k loadKey) *Load {
	recent := &tr.recentLoads[(k.vhost*3^k.src)%64]
	if recent.Load == nil || recent.loadKey != k {
		l := tr.loads[k]
		if l == nil {
			l = &Load{}
			tr.loads[k] = l
		}
		recent.loadKey, recent.Load = k, l
	}
	return recent.Load
}

func (t *Timeline) page(k pageKey) *Pages {
	tr := &t.traffic
	recent := &tr.recentPages[byte(k.vhost*31^k.uri)]
	if recent.Pages == nil || recent.pageKey != k {
		p := tr.pages[k]
		if p == nil {
			p = &Pages{}
			tr.pages[k] = p
		}
		recent.pageKey, recent.Pages = k, p
	}
	return recent.Pages
}

func count(l *Load, r *parser.Record) {
	if !bytes.Contains(r.URI, []byte(".php")) {
		return
	}
	switch {
	case bytes.Contains(r.URI, []byte("/admin-ajax.php")):
		l.Polls++
	case bytes.Contains(r.URI, []byte("/wp-cron.php")):
		l.Cron++
	case string(r.Method) == "POST" && (bytes.Contains(r.URI, []byte("/xmlrpc.php")) || bytes.Contains(r.URI, []byte("/wp-login.php"))):
		l.Logins++
	}
}

func (tr *traffic) coarsen() {
	for (len(tr.loads) > maxLoads || len(tr.pages) > maxPages || len(tr.clients) > maxClients) && tr.width < 1<<20 {
		tr.width *= 6
		o := *tr
		w := tr.width
		*tr = newTraffic()
		tr.width = w
		tr.merge(&o, nil)
	}
}

func (tr *traffic) merge(o *traffic, ids []ID) {
	if o.width > tr.width {
		tr.width = o.width
		old := *tr
		*tr = newTraffic()
		tr.width = old.width
		tr.merge(&old, nil)
	}
	name := func(id ID) ID {
		if ids == nil {
			return id
		}
		return ids[id]
	}
	for k, l := range o.loads {
		k = loadKey{floor(k.sec, tr.width), name(k.vhost), name(k.src)}
		if have := tr.loads[k]; have != nil {
			have.merge(l)
		} else {
			tr.loads[k] = l
		}
	}
	for k, p := range o.pages {
		k = pageKey{floor(k.sec, tr.width), name(k.vhost), name(k.uri), name(k.src)}
		if have := tr.pages[k]; have != nil {
			have.Served += p.Served
			have.Failed += p.Failed
			have.Errors += p.Errors
		} else {
			tr.pages[k] = p
		}
	}
	for k, n := range o.clients {
		tr.clients[clientKey{floor(k.sec, tr.width), name(k.client)}] += n
	}
}
