package follow

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"why502/parser"
)

// Marks say how far logs were consumed.
type Marks struct {
	Version int             `json:"version"`
	Saved   time.Time       `json:"saved"` // when they were taken
	Files   []Mark          `json:"files"`
	Journal *JournalMark    `json:"journal,omitempty"`
	Extra   json.RawMessage `json:"extra,omitempty"` // what the consumer wants to be saved in the same write
}

const marksVersion = 1

// Mark is one generation of a log. Of a log that is being rotated there are several, the current one last.
type Mark struct {
	Path   string        `json:"path"`
	Real   string        `json:"real,omitempty"` // where a symbolic link led
	Dev    uint64        `json:"dev"`
	Inode  uint64        `json:"inode"`
	Offset int64         `json:"offset"`
	CRC    uint32        `json:"crc"`             // CRC-32 (IEEE) of the 128 bytes before Offset, or of as many as there are
	Line   int           `json:"line,omitempty"`  // number of the last line before Offset; -1: unknown
	Done   bool          `json:"done,omitempty"`  // it was read to its end
	Waits  bool          `json:"waits,omitempty"` // the same, but late lines may come
	Within bool          `json:"within,omitempty"`
	Held   []parser.Held `json:"held,omitempty"` // lines before Offset that belong to entries that were not complete
	At     time.Time     `json:"at"`             // when the log was there last
}

// markedPast is how many of the generations that were read to their end are marked, so that they are not read again.
const markedPast = 3

// forgetMark is how long the mark of a log is kept that is not met again.
const forgetMark = 30 * 24 * time.Hour

// Marks takes the marks of all logs, as of the events yielded so far.
func (w *Watcher) Marks() *Marks {
	m := &Marks{Version: marksVersion, Saved: time.Now(), Files: []Mark{}}
	for _, s := range w.sources {
		m.Files = append(m.Files, s.marks()...)
	}
	for _, left := range w.leftover {
		for _, f := range left {
			if m.Saved.Sub(f.At) < forgetMark {
				m.Files = append(m.Files, f)
			}
		}
	}
	if w.journal != nil {
		m.Journal = w.journal.mark()
	}
	return m
}

// marks ends at the last generation of which something was consumed. Those after it could not be told from others if they are packed, emptied
// or renamed before the next start; they will be found by their place.
func (s *source) marks() (m []Mark) {
	for _, p := range s.past[max(0, len(s.past)-markedPast):] {
		f := File{src: s, id: p.id, ledger: p.ledger}
		done := f.mark(s.looked)
		done.Done, done.Waits = true, false
		m = append(m, done)
	}
	all := append(append([]*File(nil), s.resume...), s.files...)
	if s.cur != nil && !slices.Contains(all, s.cur) {
		all = append(all, s.cur)
	}
	for _, f := range all {
		if f.unplaced {
			break
		}
		m = append(m, f.mark(s.looked))
	}
	for len(m) > 1 && m[len(m)-1].Offset == 0 {
		m = m[:len(m)-1]
	}
	return m
}

func (f *File) mark(at time.Time) Mark {
	return Mark{
		Path: absolute(f.src.path), Real: f.real, Dev: f.id.dev, Inode: f.id.inode, Offset: f.offset, CRC: f.sum(), Line: f.line, Within: f.within,
		Held: append(append([]parser.Held(nil), f.held...), f.replay...), At: at, Waits: f.waits || f != f.src.cur && f.offset >= f.size,
	}
}

// absolute is path for a process that starts in another folder.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// file is the generation that m speaks of, not opened yet.
func (m *Mark) file(s *source) *File {
	f := &File{src: s, id: identity{m.Dev, m.Inode}, path: m.Path, replay: m.Held, waits: m.Waits, real: m.Real}
	f.ledger = ledger{offset: m.Offset, crc: m.CRC, line: m.Line, within: m.Within}
	return f
}

// Save writes m to the file called name, which has either the old marks or the new ones, whatever happens meanwhile.
func (m *Marks) Save(name string) (err error) {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}()
	_, err = temp.Write(append(text, '\n'))
	if err == nil {
		err = temp.Sync()
	}
	if e := temp.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(temp.Name(), name)
	}
	if err != nil {
		return err
	}
	if dir, e := os.Open(filepath.Dir(name)); e == nil {
		_ = dir.Sync() // not every file system can
		_ = dir.Close()
	}
	return nil
}

// LoadMarks reads the marks in the file called name; nil if there is none.
func LoadMarks(name string) (*Marks, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m := &Marks{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("holds no marks (%w)", err)
	}
	if m.Version != marksVersion {
		return nil, fmt.Errorf("holds marks of version %d, not %d", m.Version, marksVersion)
	}
	for i := range m.Files {
		if f := &m.Files[i]; !f.sound() {
			return nil, fmt.Errorf("holds no marks (%s is at %d)", f.Path, f.Offset)
		}
	}
	return m, nil
}

// sound says whether m can be true at all.
func (m *Mark) sound() bool {
	at := int64(0)
	for _, h := range m.Held {
		if h.Offset < at || h.Offset >= m.Offset || h.Lines < 0 || h.Line < 0 {
			return false
		}
		at = h.Offset
	}
	return m.Offset >= 0 && m.Line >= unknownLine
}
