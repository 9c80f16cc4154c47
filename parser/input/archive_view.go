package input

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// View is an archive below one of its folders, to be looked at like a server's file system: paths are absolute, slashed
// and clean, and mean places below that folder. Links are not followed. Nothing is unpacked to disk.
type View struct {
	a    *Archive
	root string
}

// Below looks at an archive from one of its folders on; "/" is all of it.
func (a *Archive) Below(root string) View { return View{a, path.Clean("/" + root)} }

// Below is the view from a folder of this one.
func (v View) Below(p string) View { return v.a.Below(v.in(p)) }

// Inside is the path of an archive in the one it lies in.
func (a *Archive) Inside() string {
	if a.parent == nil {
		return ""
	}
	return a.name[len(a.parent.name)+len(inArchive):]
}

// Forget lets go of the configuration: what is asked for afterwards is fetched again.
func (a *Archive) Forget() { a.texts, a.folders = nil, nil }

// Close lets go of all that is known of the archive, and of those around it, but for the files that somebody holds: nothing can be
// looked up any more.
func (a *Archive) Close() {
	for ; a != nil; a = a.parent {
		a.files, a.byName, a.links, a.texts, a.folders = nil, nil, nil, nil, nil
	}
}

// maxFetched is how many files may be fetched from an archive that were not kept from the first pass.
const maxFetched = 32

var errFetched = errors.New("too many files lie in unusual places of this archive")

func (v View) in(p string) string { return path.Join(v.root, path.Clean("/"+p)) }

// Name is the path with that of the archive.
func (v View) Name(p string) string { return v.a.name + inArchive + v.in(p) }

// Readlink is where a link leads.
func (v View) Readlink(p string) (string, bool) {
	l, ok := v.a.links[v.in(p)]
	if !ok || !l.hard {
		return l.to, ok
	}
	if v.root == "/" {
		return l.to, true
	}
	rest, ok := strings.CutPrefix(l.to, v.root+"/")
	return "/" + rest, ok
}

// Stat says what is there.
func (v View) Stat(p string) (fs.FileInfo, error) {
	p = v.in(p)
	if i, ok := v.a.byName[p]; ok {
		f := v.a.files[i]
		return about{name: path.Base(p), size: f.member.size, mtime: f.mtime}, nil
	}
	if _, ok := v.a.tree()[p]; ok {
		return about{name: path.Base(p), mode: fs.ModeDir}, nil
	}
	return nil, fs.ErrNotExist
}

// List returns what is in a folder, in order of name.
func (v View) List(p string) ([]string, error) {
	names, ok := v.a.tree()[v.in(p)]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return names, nil
}

// Open opens a file.
func (v View) Open(p string) (io.ReadCloser, error) {
	p = v.in(p)
	if text, ok := v.a.texts[p]; ok {
		return io.NopCloser(bytes.NewReader(text)), nil
	}
	i, ok := v.a.byName[p]
	switch {
	case !ok:
		return nil, fs.ErrNotExist
	case v.a.slow && v.a.fetched >= maxFetched:
		return nil, errFetched
	}
	v.a.fetched++
	return v.a.files[i].member.open()
}

// Allowed is nil: who may read an archive may read all of it.
func (v View) Allowed(string) error { return nil }

// tree is the folders with what is in them. It is made when somebody asks.
func (a *Archive) tree() map[string][]string {
	if a.folders != nil {
		return a.folders
	}
	a.folders = map[string][]string{"/": nil}
	seen := map[string]bool{}
	note := func(p string) {
		for ; p != "/" && !seen[p]; p = path.Dir(p) {
			seen[p] = true
			dir := path.Dir(p)
			a.folders[dir] = append(a.folders[dir], path.Base(p))
		}
	}
	for p := range a.byName {
		note(p)
	}
	for p := range a.links {
		note(p)
	}
	for _, names := range a.folders {
		slices.Sort(names)
	}
	return a.folders
}

// about is what is known of a file or folder in an archive.
type about struct {
	name  string
	size  int64
	mode  fs.FileMode
	mtime time.Time
}

func (a about) Name() string       { return a.name }
func (a about) Size() int64        { return a.size }
func (a about) Mode() fs.FileMode  { return a.mode }
func (a about) ModTime() time.Time { return a.mtime }
func (a about) IsDir() bool        { return a.mode.IsDir() }
func (a about) Sys() any           { return nil }
