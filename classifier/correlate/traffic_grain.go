package correlate

// Bounds of the traffic tables; beyond one it tells less apart, as marks do.
const (
	maxLoads   = 8_000
	maxPages   = 40_000
	maxClients = 40_000
)

// trafficGrains says how finely the tables tell things apart: places in the lists below.
type trafficGrains struct{ loads, pages, clients int }

// loadGrain is how finely loads tell things apart. A site that a whole file is about is always told.
type loadGrain struct {
	width   int64 // seconds
	sites   bool
	members int // of a Set
	share   int // of maxLoads: one in so many
}

var loadGrains = [...]loadGrain{
	{span, true, setSize, 4},
	{span, true, smallSet, 1},
	{60, true, smallSet, 1},
	{360, true, smallSet, 1},
	{2160, true, smallSet, 1},
	{2160, false, smallSet, 1},
	{12_960, false, smallSet, 1},
	{77_760, false, smallSet, 1},
	{466_560, false, smallSet, 1},
	{2_799_360, false, smallSet, 1},
}

// pageGrain is how finely pages are told apart.
type pageGrain struct {
	width    int64
	served   bool // page families that were served
	failures bool // page families that failed
	sites    bool
}

var pageGrains = [...]pageGrain{
	{span, true, true, true},
	{60, true, true, true},
	{360, true, true, true},
	{2160, true, true, true},
	{2160, false, true, true},
	{12_960, false, true, true},
	{12_960, false, false, true},
	{12_960, false, false, false},
	{2_799_360, false, false, false},
}

// clientWidths are the widths of the buckets in which clients are counted; after the last they are not.
var clientWidths = [...]int64{span, 60, 360, 2160}

func (g *trafficGrains) keepsClients() bool { return g.clients < len(clientWidths) }

func (tr *traffic) members() int   { return loadGrains[tr.grains.loads].members }
func (tr *traffic) mostLoads() int { return maxLoads / loadGrains[tr.grains.loads].share }

// pageWidth is the width of a bucket of pages in seconds.
func (tr *traffic) pageWidth() int64 { return pageGrains[tr.grains.pages].width }

// clientWidth is that of a bucket of clients.
func (tr *traffic) clientWidth() int64 {
	return clientWidths[min(tr.grains.clients, len(clientWidths)-1)]
}

// cutLoad gives the key under which a load is counted now; own is the site that its whole file is about.
func (tr *traffic) cutLoad(k loadKey, own ID) loadKey {
	g := &loadGrains[tr.grains.loads]
	k.sec = tr.loadBucket.of(k.sec, g.width)
	if !g.sites && k.vhost != own {
		k.vhost = 0
	}
	return k
}

// fate is what became of a page request.
type fate int

const (
	served fate = iota
	failed
)

func (tr *traffic) cutPage(k pageKey, f fate) pageKey {
	g := &pageGrains[tr.grains.pages]
	k.sec = tr.pageBucket.of(k.sec, g.width)
	if f == served && !g.served || f == failed && !g.failures {
		k.uri = otherID
	}
	if !g.sites {
		k.vhost = 0
	}
	return k
}

func (tr *traffic) cutClient(k clientKey) clientKey {
	k.sec = tr.clientBucket.of(k.sec, tr.clientWidth())
	return k
}

// coarsenTraffic makes the tables tell less apart where they are too large or there are too many names. As with marks, the
// grain depends on what there is in the end, not on the order in which it came.
func (t *Timeline) coarsenTraffic() {
	tr := &t.traffic
	tr.over = false
	to := tr.grains.max(t.names.trafficGrains())
	for {
		t.regrainTraffic(to)
		loads := len(tr.loads) > tr.mostLoads() && to.loads < len(loadGrains)-1
		pages := tr.pages.len() > maxPages && to.pages < len(pageGrains)-1
		clients := tr.clients.len() > maxClients
		if !loads && !pages && !clients {
			return
		}
		if loads {
			to.loads++
		}
		if pages {
			to.pages++
		}
		if clients {
			to.clients++
		}
	}
}

func (g trafficGrains) max(o trafficGrains) trafficGrains {
	return trafficGrains{max(g.loads, o.loads), max(g.pages, o.pages), max(g.clients, o.clients)}
}

// trafficGrains are the finest grains at which nothing is told apart that has too many names.
func (n *names) trafficGrains() (g trafficGrains) {
	for loadGrains[g.loads].sites && n.full&(1<<ofSite) != 0 {
		g.loads++
	}
	for p := &pageGrains[g.pages]; p.served && n.full&(1<<ofPage) != 0 || p.failures && n.full&(1<<ofFailure) != 0 ||
		p.sites && n.full&(1<<ofSite|1<<ofFailing) != 0; p = &pageGrains[g.pages] {
		g.pages++
	}
	if n.full&(1<<ofClient) != 0 {
		g.clients = len(clientWidths)
	}
	return g
}

func (t *Timeline) regrainTraffic(to trafficGrains) {
	tr := &t.traffic
	was := tr.grains
	tr.grains, tr.width = to, loadGrains[to.loads].width
	if to.loads != was.loads {
		old := tr.loads
		tr.loads = map[loadKey]*Load{}
		clear(tr.recentLoads[:])
		for k, l := range old {
			t.putLoad(k, l)
		}
	}
	if to.pages != was.pages {
		old := tr.pages
		tr.pages = table[pageKey, Pages]{}
		clear(tr.recentPages[:])
		for k, p := range old.all() {
			tr.putPage(k, p)
		}
	}
	if to.clients != was.clients {
		old := tr.clients
		tr.clients = table[clientKey, int32]{}
		for k, n := range old.all() {
			tr.putClient(k, *n)
		}
	}
}

// relax makes the tables that are empty fine again.
func (tr *traffic) relax() {
	if len(tr.loads) == 0 {
		tr.grains.loads, tr.width = 0, span
	}
	if tr.pages.len() == 0 {
		tr.grains.pages = 0
	}
	if tr.clients.len() == 0 {
		tr.grains.clients = 0
	}
}

func (t *Timeline) putLoad(k loadKey, l *Load) {
	own := ID(0)
	if s := t.sources[t.names.name(k.src)]; s != nil {
		own = t.names.idString(fixed, s.Vhost)
	}
	tr := &t.traffic
	k = tr.cutLoad(k, own)
	if have := tr.loads[k]; have != nil {
		have.merge(l)
		return
	}
	l.Clients.shrink(tr.members())
	tr.loads[k] = l
}

func (tr *traffic) putPage(k pageKey, p *Pages) {
	if p.Served > 0 {
		tr.pages.put(tr.cutPage(k, served)).Served += p.Served
	}
	if p.Failed > 0 || p.Errors > 0 {
		to := tr.pages.put(tr.cutPage(k, failed))
		to.Failed += p.Failed
		to.Errors += p.Errors
	}
}

func (tr *traffic) putClient(k clientKey, n int32) {
	if tr.grains.keepsClients() {
		*tr.clients.put(tr.cutClient(k)) += n
	}
}

// mergeTraffic adds that of another Timeline, whose IDs are given.
func (t *Timeline) mergeTraffic(o *traffic, ids []ID) {
	tr := &t.traffic
	t.regrainTraffic(tr.grains.max(o.grains).max(t.names.trafficGrains()))
	for k, l := range o.loads {
		t.putLoad(loadKey{k.sec, ids[k.vhost], ids[k.src]}, l)
	}
	for k, p := range o.pages.all() {
		tr.putPage(pageKey{k.sec, ids[k.vhost], ids[k.uri], ids[k.src]}, p)
	}
	for k, n := range o.clients.all() {
		tr.putClient(clientKey{k.sec, ids[k.client]}, *n)
	}
	for k := range o.gone {
		tr.forgets(loadKey{vhost: ids[k.vhost], src: ids[k.src]})
	}
	t.coarsenTraffic()
}
