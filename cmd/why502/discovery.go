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
	files  discover.Files
	server *discover.Server
	logs   []discover.Log // those that can be read
	denied []discover.Log
	absent []discover.Log

	members map[string]*input.File // of an archive; nil: the server is a folder
	lost    []error                // what could not be read of the archive
}

// findLogs looks for the logs of the server below root, a folder or an archive.
func findLogs(root string) (*found, error) {
	f := &found{}
	if err := f.at(root); err != nil {
		return nil, err
	}
	f.server = discover.Configuration(f.files)
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

// at opens the folder or archive; "x.tgz!/customer" is a folder in one.
func (f *found) at(root string) error {
	name, inside, within := root, "", false
	info, err := os.Stat(root)
	if err != nil {
		if name, inside, within = strings.Cut(root, "!/"); within {
			info, err = os.Stat(name)
		}
	}
	switch {
	case err != nil:
		return usage("--root %s: %s", root, reason(err))
	case info.IsDir():
		f.files = discover.Folder(root)
		return nil
	}
	files, errs := input.Open([]string{name}, input.Options{})
	f.members = map[string]*input.File{}
	var archive *input.Archive
	for _, file := range files {
		f.members[file.Name()] = file
		for a, _ := file.Archive(); a != nil; a = a.Parent() {
			archive = a
		}
	}
	f.lost = errs
	switch {
	case archive == nil && len(errs) > 0:
		return usage("--root %w", errs[0])
	case archive == nil:
		return usage("--root %s: is neither a folder nor an archive; give what holds etc and var", root)
	case within:
		f.files = archive.Below(inside)
		return nil
	}
	roots := serversIn(archive.Below("/"), 0)
	if len(roots) > 1 {
		return usage("--root %s: holds several servers; give one of them: --root '%s'", root, strings.TrimSuffix(roots[0].Name("/"), "/"))
	}
	f.files = archive.Below("/")
	if len(roots) > 0 {
		f.files = roots[0]
	}
	return nil
}

// maxRootDepth is how deep in an archive the root of a server may lie.
const maxRootDepth = 6

// serversIn are the folders that hold a server: its configuration, or else its logs.
func serversIn(v input.View, depth int) (roots []input.View) {
	if discover.Configured(v) || discover.HasFolder(v, "/var/log") {
		return []input.View{v}
	}
	if depth >= maxRootDepth {
		return nil
	}
	names, _ := v.List("/")
	for _, name := range names {
		if info, err := v.Stat("/" + name); err == nil && info.IsDir() {
			roots = append(roots, serversIn(v.Below(name), depth+1)...)
		}
	}
	return roots
}

// open opens logs by their path.
func (f *found) open(paths []string, opts input.Options) ([]*input.File, []error) {
	if f.members == nil {
		return input.Open(paths, opts)
	}
	var files []*input.File
	for _, p := range paths {
		if file := f.members[p]; file != nil {
			files = append(files, file)
		}
	}
	return files, nil
}

// discover gives the logs of the server below root that were written in the time asked for. A copied tree lies still:
// its newest log says what is recent there.
func (p *pipeline) discover(sel *selection) ([]*input.File, error) {
	root := sel.root
	w, err := sel.window(time.Local)
	if err != nil {
		return nil, err
	}
	f, err := findLogs(root)
	if err != nil {
		return nil, err
	}
	sel.server = f.files
	p.failed(f.lost)
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
	switch {
	case sel.ledger != nil && f.members != nil:
		return nil, usage("--root %s: an archive does not change from day to day; give it to why502 analyze", root)
	case sel.ledger != nil && !sel.written.IsZero():
		from = sel.written
	case w.from.IsZero():
		from = newest(f.logs)
		if root == liveRoot {
			from = sel.now
		}
		from = from.Add(-freshLogs)
	}
	sel.written = from
	var paths []string
	for _, l := range f.logs {
		if !l.ModTime.Before(from) {
			paths = append(paths, l.Path)
		}
	}
	quiet := 0
	if sel.ledger == nil && len(paths) > 0 {
		p.silent = map[string]bool{}
		for _, path := range silent(f.logs, from) {
			p.silent[path] = true
			paths = append(paths, path)
		}
		quiet = len(p.silent)
	}
	since := from.Local().Format(time.DateTime)
	if sel.zone != nil {
		since = from.In(sel.zone).Format(time.DateTime)
	}
	if sel.ledger == nil {
		p.places = append(p.places, fmt.Sprintf("Logs written since %s were read, %d of the %d found%s: why502 logs lists them, --since reads older ones.",
			since, len(paths)-quiet, len(f.logs), silentNote(quiet)))
	}
	absent := slices.DeleteFunc(slices.Clone(f.absent), func(l discover.Log) bool { return l.Off })
	if len(absent) > 0 {
		p.places = append(p.places, fmt.Sprintf("The configuration names %s: %s.", many(len(absent), "log that is not there", "logs that are not there"), firstPaths(absent)))
	}
	if list := f.server.Problems; len(list) > 0 {
		p.places = append(p.places, fmt.Sprintf("%s in the configuration: %s.", many(len(list), "problem", "problems, which why502 logs lists,"), list[0]))
	}
	if len(paths) == 0 && sel.ledger == nil {
		complain(p.stderr, "no log was written since "+since+"; --since reads older ones")
	}
	files, errs := f.open(paths, input.Options{Ledger: sel.ledger})
	p.failed(errs)
	return files, nil
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
