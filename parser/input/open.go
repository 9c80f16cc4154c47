// Package input says where lines come from: files, folders, globs, archives, standard input and the journal.
package input

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Options are what Open may be told beyond the paths.
type Options struct {
	Stdin       io.Reader       // what "-" reads; nil is os.Stdin
	Interrupted <-chan struct{} // closed when pipes are to be waited for no longer; may be nil
	Ledger      *Ledger         // of what was consumed before; nil: nothing was, and none is kept
	Since       time.Time       // files written to last before that are left out
	Trust       bool            // files of folders are not opened if their names do not speak of archives, see ErrTrust
}

// Open finds the files that paths mean: files, folders (every file below them, in order of name), globs that the shell
// left alone, and "-". A file is taken once, however many ways lead to it. Every input that cannot be read
// gives one error and does not hinder the others.
func Open(paths []string, opts Options) ([]*File, []error) {
	if opts.Stdin == nil {
		opts.Stdin = os.Stdin
	}
	o := opener{stdin: opts.Stdin, interrupted: opts.Interrupted, ledger: opts.Ledger, since: opts.Since, trust: opts.Trust, shelf: new(shelf), seen: make(map[identity]bool)}
	if o.ledger != nil {
		o.ledger.begin()
	}
	for _, p := range paths {
		o.argument(p)
	}
	if o.ledger != nil {
		o.ledger.place(o.files)
	}
	return o.files, o.errs
}

// opener gathers files and errors.
type opener struct {
	stdin     io.Reader
	stdinUsed bool

	interrupted <-chan struct{}
	ledger      *Ledger
	since       time.Time
	trust       bool

	seen     map[identity]bool // files and folders met so far
	archives int               // met in folders
	heads    int               // bytes of those kept of files in archives
	tails    int
	shelf    *shelf       // apart, because files in archives hold it to the end
	head     [enough]byte // of the file looked at
	files    []*File
	errs     []error
}

func (o *opener) fail(err error) { o.errs = append(o.errs, err) }

// argument takes one path as the user gave it.
func (o *opener) argument(path string) {
	if path == "-" {
		if !o.stdinUsed {
			o.stdinUsed = true
			o.files = append(o.files, newStdin(o.stdin, o.interrupted))
		}
		return
	}
	if path == "" {
		o.fail(&Error{Path: `""`, What: "an empty path", Mend: "is a variable unset?"})
		return
	}
	info, err := os.Stat(path)
	if err == nil {
		o.named(path, info)
		return
	}
	// A file may have a star in its name: the glob is tried second.
	if strings.ContainsAny(path, "*?[") {
		o.glob(path)
		return
	}
	o.fail(pathError(path, err))
}

func (o *opener) glob(pattern string) {
	matches, err := filepath.Glob(pattern)
	switch {
	case err != nil:
		o.fail(&Error{Path: pattern, What: "is neither a file nor a glob", Mend: `a "[" needs its "]"`, Err: err})
	case len(matches) == 0:
		o.fail(&Error{Path: pattern, What: "nothing matches", Mend: "check the spelling or give the folder", Err: fs.ErrNotExist})
	}
	for _, m := range matches {
		if info, err := os.Stat(m); err != nil {
			o.fail(pathError(m, err))
		} else {
			o.named(m, info)
		}
	}
}

// named takes a file or folder that the user asked for by name.
func (o *opener) named(path string, info fs.FileInfo) {
	switch mode := info.Mode(); {
	case mode.IsDir():
		w := walker{opener: o, root: realPath(path)}
		if w.folder(path, info); w.found == 0 && w.failed == 0 && !w.again {
			o.fail(&Error{Path: path, What: "no file in this folder", Mend: "give the folder that holds the logs"})
		}
	case mode.IsRegular():
		o.regular(path, info, false, false)
	case mode&fs.ModeNamedPipe != 0: // <(zcat …)
		if o.first(path, info) {
			o.files = append(o.files, &File{name: path, onDisk: true, stream: &stream{interrupted: o.interrupted}, trail: &trail{}})
		}
	case mode&fs.ModeSocket != 0:
		o.fail(&Error{Path: path, What: "is a socket, not a log", Mend: "give the log of the program that listens on it"})
	default:
		o.fail(&Error{Path: path, What: "is a device, not a log"})
	}
}

// regular takes a file; it says whether the file can be read. If it is known to be no archive (logLike) it need not be opened for that.
func (o *opener) regular(path string, info fs.FileInfo, walked, logLike bool) bool {
	if !o.first(path, info) || info.ModTime().Before(o.since) {
		return true
	}
	file := &File{name: path, onDisk: true, walked: walked, trust: logLike && o.trust, size: info.Size(), mtime: info.ModTime()}
	if o.ledger != nil {
		file.trail = &trail{id: identify(path, info), limit: unlimited, ledger: true, About: About{Name: path}}
		if file.known = o.ledger.unchanged(file.id, file.size, file.mtime); file.known != nil {
			o.ledger.claimed[file.known] = file
			o.files = append(o.files, file)
			return true
		}
	}
	if logLike {
		o.files = append(o.files, file)
		return true
	}
	// Reading comes later, but whether it is allowed should be said before anything is computed.
	f, err := openFile(path, file.size)
	if err != nil {
		o.fail(pathError(path, err))
		return false
	}
	defer func() { _ = f.Close() }()
	head, kind := f.begin(&o.head)
	if o.archive(f, head, kind, walked) {
		return true
	}
	file.packed = kind != plain
	o.files = append(o.files, file)
	return true
}

// first says whether this file or folder has not been met yet, under any name.
func (o *opener) first(path string, info fs.FileInfo) bool {
	id := identify(path, info)
	if o.seen[id] {
		return false
	}
	o.seen[id] = true
	return true
}
