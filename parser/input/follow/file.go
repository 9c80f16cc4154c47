package follow

import (
	"bytes"
	"errors"
	"io"
	"os"
	"time"

	"why502/parser"
)

const (
	blockSize = 256 << 10 // of one read
	maxLine   = 64 << 10  // of a line, the rest is passed over
)

// File is one generation of a log: an inode, or an archive of one.
type File struct {
	ledger
	src  *source
	id   identity
	path string    // where it was opened
	real string    // where a symbolic link led; else empty
	file *os.File  // nil while the log rests
	text io.Reader // of an archive, which can be read in order only; nil for plain files
	rest []byte    // of text: read and not consumed
	peak int64     // how large it is known to have been with the text that is in it now
	size int64     // when it was looked at last; of an archive what has been read of its text

	replay []parser.Held // lines before offset that were held when the marks were taken
	kept   [][]byte      // what they are, of an archive
	held   []parser.Held // that the consumer holds now

	first ledger // of its first bytes, as they were read when it began
	begun bool   // it has

	unplaced bool      // where to begin is not known yet: nothing before offset is new
	tallied  bool      // the lines before the place where it began were counted, if they are few
	gone     time.Time // since when the path leads nowhere; zero: it leads here
	waits    bool      // when the marks were taken only late lines were waited for
	retired  time.Time // since when another generation is the current one; zero: this is
	static   bool      // nothing writes to it any more: it is done at its end
	grown    time.Time // when it was seen to grow last
	spoken   time.Time // when the last line was handed over; zero after Quiet

	tail   *libraryTail
	epoch  int       // of tails; what comes of older ones is not taken
	seen   int64     // offset at the look before
	stuck  time.Time // since when the tail yields nothing though there is something
	failed int       // tails that ended by themselves
	solo   bool      // no tail any more
	doomed bool      // reading ended, maybe early
}

// Path is that of the log, not of the generation.
func (f *File) Path() string { return f.src.path }

// Hold says which lines that were handed over are not part of anything that is finished; it stands until the next call.
func (f *File) Hold(lines []parser.Held) { f.held = lines }

// Head returns the first lines as far as they are complete, at most 64, from which the format may be told; nil if they cannot be
// read any more.
func (f *File) Head() [][]byte {
	if f.file == nil || f.text != nil {
		return nil
	}
	return head(f.file)
}

func head(r io.ReaderAt) [][]byte {
	const most, lines = 64 << 10, 64
	block := make([]byte, most)
	n, _ := r.ReadAt(block, 0) // what there is
	all := bytes.SplitN(block[:n], []byte("\n"), lines+1)
	all = all[:len(all)-1]
	for i, l := range all {
		all[i] = bytes.TrimSuffix(bytes.TrimLeft(l, "\x00"), []byte("\r"))
	}
	return all
}

// errOther is that the bytes before offset are not those that were consumed.
var errOther = errors.New("the file was emptied or replaced")

// next reads what follows the place of the ledger into buf, and compares what stands before it in the same read: a log may be
// emptied between two system calls.
func (f *File) next(buf []byte) ([]byte, error) {
	if f.text != nil {
		n := copy(buf, f.rest)
		f.rest = f.rest[:0]
		m, err := f.text.Read(buf[n:])
		f.size += int64(m)
		if m == 0 && err == nil {
			err = io.ErrNoProgress
		}
		return buf[:n+m], err
	}
	before := f.ahead()
	n, err := f.file.ReadAt(buf, f.offset-int64(before))
	if n < before {
		if err == nil || errors.Is(err, io.EOF) {
			err = errOther
		}
		return nil, err
	}
	if !f.fits(buf[:before]) {
		return nil, errOther
	}
	return buf[before:n], err
}

// same says whether what was consumed still stands where it stood; a failing disk says nothing against it.
func (f *File) same() bool {
	var before [printSize]byte
	n, err := f.file.ReadAt(before[:f.ahead()], f.offset-int64(f.ahead()))
	if n < f.ahead() && err != nil && !errors.Is(err, io.EOF) {
		return true
	}
	return f.fits(before[:n])
}

// beginning is the ledger of the first bytes, by which a generation is known again of which nothing was consumed.
func (f *File) beginning() *ledger {
	var first [printSize]byte
	if f.begun {
		return &f.first
	}
	n, _ := f.file.ReadAt(first[:], 0) // what there is
	l := &ledger{known: true}
	l.advance(first[:n])
	return l
}

// cut hands over the lines of data, which are next, and returns how many bytes were consumed. At the end of a text its last line
// may lack its line end.
func (w *Watcher) cut(f *File, data []byte, end bool) (used int, ok bool) {
	for used < len(data) {
		rest := data[used:]
		size := bytes.IndexByte(rest, '\n') + 1
		if size == 0 {
			switch {
			case end:
				size = len(rest)
			case f.within:
				f.advance(rest)
				return len(data), true
			case rest[0] == 0: // the hole before the place at which the writer of an emptied file goes on
				n := len(rest) - len(bytes.TrimLeft(rest, "\x00"))
				f.advance(rest[:n])
				used += n
				continue
			case len(rest) <= maxLine+1:
				return used, true
			default: // a line that is too long: its rest is passed over as it comes
				f.advance(rest)
				f.within = true
				return len(data), w.hand(f, rest, f.offset-int64(len(rest)))
			}
		}
		f.advance(rest[:size])
		used += size
		if f.within {
			f.within = false
			continue
		}
		if !w.hand(f, rest[:size], f.offset-int64(size)) {
			return used, false
		}
	}
	return used, true
}

// hand yields one line, which has been consumed.
func (w *Watcher) hand(f *File, raw []byte, at int64) bool {
	number := 0
	if f.line != unknownLine {
		f.line++
		number = f.line
	}
	return w.give(f, raw, at, number)
}

func (w *Watcher) give(f *File, raw []byte, at int64, number int) bool {
	text := bytes.TrimSuffix(raw, []byte("\n"))
	if len(text) > 0 && text[0] == 0 {
		text = bytes.TrimLeft(text, "\x00")
		at += int64(bytes.Count(raw, []byte{0}))
	}
	text = bytes.TrimSuffix(text, []byte("\r"))
	line := parser.Line{Text: text, Number: number, Offset: at}
	if len(text) > maxLine {
		line.Text, line.Cut = text[:maxLine], true
	}
	s, now := f.src, time.Now()
	w.progress++
	s.now.Lines++
	s.now.Bytes += int64(len(raw))
	s.now.LastLine, f.spoken = now, now
	return w.yield(Event{Kind: Line, Path: s.path, File: f, Line: line})
}

// shut closes what is open of f.
func (f *File) shut() {
	f.shutText()
	if f.file != nil {
		_ = f.file.Close() // it was read only
	}
	f.file, f.text, f.rest = nil, nil, nil
}

// shutText gives back what unpacking takes.
func (f *File) shutText() {
	if c, ok := f.text.(io.Closer); ok {
		_ = c.Close()
	}
}
