package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"why502/parser/discover"
	"why502/parser/input"
)

// freshLogs is how long ago a log may have been written to be read without being named. The rest of a year's rotation
// would only cost time; --since says otherwise.
const freshLogs = 48 * time.Hour

const accessHint = "run it with sudo or as a member of the group that may read logs (usually adm)"

// liveRoot is this machine.
const liveRoot = string(filepath.Separator)

// found is what a server has.
type found struct {
	server *discover.Server
	logs   []discover.Log // those that can be read
	denied []discover.Log
	absent []discover.Log
}

// findLogs looks for the logs of the server below root.
func findLogs(root string) (*found, error) {
	if info, err := os.Stat(root); err != nil {
		return nil, usage("--root %s: %s", root, reason(err))
	} else if !info.IsDir() {
		return nil, usage("--root %s: is no folder; give the one that holds etc and var", root)
	}
	f := &found{server: discover.Configuration(root)}
	for _, l := range f.server.Logs() {
		switch {
		case l.Err == nil:
			f.logs = append(f.logs, l)
		case errors.Is(l.Err, fs.ErrNotExist):
			f.absent = append(f.absent, l)
		default:
			f.denied = append(f.denied, l)
		}
	}
	return f, nil
}

// discover gives the logs of the server below root that were written in the time asked for. A copied tree lies still:
// its newest log says what is recent there.
func (p *pipeline) discover(sel *selection) ([]string, error) {
	root := sel.root
	w, err := sel.window(time.Local)
	if err != nil {
		return nil, err
	}
	f, err := findLogs(root)
	if err != nil {
		return nil, err
	}
	for _, l := range f.denied {
		p.unread = true
		p.lost = append(p.lost, &input.Error{Path: l.Path, What: reason(l.Err), Err: l.Err})
	}
	if n := len(f.denied); n > 0 {
		complain(p.stderr, fmt.Sprintf("%s not be read: %s; %s", many(n, "log or folder", "logs or folders")+" may", firstPaths(f.denied), accessHint))
	}
	if len(f.logs) == 0 && len(f.denied) > 0 {
		return nil, &status{code: statusUnread} // said above
	}
	if len(f.logs) == 0 {
		return nil, usage("no log found below %s; give log files, folders or globs, see why502 logs", root)
	}
	from := w.from.Add(-before)
	if w.from.IsZero() {
		from = newest(f.logs)
		if root == liveRoot {
			from = sel.now
		}
		from = from.Add(-freshLogs)
	}
	var paths []string
	for _, l := range f.logs {
		if !l.ModTime.Before(from) {
			paths = append(paths, l.Path)
		}
	}
	since := from.Local().Format(time.DateTime)
	if sel.zone != nil {
		since = from.In(sel.zone).Format(time.DateTime)
	}
	p.places = append(p.places, fmt.Sprintf("Logs written since %s were read, %d of the %d found: why502 logs lists them, --since reads older ones.",
		since, len(paths), len(f.logs)))
	absent := slices.DeleteFunc(slices.Clone(f.absent), func(l discover.Log) bool { return l.Off })
	if len(absent) > 0 {
		p.places = append(p.places, fmt.Sprintf("The configuration names %s: %s.", many(len(absent), "log that is not there", "logs that are not there"), firstPaths(absent)))
	}
	if list := f.server.Problems; len(list) > 0 {
		p.places = append(p.places, fmt.Sprintf("%s in the configuration: %s.", many(len(list), "problem", "problems, which why502 logs lists,"), list[0]))
	}
	if len(paths) == 0 {
		complain(p.stderr, "no log was written since "+since+"; --since reads older ones")
	}
	return paths, nil
}

func newest(logs []discover.Log) (t time.Time) {
	for _, l := range logs {
		if l.ModTime.After(t) {
			t = l.ModTime
		}
	}
	return t
}

// shownPaths bounds the paths named in one line.
const shownPaths = 4

func firstPaths(logs []discover.Log) string {
	var names []string
	for _, l := range logs[:min(len(logs), shownPaths)] {
		names = append(names, l.Path)
	}
	if len(logs) > shownPaths {
		names = append(names, fmt.Sprintf("and %d more", len(logs)-shownPaths))
	}
	return strings.Join(names, ", ")
}

func many(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
