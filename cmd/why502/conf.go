package main

import (
	"os"
	"path/filepath"

	"why502/classifier/correlate"
	"why502/parser"
	"why502/parser/discover"
	"why502/parser/input"
)

// confDepth is how many folders above a log are looked at for a configuration.
const confDepth = 10

// serverConf is where the web servers' and PHP-FPM's configuration lies below the root whose var/log the logs come from:
// that of this host, or of a tree that was copied from another.
var serverConf = []string{
	"etc/nginx", "etc/apache2", "etc/httpd", "usr/local/apache/conf", "usr/local/nginx/conf", "etc/php", "etc/php-fpm.d", "opt/cpanel",
}

// beside is the configuration that belongs to the logs.
type beside struct {
	formats []*parser.AccessFormat
	servers []*discover.Server
}

// configuration reads what lies beside the logs, or below root if that is known:
//
//	case/logs/nginx/access.log  case/conf/nginx.conf
//	/var/log/nginx/access.log   /etc/nginx/nginx.conf
func configuration(files []*input.File, root string) (b beside) {
	if root != "" {
		b.server(root)
		return b
	}
	seen := map[string]bool{}
	for _, f := range files {
		dir := filepath.Dir(f.Name())
		for range confDepth {
			if seen[dir] {
				break
			}
			seen[dir] = true
			up := filepath.Dir(dir)
			if conf := filepath.Join(dir, "conf"); up != dir && isFolder(conf) {
				b.server(conf)
			}
			if filepath.Base(dir) == "var" && len(confFolders(up)) > 0 {
				b.server(up)
			}
			if up == dir {
				break
			}
			dir = up
		}
	}
	return b
}

// server reads one configuration. What cannot be read of it is no fault of the logs: lines in an unknown format are
// counted, what is not known of pools and sites is found out by their names.
func (b *beside) server(root string) {
	for _, conf := range confFolders(root) {
		formats, _ := discover.FindFormats(conf)
		b.formats = append(b.formats, formats...)
	}
	if s := discover.Configuration(root); len(s.Sites)+len(s.Pools)+len(s.Settings) > 0 {
		b.servers = append(b.servers, s)
	}
}

// confFolders are the folders below a root that may hold log formats: all of it, if it is a configuration only.
func confFolders(root string) (folders []string) {
	if filepath.Base(root) == "conf" {
		return []string{root}
	}
	for _, c := range serverConf[:5] {
		if dir := filepath.Join(root, c); isFolder(dir) {
			folders = append(folders, dir)
		}
	}
	return folders
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// wiring is what the configuration says about who belongs to whom; nil if there is none, or several: logs of two
// servers share names of pools and sockets.
func (b *beside) wiring(files []*input.File) *correlate.Config {
	if len(b.servers) != 1 {
		return nil
	}
	s := b.servers[0]
	c := &correlate.Config{Settings: settings(s.Settings), Files: map[string]string{}}
	for _, p := range s.Pools {
		c.Pools = append(c.Pools, correlate.Pool{Name: p.Name, Listen: p.Listen, Settings: settings(p.Settings)})
	}
	for _, v := range s.Sites {
		c.Sites = append(c.Sites, correlate.Site{Names: v.Names, Roots: v.Roots, Backends: v.Backends, Settings: settings(v.Settings)})
	}
	for _, f := range files {
		if site := s.SiteOf(f.Name()); site != "" {
			c.Files[f.Name()] = site
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
