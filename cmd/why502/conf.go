package main

import (
	"os"
	"path/filepath"

	"why502/parser"
	"why502/parser/input"
)

// confDepth is how many folders above a log are looked at for a configuration.
const confDepth = 10

// serverConf is where the web servers' configuration lies below the root whose var/log the logs come from: that of this
// host, or of a tree that was copied from another.
var serverConf = []string{"etc/nginx", "etc/apache2", "etc/httpd", "usr/local/apache/conf", "usr/local/nginx/conf"}

// formatsBeside compiles the log formats of the configuration that belongs to the logs:
//
//	case/logs/nginx/access.log  case/conf/nginx.conf
//	/var/log/nginx/access.log   /etc/nginx/nginx.conf
func formatsBeside(files []*input.File) []*parser.AccessFormat {
	var out []*parser.AccessFormat
	seen := map[string]bool{}
	look := func(conf string) {
		if seen[conf] {
			return
		}
		seen[conf] = true
		if info, err := os.Stat(conf); err == nil && info.IsDir() {
			// What cannot be read there is no fault of the logs: lines in an unknown format are counted.
			formats, _ := parser.FindFormats(conf)
			out = append(out, formats...)
		}
	}
	for _, f := range files {
		dir := filepath.Dir(f.Name())
		for range confDepth {
			if seen["in "+dir] {
				break
			}
			seen["in "+dir] = true
			up := filepath.Dir(dir)
			if up != dir {
				look(filepath.Join(dir, "conf"))
			}
			if filepath.Base(dir) == "var" {
				for _, c := range serverConf {
					look(filepath.Join(up, c))
				}
			}
			if up == dir {
				break
			}
			dir = up
		}
	}
	return out
}
