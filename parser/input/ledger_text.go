package input

import (
	"bytes"
	"cmp"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// textReader reads the text of a file from place to place, forwards.
type textReader struct {
	file   *os.File
	text   io.Reader
	packed bool
	at     int64  // where text goes on
	held   []byte // the last bytes before at
}

func (f *File) text() (*textReader, error) {
	file, err := os.Open(f.name)
	if err != nil {
		return nil, err
	}
	kind, text, err := unpack(file)
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return &textReader{file: file, text: text, packed: kind != plain}, nil
}

func (t *textReader) close() {
	if c, ok := t.text.(io.Closer); ok {
		_ = c.Close()
	}
	_ = t.file.Close()
}

// read returns the n bytes at a place that does not lie before the last one that was read, fewer at the end of the text. A damaged
// archive ends where the damage is.
func (t *textReader) read(at int64, n int) []byte {
	b := make([]byte, n)
	if !t.packed {
		n, _ = t.file.ReadAt(b, at)
		return b[:n]
	}
	have := 0
	if from := t.at - int64(len(t.held)); at < t.at && at >= from {
		have = copy(b, t.held[at-from:])
	} else if skipped, _ := io.CopyN(io.Discard, t.text, at-t.at); skipped < at-t.at {
		t.at, t.held = t.at+skipped, nil
		return nil
	}
	t.at = max(t.at, at)
	if have < n {
		n, _ = io.ReadFull(t.text, b[have:])
		t.at += int64(n)
		t.held = b[:have+n]
		return t.held
	}
	return b
}

// place finds out how much of files was consumed already. What a file still is by its inode counts before what it was under another
// name.
func (l *Ledger) place(files []*File) {
	for _, f := range files {
		for _, g := range l.byFile[f.id] {
			if f.known == nil && l.claimed[g] == nil && f.holds(g) {
				l.claim(f, g)
				break
			}
		}
	}
	for _, f := range files {
		if f.known != nil {
			continue
		}
		for {
			g, twin := l.next(f)
			if g == nil {
				break
			}
			if twin != nil {
				f.after(g)
				f.shareWith(twin)
				break
			}
			l.claim(f, g)
		}
	}
}

func (l *Ledger) claim(f *File, g *Generation) {
	l.claimed[g] = f
	f.after(g)
	if f.begun == nil {
		f.begun = g
	}
}

// after makes f begin after the text of g, which stands where f would begin.
func (f *File) after(g *Generation) {
	f.from, f.fromLine, f.within = f.from+g.Offset, f.fromLine+g.Line, g.Within
	f.start, f.startLine = f.from, f.fromLine
}

// holds says whether the text of f begins with what was consumed of g. Of an empty one that says nothing: its inode may have been
// freed since, and be that of a file of another log.
func (f *File) holds(g *Generation) bool {
	if g.Offset == 0 {
		return Stem(g.Path) == Stem(absolutePath(f.name))
	}
	t, err := f.text()
	if err != nil {
		return false
	}
	defer t.close()
	return g.begins(t.read(0, headSize)) && g.ends(t, 0)
}

func (g *Generation) begins(head []byte) bool {
	return g.HeadLen > 0 && len(head) >= g.HeadLen && headHash(head[:g.HeadLen]) == g.Head
}

func (g *Generation) ends(t *textReader, at int64) bool {
	n := min(g.Offset, sumSize)
	before := t.read(at+g.Offset-n, int(n))
	return int64(len(before)) == n && crc32.ChecksumIEEE(before) == g.Sum
}

// next is the generation whose text stands in f where that ends which is known to be consumed. One that another file holds, too, is
// looked for at the beginning only: f is a copy of it then, and that file is its twin.
func (l *Ledger) next(f *File) (best *Generation, twin *File) {
	var names []*Generation
	for _, g := range l.byBase[stemBase(f.name)] {
		if g.HeadLen > 0 && (l.claimed[g] == nil || f.from == 0 && l.claimed[g] != f) {
			names = append(names, g)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	t, err := f.text()
	if err != nil {
		return nil, nil
	}
	defer t.close()
	head := t.read(f.from, headSize)
	slices.SortStableFunc(names, func(a, b *Generation) int { return cmp.Compare(a.Offset, b.Offset) })
	for _, g := range names {
		// One that no other file holds is the better one: the copy was consumed less far, or is gone.
		if g.begins(head) && g.ends(t, f.from) && (best == nil || l.claimed[g] == nil || twin != nil) {
			best, twin = g, l.claimed[g]
		}
	}
	return best, twin
}

func stemBase(name string) string { return filepath.Base(Stem(name)) }

// shareWith passes over the lines that f has in common with its twin after the place up to which both were consumed.
func (f *File) shareWith(twin *File) {
	a, err := f.text()
	if err != nil {
		return
	}
	defer a.close()
	b, err := twin.text()
	if err != nil {
		return
	}
	defer b.close()
	const block = 64 << 10
	for at, lines := f.from, 0; ; {
		x, y := a.read(at, block), b.read(at, block)
		n := common(x, y)
		lines += bytes.Count(x[:n], []byte{'\n'})
		if end := bytes.LastIndexByte(x[:n], '\n') + 1; end > 0 || n == len(x) && n < block {
			if n == len(x) && n < block { // the end of f
				end = n
			}
			f.from = at + int64(end)
			f.fromLine += lines
			lines = 0
		}
		if at += int64(n); n < block {
			break
		}
	}
	f.within = false
	f.start, f.startLine = f.from, f.fromLine
}

func common(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// tap keeps what tells a text, and the place in it, of all that is read through it.
type tap struct {
	io.Reader
	at   int64
	head []byte // the first bytes
	tail []byte // the last ones

	// What there is to tell of them when all is read, in the place of them: there may be thousands of files.
	sealed  bool
	hash    string // of head
	headLen int
	sum     uint32 // of tail
	within  bool   // it ends within a line
}

// seal says that nothing more is read through t.
func (t *tap) seal() {
	if t.sealed {
		return
	}
	if t.headLen = len(t.head); t.headLen > 0 {
		t.hash = headHash(t.head)
	}
	t.sum, t.within = crc32.ChecksumIEEE(t.tail), len(t.tail) > 0 && t.tail[len(t.tail)-1] != '\n'
	t.sealed, t.Reader, t.head, t.tail = true, nil, nil, nil
}

func (t *tap) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	t.pass(p[:n])
	return n, err
}

func (t *tap) pass(b []byte) {
	if room := headSize - len(t.head); room > 0 && t.at == int64(len(t.head)) {
		t.head = append(t.head, b[:min(room, len(b))]...)
	}
	t.at += int64(len(b))
	if len(b) >= sumSize {
		t.tail = append(t.tail[:0], b[len(b)-sumSize:]...)
		return
	}
	if over := len(t.tail) + len(b) - sumSize; over > 0 {
		t.tail = append(t.tail[:0], t.tail[over:]...)
	}
	t.tail = append(t.tail, b...)
}

var errShrunk = errors.New("the file became shorter while it was read")

// resume opens f where Lines is to begin, and keeps what is to be remembered of it.
func (f *File) resume() (*reader, error) {
	f.tap = nil
	file, err := os.Open(f.name)
	if err != nil {
		return nil, pathError(f.name, err)
	}
	f.read.Store(0)
	head := make([]byte, packedHead)
	n, _ := file.ReadAt(head, 0)
	kind := sniffCompression(head[:n])
	var text io.Reader
	t := &tap{}
	if kind == plain {
		end := f.limit
		if end == unlimited {
			end = math.MaxInt64
		}
		f.read.Store(f.start)
		t.head = make([]byte, min(f.start, headSize))
		t.tail = make([]byte, min(f.start, sumSize))
		if _, err = file.ReadAt(t.head, 0); err == nil && f.start > 0 {
			_, err = file.ReadAt(t.tail, f.start-int64(len(t.tail)))
		}
		if len(t.head) == 0 || errors.Is(err, io.EOF) && f.start == 0 {
			err = nil
		}
		t.at = f.start
		text = &counter{io.NewSectionReader(file, f.start, end-f.start), &f.read}
	} else {
		kind, text, err = unpack(&counter{file, &f.read})
		if err == nil {
			t.Reader = text
			_, err = io.CopyN(io.Discard, t, f.start)
		}
	}
	if errors.Is(err, io.EOF) {
		err = errShrunk
	}
	if err != nil {
		_ = file.Close()
		if kind != plain {
			f.noLog = true
			return nil, damaged(f.name, kind.String(), 0, 0, err)
		}
		return nil, pathError(f.name, err)
	}
	t.Reader = text
	f.tap = t
	return f.resumed(kind, file, text)
}

// resumed makes the reader of text, which has been brought to its place.
func (f *File) resumed(kind compression, file io.Closer, text io.Reader) (r *reader, err error) {
	unpacked, _ := text.(io.Closer)
	if f.start == 0 {
		if r, err = newTextReader(kind, f.tap); err != nil {
			f.tap = nil
			f.noLog = true
			if unpacked != nil {
				_ = unpacked.Close()
			}
			_ = file.Close()
			if e := (*Error)(nil); errors.As(err, &e) {
				e.Path = f.name
			}
			return nil, err
		}
	} else {
		if f.within && f.start == f.from {
			f.passLine()
		}
		r = &reader{kind: kind, buf: buffers.Get().(*[blockSize + 2*maxLine]byte)}
		r.lines = lineReader{src: f.tap, buf: r.buf[:], base: f.tap.at, number: f.startLine}
	}
	r.raw, r.unpack, r.tap = file, unpacked, f.tap
	return r, nil
}

// passLine passes over the rest of a line of which the beginning was consumed.
func (f *File) passLine() {
	for one := [1]byte{}; one[0] != '\n'; {
		if n, err := f.tap.Read(one[:]); n == 0 || err != nil {
			return
		}
	}
}
