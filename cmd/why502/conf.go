package main

import (
	"iter"
	"path"
	"path/filepath"
	"slices"

	"why502/classifier/correlate"
	"why502/parser"
	"why502/parser/discover"
	"why502/parser/input"
)

// confDepth is how many folders above a log are looked at for a configuration.
const confDepth = 10

// beside is the configuration that belongs to the logs.
type beside struct {
	formats []*parser.AccessFormat
	servers []*discover.Server
}

// configuration reads what lies beside the logs, or that of server if it is known:
//
//	case/logs/nginx/access.log             case/conf/nginx.conf
//	/var/log/nginx/access.log              /etc/nginx/nginx.conf
//	x.tgz!/customer/var/log/nginx/e.log    x.tgz!/customer/etc/nginx/nginx.conf
func configuration(files []*input.File, server discover.Files) (b beside) {
	if server != nil {
		b.server(server)
	} else {
		seen := map[string]bool{}
		for _, f := range files {
			if !f.Stream() {
				b.look(f, seen)
			}
		}
	}
	for _, f := range files {
		if a, _ := f.Archive(); a != nil {
			a.Forget()
		}
	}
	return b
}

// look looks for a configuration in the folders above a log that have not been looked at.
func (b *beside) look(f *input.File, seen map[string]bool) {
	child, depth := "", 0
	for dir := range above(f) {
		name := dir.Name("/")
		if depth++; seen[name] || depth > confDepth {
			return
		}
		seen[name] = true
		live := isLiveRoot(dir)
		if conf := below(dir, "conf"); !live && discover.HasFolder(dir, "/conf") {
			b.server(conf)
		}
		// Copies of other servers lie somewhere below this one's root, too: its configuration is that of its own logs.
		if own := child == "var" || child == "usr" || child == "opt"; (own || !live) && discover.Configured(dir) {
			b.server(dir)
		}
		child = path.Base(filepath.ToSlash(name))
	}
}

// above are the folders that a file lies in, the nearest first: those in its archive, then those the archive lies in.
func above(f *input.File) iter.Seq[discover.Files] {
	return func(yield func(discover.Files) bool) {
		name := f.Name()
		for a, inside := f.Archive(); a != nil; a = a.Parent() {
			for dir := path.Dir(inside); ; dir = path.Dir(dir) {
				if !yield(a.Below(dir)) {
					return
				}
				if dir == "/" {
					break
				}
			}
			name, inside = a.Name(), a.Inside()
		}
		for dir := filepath.Dir(name); filepath.Base(dir) != ".." && yield(discover.Folder(dir)); dir = filepath.Dir(dir) {
			if filepath.Dir(dir) == dir {
				return
			}
		}
	}
}

// below is a folder of files.
func below(files discover.Files, name string) discover.Files {
	if v, ok := files.(input.View); ok {
		return v.Below(name)
	}
	return discover.Folder(files.Name("/" + name))
}

func isLiveRoot(files discover.Files) bool {
	if _, archived := files.(input.View); archived {
		return false
	}
	dir, err := filepath.Abs(files.Name("/"))
	return err == nil && dir == liveRoot
}

// server reads one configuration. What cannot be read of it is no fault of the logs: lines in an unknown format are
// counted, what is not known of pools and sites is found out by their names.
func (b *beside) server(files discover.Files) {
	formats, _ := discover.Formats(files)
	b.formats = append(b.formats, formats...)
	s := discover.Configuration(files)
	if len(s.Sites)+len(s.Pools)+len(s.Settings) == 0 || slices.ContainsFunc(b.servers, s.Same) {
		return
	}
	b.servers = append(b.servers, s)
}

// wiring is what the configuration says about who belongs to whom; nil if there is none, or several: logs of two
// servers share names of pools and sockets.
func (b *beside) wiring(files []*input.File) *correlate.Config {
	if len(b.servers) != 1 {
		return nil
	}
	s := b.servers[0]
	c := &correlate.Config{Settings: slices.Concat(settings(s.Settings), settings(s.Database)), Files: map[string]string{}, PoolLogs: map[string]int{}}
	for _, p := range s.Pools {
		c.Pools = append(c.Pools, correlate.Pool{Name: p.Name, Listen: p.Listen, Settings: settings(p.Settings)})
	}
	for _, v := range s.Sites {
		c.Sites = append(c.Sites, correlate.Site{Names: v.Names, Patterns: v.Patterns, Roots: v.Roots, Backends: v.Backends, Settings: settings(v.Settings)})
	}
	for _, f := range files {
		if site := s.SiteOf(f.Name()); site != "" {
			c.Files[f.Name()] = site
		}
		if pool := s.PoolOf(f.Name()); pool >= 0 {
			c.PoolLogs[f.Name()] = pool
		}
	}
	return c
}

func settings(list []discover.Setting) []correlate.Setting {
	out := make([]correlate.Setting, len(list))
	for i, s := range list {
		out[i] = correlate.Setting(s)
	}
	return out
}
