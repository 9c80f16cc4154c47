package main

import (
	"path"
	"path/filepath"
	"strings"
	"time"
)

// fileZone is the zone that --timezone PATH=ZONE gives to single files.
type fileZone struct {
	path string
	zone *time.Location
	used bool // some file is called so
}

// readZones reads what --timezone was given: once ZONE for all, any number of times PATH=ZONE.
func (in *selection) readZones() error {
	in.zone, in.zones = nil, nil
	all := ""
	for _, text := range in.timezones {
		name, zone := "", text
		if i := strings.LastIndexByte(text, '='); i >= 0 {
			name, zone = filepath.ToSlash(text[:i]), text[i+1:]
			if _, err := path.Match(name, ""); err != nil || name == "" {
				return usage("--timezone %s: %q is no path; give PATH=ZONE, such as 'php*-fpm.log=UTC'", text, name)
			}
		}
		z, err := location(zone)
		switch {
		case err != nil:
			return err
		case name != "":
			in.zones = append(in.zones, &fileZone{path: name, zone: z})
		case all != "":
			return usage("--timezone was given both %s and %s; give one for all, and PATH=ZONE for single files", all, text)
		default:
			all, in.zone = text, z
		}
	}
	return nil
}

// zoneOf is the zone given for a file by name; the last one given counts. nil if there is none.
func (s *survey) zoneOf(name string) *fileZone {
	for i := len(s.zones) - 1; i >= 0; i-- {
		if s.zones[i].means(name) {
			return s.zones[i]
		}
	}
	return nil
}

// means says whether the path is the end of a file's name, a glob or literally:
//
//	php8.2-fpm.log        var/log/php8.2-fpm.log        /var/log/php*-fpm.log
func (z *fileZone) means(name string) bool {
	name = filepath.ToSlash(name)
	if z.path == name {
		return true
	}
	want, have := strings.Split(strings.TrimPrefix(z.path, "./"), "/"), strings.Split(name, "/")
	if len(want) > len(have) {
		return false
	}
	tail := strings.Join(have[len(have)-len(want):], "/")
	ok, err := path.Match(strings.Join(want, "/"), tail)
	return tail == strings.Join(want, "/") || err == nil && ok
}
