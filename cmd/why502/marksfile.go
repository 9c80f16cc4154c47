package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"why502/parser/input/follow"
)

// marksEvery is how often marks are saved while lines come.
const marksEvery = 2 * time.Second

// marksFile is the file of --marks. If standard output is a file, the marks also say how long it was: what was printed after they were
// saved comes again at the next start, and is cut off there first.
type marksFile struct {
	name   string
	out    *os.File // nil: standard output is no file
	saved  uint64   // what Progress said when they were saved
	failed bool     // that did not succeed
	last   time.Time
	said   string // what the user was told of saving them
	done   chan error
}

// printed is how long the file was to which records were printed.
type printed struct {
	Dev   uint64 `json:"dev"`
	Inode uint64 `json:"inode"`
	Size  int64  `json:"size"`
}

func openMarks(name string, stdout io.Writer) (*marksFile, *follow.Marks, error) {
	m := &marksFile{name: name}
	if f, ok := stdout.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			m.out = f
		}
	}
	marks, err := follow.LoadMarks(name)
	if err != nil {
		return nil, nil, usage("--marks %s: %s; to begin anew, remove it", name, reason(err))
	}
	if marks == nil || m.out == nil || len(marks.Extra) == 0 {
		return m, marks, nil
	}
	var p printed
	if err := json.Unmarshal(marks.Extra, &p); err != nil {
		return m, marks, nil // another command's; it says nothing about this output
	}
	if err := m.cut(p); err != nil {
		return nil, nil, usage("--marks %s: some records in the output came after these marks and cannot be taken out (%s); write to another file", name, err)
	}
	return m, marks, nil
}

var errForeign = errors.New("others write there, too")

// cut takes off the output what will be printed again.
func (m *marksFile) cut(p printed) error {
	info, err := m.out.Stat()
	if err != nil {
		return err
	}
	if dev, inode := follow.Identity(info); dev != p.Dev || inode != p.Inode || info.Size() <= p.Size {
		return nil
	}
	in, err := os.Open("/proc/self/fd/" + strconv.Itoa(int(m.out.Fd()))) // standard output is open for writing only
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	if _, err := in.Seek(p.Size, io.SeekStart); err != nil {
		return err
	}
	for r := bufio.NewReader(in); ; {
		line, err := r.ReadSlice('\n')
		if len(line) > 0 && !bytes.HasPrefix(line, []byte(`{"`)) && !bytes.HasPrefix([]byte(`{"`), line) {
			return errForeign
		}
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.ReadSlice('\n')
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	if err := m.out.Truncate(p.Size); err != nil {
		return err
	}
	_, err = m.out.Seek(0, io.SeekEnd)
	return err
}

// due says whether it is time to save marks again, or to look what became of the last ones.
func (m *marksFile) due(progress uint64) bool {
	return m != nil && (progress != m.saved || m.failed || m.done != nil) && time.Since(m.last) >= marksEvery
}

// save saves the marks of w; all that was made of the lines has been printed. The disk is not waited for: it may be what the
// outage is about.
func (m *marksFile) save(w *follow.Watcher) error {
	if m.done != nil {
		select {
		case err := <-m.done:
			m.done = nil
			if m.failed = err != nil; m.failed {
				m.last = time.Now()
				return err
			}
			m.said = ""
		default:
			return nil // still busy
		}
	}
	if !m.failed && m.saved == w.Progress() {
		return nil
	}
	marks, err := m.take(w)
	if err != nil {
		return err
	}
	m.saved, m.failed, m.last = w.Progress(), false, time.Now()
	done := make(chan error, 1)
	m.done = done
	go func() { done <- marks.Save(m.name) }()
	return nil
}

// finish saves the marks and waits for the disk.
func (m *marksFile) finish(w *follow.Watcher) error {
	if m.done != nil {
		<-m.done // what it wrote is written again
	}
	marks, err := m.take(w)
	if err != nil {
		return err
	}
	return marks.Save(m.name)
}

func (m *marksFile) take(w *follow.Watcher) (*follow.Marks, error) {
	marks := w.Marks()
	if m.out == nil {
		return marks, nil
	}
	info, err := m.out.Stat()
	if err != nil {
		return nil, err
	}
	p := printed{Size: info.Size()}
	p.Dev, p.Inode = follow.Identity(info)
	marks.Extra, err = json.Marshal(p)
	return marks, err
}

// complain says once why marks are not saved.
func (m *marksFile) complain(stderr io.Writer, err error) {
	if text := reason(err); text != m.said {
		m.said = text
		complain(stderr, "--marks "+m.name+": "+text+"; it is tried again")
	}
}

// besideLogs refuses a file of marks that would lie in a folder of logs: what is written there is followed, rotated and
// packed by others.
func (m *marksFile) besideLogs(paths []string) error {
	dir := realDir(m.name)
	for _, p := range paths {
		folder := realDir(p)
		if isFolder(p) {
			folder = realDir(filepath.Join(p, "x"))
		}
		if dir == folder || strings.HasPrefix(dir, folder+string(filepath.Separator)) && isFolder(p) {
			return usage("--marks %s: lies in a folder of logs, into which nothing is written; give a file elsewhere, such as /var/lib/why502/marks", m.name)
		}
	}
	return nil
}

func isFolder(p string) bool {
	info, err := os.Stat(p)
	return err == nil && info.IsDir()
}

// realDir is the folder of name, without symbolic links as far as it is there.
func realDir(name string) string {
	dir := filepath.Dir(name)
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	for up, rest := dir, ""; ; up, rest = filepath.Dir(up), filepath.Join(filepath.Base(up), rest) {
		if real, err := filepath.EvalSymlinks(up); err == nil {
			return filepath.Join(real, rest)
		}
		if up == filepath.Dir(up) {
			return dir
		}
	}
}
