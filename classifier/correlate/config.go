package correlate

import "slices"

// Config is what a server's configuration says about who belongs to whom. A Timeline works without one: it then goes
// by names, and by what was seen together.
type Config struct {
	Pools    []Pool
	Sites    []Site
	Settings []Setting         // of the web server as a whole
	Files    map[string]string // log file → the one site it is about
	PoolLogs map[string]int    // PHP-FPM's access log → its place in Pools
}

// Pool is a PHP-FPM pool.
type Pool struct {
	Name     string
	Listen   []string // as marks name backends: "unix:/run/php/shop.sock", "127.0.0.1:9000"
	Settings []Setting
}

// Site is a virtual host; the first of its names stands for it.
type Site struct {
	Names, Roots, Backends []string
	Patterns               []string // names of many hosts: "*.shop.test", "~^www\d+\.shop\.test$"
	Settings               []Setting
}

// Setting is a directive, its value, and the file it stands in.
type Setting struct{ Name, Value, Place string }

// wiring is a Config made ready to be asked.
type wiring struct {
	Config
	pools     map[string][]*Pool // by name: several versions of PHP may each have their www
	listeners map[string]*Pool   // by socket
	sites     map[string]*Site   // by every name
	patterns  []namePattern
	served    map[string]map[string]bool // backend → first names of the sites behind it
	roots     map[string]string          // document root → site; "" if two share it
	accounts  map[string]map[string]bool // /home/NAME/ → sites
}

// Configure makes a configuration known. It must come before Add; after Decode it is to be made known again.
func (t *Timeline) Configure(c *Config) {
	if c == nil {
		return
	}
	w := &wiring{
		Config: *c, pools: map[string][]*Pool{}, listeners: map[string]*Pool{}, sites: map[string]*Site{},
		served: map[string]map[string]bool{}, roots: map[string]string{}, accounts: map[string]map[string]bool{},
	}
	for i := range c.Pools {
		p := &c.Pools[i]
		w.pools[p.Name] = append(w.pools[p.Name], p)
		for _, b := range p.Listen {
			w.listeners[b] = p
		}
	}
	for i := range c.Sites {
		s := &c.Sites[i]
		if len(s.Names) == 0 {
			continue
		}
		first := s.Names[0]
		for _, n := range s.Names {
			if w.sites[n] == nil {
				w.sites[n] = s
			}
		}
		for _, p := range s.Patterns {
			w.pattern(p, s)
		}
		for _, b := range s.Backends {
			join(w.served, b, first, maxLinked)
		}
		for _, root := range s.Roots {
			if have, ok := w.roots[root]; !ok {
				w.roots[root] = first
			} else if have != first {
				w.roots[root] = ""
			}
			if a := account(root + "/"); a != "" {
				join(w.accounts, a, first, maxLinked)
			}
		}
	}
	w.sortPatterns()
	t.wiring = w
	if t.undated != nil {
		t.undated.wiring = w
	}
}

// vhostOfFile is the site that a whole log is about.
func (w *wiring) vhostOfFile(file string) string {
	if w == nil {
		return ""
	}
	return w.Files[file]
}

// vhostOfScript is the site whose document root a PHP file lies in.
func (w *wiring) vhostOfScript(script []byte) string {
	if w == nil || len(w.roots) == 0 {
		return ""
	}
	for i := len(script) - 1; i > 0; i-- {
		if script[i] == '/' {
			if site, ok := w.roots[string(script[:i])]; ok {
				return site
			}
		}
	}
	return ""
}

// vhostOfBackend is the site behind a backend that serves no other.
func (w *wiring) vhostOfBackend(addr []byte) string {
	if w == nil || len(w.served[string(addr)]) != 1 {
		return ""
	}
	for site := range w.served[string(addr)] {
		return site
	}
	return ""
}

// hits says whether a backend serves one of the sites an incident hit.
func (w *wiring) hits(backend string, in *Incident) bool {
	if w == nil {
		return false
	}
	for _, v := range in.vhosts {
		if s := w.site(v); s != nil && w.served[backend][s.Names[0]] {
			return true
		}
	}
	return false
}

// listens says whether a pool listens there.
func (w *wiring) listens(pool, backend string) bool {
	return w != nil && slices.ContainsFunc(w.pools[pool], func(p *Pool) bool { return slices.Contains(p.Listen, backend) })
}

// pool says whether a pool serves what the incident hit, as the configuration has it; ok is false if it does not tell.
func (w *wiring) pool(name string, in *Incident) (relation float64, ok bool) {
	if w == nil || w.pools[name] == nil {
		return 0, false
	}
	mine := map[string]bool{}
	for _, p := range w.pools[name] {
		for _, b := range p.Listen {
			mine[b] = true
		}
	}
	known := 0
	for _, b := range in.backends {
		if mine[b] {
			return Same, true
		}
		if w.listeners[b] != nil {
			known++
		}
	}
	if known > 0 && known == len(in.backends) {
		return Alien, true
	}
	known = 0
	for _, v := range in.vhosts {
		s := w.site(v)
		if s == nil {
			continue
		}
		php := false
		for _, b := range s.Backends {
			if mine[b] {
				return Same, true
			}
			php = php || w.listeners[b] != nil
		}
		if php {
			known++
		}
	}
	return Alien, known > 0 && known == len(in.vhosts)
}

// account says whether a hosting account's sites are among those hit.
func (w *wiring) account(name string, in *Incident) (relation float64, ok bool) {
	if w == nil || len(w.accounts[name]) == 0 || len(in.vhosts) == 0 {
		return 0, false
	}
	known := 0
	for _, v := range in.vhosts {
		if s := w.site(v); s != nil {
			if w.accounts[name][s.Names[0]] {
				return Same, true
			}
			known++
		}
	}
	return Alien, known == len(in.vhosts)
}

// InForce is a setting that bears on an incident, and what it belongs to: a pool, a site, or nothing for the server.
type InForce struct {
	Setting
	Pool, Site string
}

// Get returns the last setting of that name; empty if there is none.
func (p *Pool) Get(name string) (last Setting) {
	for _, s := range p.Settings {
		if s.Name == name {
			last = s
		}
	}
	return last
}

// PoolsOf are the pools of an incident that the configuration knows: those that logs speak of, else those that were asked.
func (t *Timeline) PoolsOf(in *Incident) (pools []*Pool) {
	if t.wiring == nil {
		return nil
	}
	for _, share := range in.Pools {
		for _, p := range t.wiring.pools[share.Name] {
			if len(in.backends) == 0 || len(t.wiring.pools[share.Name]) == 1 || slices.ContainsFunc(p.Listen, in.backends.has) {
				pools = append(pools, p)
			}
		}
	}
	if len(pools) == 0 {
		// PHP-FPM has nothing to say of requests that PHP answered itself, but the web server says whom it asked.
		for _, b := range in.backends {
			if p := t.wiring.listeners[b]; p != nil && !slices.Contains(pools, p) {
				pools = append(pools, p)
			}
		}
	}
	return pools
}

// Settings are those that hold for the pools and sites of an incident, and the server's.
func (t *Timeline) Settings(in *Incident) (out []InForce) {
	if t.wiring == nil {
		return nil
	}
	for _, p := range t.PoolsOf(in) {
		for _, s := range p.Settings {
			out = append(out, InForce{s, p.Name, ""})
		}
	}
	for _, share := range in.Vhosts {
		if site := t.wiring.site(share.Name); site != nil {
			for _, s := range site.Settings {
				out = append(out, InForce{s, "", share.Name})
			}
		}
	}
	for _, s := range t.wiring.Settings {
		out = append(out, InForce{s, "", ""})
	}
	return out
}
