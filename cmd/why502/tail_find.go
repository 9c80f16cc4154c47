package main

import (
	"fmt"
	"strings"
	"time"

	"why502/parser/input"
)

// seeking is how often is looked whether this server has a log that is not followed yet: a slow log that was turned on, a new site.
const seeking = time.Minute

// find returns the logs of this server: those that are written to, not their older generations.
func (t *watching) find() ([]string, error) {
	f, err := findLogs(t.root)
	if err != nil {
		return nil, err
	}
	t.sel.server = f.files
	paths := f.current()
	stderr := t.c.ErrOrStderr()
	if n := len(f.denied); n > 0 {
		complain(stderr, many(n, "log or folder", "logs or folders")+" may not be read: "+firstPaths(f.denied)+"; "+accessHint)
	}
	switch {
	case len(paths) == 0 && len(f.denied) > 0:
		return nil, &status{code: statusUnread} // said above
	case len(paths) == 0:
		return nil, usage("no log found on this server; give log files, folders or globs, see why502 logs")
	}
	t.found, t.sought = map[string]bool{}, time.Now()
	for _, path := range paths {
		t.found[path] = true
	}
	return paths, nil
}

// current are the logs that are or may be written to.
func (f *found) current() (paths []string) {
	there := map[string]bool{}
	for _, l := range f.logs {
		there[l.Path] = true
	}
	for _, l := range f.logs {
		if stem := input.Stem(l.Path); stem == l.Path || !there[stem] {
			paths = append(paths, l.Path)
		}
	}
	for _, l := range f.absent {
		if !l.Off {
			paths = append(paths, l.Path) // it may come
		}
	}
	return paths
}

// seek looks for logs of this server that came since they were last looked for, and begins anew if there are any. On a server with
// thousands of sites that takes a while: then it is done more seldom.
func (t *watching) seek(now time.Time) {
	if t.found == nil || now.Sub(t.sought) < max(t.every, 10*sparing*t.seekCost) {
		return
	}
	f, err := findLogs(t.root)
	t.sought = time.Now()
	t.seekCost = t.sought.Sub(now)
	if err != nil {
		return // what is followed stays
	}
	var fresh []string
	for _, path := range f.current() {
		if !t.found[path] {
			fresh = append(fresh, path)
		}
	}
	if len(fresh) == 0 {
		return
	}
	names := strings.Join(fresh[:min(len(fresh), shownPaths)], ", ")
	if n := len(fresh) - shownPaths; n > 0 {
		names += fmt.Sprintf(" and %d more", n)
	}
	complain(t.c.ErrOrStderr(), "now followed, too: "+names)
	t.anew()
}
