package main

import (
	"slices"
	"strings"
	"time"

	"why502/parser/discover"
	"why502/parser/input"
)

// Of logs that are written only when something happens, how many that were silent are read all the same, and how large they may be.
const (
	maxSilent     = 64
	maxSilentSize = 8 << 20
	maxSilence    = 35 * 24 * time.Hour // logrotate has PHP-FPM note each week that it opened its log anew
)

// seldom are the kinds of such logs, as discover calls them.
var seldom = []string{"PHP-FPM log", "PHP-FPM slow log", "PHP error log", "MySQL or MariaDB log", "MySQL or MariaDB slow log"}

// silent are the logs that nothing was written to since from, though they are in use: PHP-FPM's log of a server that was started weeks
// ago ends with this, and a pool that filled up today would stand below it. What they hold does not count, but neither are they
// missing.
//
//	[02-Nov-2026 06:25:01] NOTICE: ready to handle connections
//
// Of several generations the newest that holds anything is meant. What is far older belongs to a PHP that is in use no more.
func silent(logs []discover.Log, from time.Time) (paths []string) {
	newest := map[string]discover.Log{}
	for _, l := range logs {
		if l.Size == 0 || !slices.ContainsFunc(seldom, func(kind string) bool { return strings.HasPrefix(l.Kind, kind) }) {
			continue
		}
		stem := input.Stem(l.Path)
		if n, met := newest[stem]; !met || l.ModTime.After(n.ModTime) {
			newest[stem] = l
		}
	}
	for _, l := range newest {
		if l.ModTime.Before(from) && l.ModTime.After(from.Add(-maxSilence)) && l.Size <= maxSilentSize {
			paths = append(paths, l.Path)
		}
	}
	slices.Sort(paths)
	return paths[:min(len(paths), maxSilent)]
}

// silentNote says in the note on what was read how many there are.
func silentNote(n int) string {
	if n == 0 {
		return ""
	}
	return ", and " + many(n, "that was silent since", "that were silent since")
}
