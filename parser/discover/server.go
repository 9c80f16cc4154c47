// Package discover finds out from a server's configuration which logs it writes, which sites and PHP-FPM pools
// it has and how they are wired, and which of the logs are there.
//
// It works on this machine, on a copied tree, or in an archive. Configuration is read as far as it can be: a file that is missing,
// unreadable or broken costs one line of Problems and nothing else.
package discover

import (
	"reflect"
	"slices"
	"strings"
)

// Server is what a configuration says.
type Server struct {
	Declared []Declared // the logs it names
	Sites    []Site
	Pools    []Pool
	Masters  []Master
	Settings []Setting // of the web server as a whole
	Database []Setting // of MySQL or MariaDB
	Problems []string  // one line each

	tree  *tree
	logs  map[string]string // declared path → its site
	dated []Declared        // those of one site whose path has a star
	roots map[string]string // document root → its site
}

// Declared is a log that the configuration names; "*" stands in its path for what varies.
type Declared struct {
	Path, Kind, Place string
	Site              string // the only site that writes it
	Off               bool   // named, but nothing is written to it: request_slowlog_timeout is 0
	Format            string // of an access log: the name of its format, or the format itself
	Level             string // of an error log: the least that is written to it; "" is the default

	listen []string // of the pool that writes it
}

// Site is a virtual host.
type Site struct {
	Names    []string // lower case; if it has none, the first pattern as logs show it
	Patterns []string // names of many hosts: "*.shop.test", "~^www\d+\.shop\.test$"
	Roots    []string // document roots
	globs    []string // document roots with stars for variables
	Backends []string // as error logs name them: "unix:/run/php/shop.sock", "127.0.0.1:8080"
	Settings []Setting
}

// Master is one PHP-FPM: each version of PHP has its own.
type Master struct {
	Place    string // its main file
	Settings []Setting
}

// Pool is a PHP-FPM pool.
type Pool struct {
	Name     string
	Place    string   // the file that names it first
	Listen   []string // as Site.Backends
	Access   string   // its own access log
	Settings []Setting
}

// Setting is a directive, its value, and the file it stands in, of a long one with the line.
type Setting struct{ Name, Value, Place string }

// Set finds what a directive is set to: the last one counts.
func Set(list []Setting, name string) (Setting, bool) {
	for _, s := range slices.Backward(list) {
		if s.Name == name {
			return s, true
		}
	}
	return Setting{}, false
}

// Configuration reads the configuration of the server that files holds.
func Configuration(files Files) *Server {
	s := &Server{tree: newTree(files)}
	mains := s.tree.first(nginxPlaces)
	if len(mains) == 0 {
		mains = add(mains, s.tree.askNginx())
	}
	for _, p := range mains {
		s.readNginx(p)
	}
	for _, p := range s.tree.first(apachePlaces) {
		s.readApache(p)
	}
	s.readPools()
	s.readPHP()
	s.readDatabase()
	s.Sites = joined(s.Sites)
	s.ownPools()
	s.index()
	s.Problems = s.tree.problems
	return s
}

// Same says whether another configuration says the same: backups of two days of one server.
func (s *Server) Same(other *Server) bool {
	return reflect.DeepEqual(s.Sites, other.Sites) && reflect.DeepEqual(s.Pools, other.Pools) && reflect.DeepEqual(s.Settings, other.Settings)
}

// Name is what the root of the server is called.
func (s *Server) Name() string { return s.tree.Name("/") }

// ownPools gives the logs of a pool that serves one site to that site.
func (s *Server) ownPools() {
	behind := map[string][]string{}
	for i := range s.Sites {
		for _, b := range s.Sites[i].Backends {
			behind[b] = add(behind[b], s.Sites[i].Names[0])
		}
	}
	for i := range s.Declared {
		d := &s.Declared[i]
		var sites []string
		for _, b := range d.listen {
			for _, v := range behind[b] {
				sites = add(sites, v)
			}
		}
		if len(sites) == 1 {
			d.Site = sites[0]
		}
	}
}

// first returns the main files that are there, each under one name.
func (t *tree) first(patterns []string) (mains []string) {
	seen := map[string]bool{}
	for _, pattern := range patterns {
		for _, p := range t.glob(pattern) {
			if real := t.real(p); t.isFile(p) && !seen[real] {
				seen[real] = true
				mains = append(mains, p)
			}
		}
	}
	return mains
}

// declare notes a log. One that two sites write is nobody's own.
func (s *Server) declare(d Declared) {
	for i := range s.Declared {
		if have := &s.Declared[i]; have.Path == d.Path {
			if have.Site != d.Site {
				have.Site = ""
			}
			have.listen = append(have.listen, d.listen...)
			return
		}
	}
	s.Declared = append(s.Declared, d)
}

// joined makes one site of blocks with the same first name: port 80 and 443, nginx and Apache behind it.
func joined(sites []Site) (out []Site) {
	at := map[string]int{}
	for _, site := range sites {
		switch {
		case len(site.Names) > 0:
		case len(site.Patterns) > 0:
			site.Names = site.Patterns[:1:1]
		default:
			continue
		}
		i, ok := at[site.Names[0]]
		if !ok {
			at[site.Names[0]] = len(out)
			out = append(out, site)
			continue
		}
		have := &out[i]
		for _, p := range [...]struct {
			to   *[]string
			from []string
		}{{&have.Names, site.Names}, {&have.Patterns, site.Patterns}, {&have.Roots, site.Roots}, {&have.globs, site.globs}, {&have.Backends, site.Backends}} {
			for _, x := range p.from {
				*p.to = add(*p.to, x)
			}
		}
		for _, x := range site.Settings {
			if !slices.Contains(have.Settings, x) {
				have.Settings = append(have.Settings, x)
			}
		}
	}
	return out
}

func add(list []string, x string) []string {
	if x == "" || slices.Contains(list, x) {
		return list
	}
	return append(list, x)
}

// named notes the names of a site; "_" and "" are none. A dot in front stands for the name and all below it:
//
//	server_name .shop.test *.shop.example mail.* ~^www\d+\.shop\.test$;
func (s *Site) named(words []string) {
	for _, w := range words {
		if strings.HasPrefix(w, "~") {
			s.Patterns = add(s.Patterns, w)
			continue
		}
		w, _, _ = strings.Cut(strings.ToLower(w), ":")
		bare, all := strings.CutPrefix(w, ".")
		switch {
		case w == "_" || bare == "" || strings.ContainsAny(w, "$%{}/^ "):
		case strings.Contains(w, "*"):
			s.Patterns = add(s.Patterns, w)
		case all:
			s.Names, s.Patterns = add(s.Names, bare), add(s.Patterns, "*"+w)
		default:
			s.Names = add(s.Names, w)
		}
	}
}
