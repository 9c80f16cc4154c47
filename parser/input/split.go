package input

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"iter"
	"runtime"
	"sync"

	"why502/parser"
)

// Split is a file that several goroutines read together: each takes a block of it, reads it on its own, and takes the
// next one. A block ends where an entry surely begins, so that none is torn apart. The blocks are the same however many
// read, and each is read as if nothing had stood before it: who reads which does not show.
type Split struct {
	file *File
	Blocks

	mu     sync.Mutex // held while a block is taken, and longer where no entry begins in it
	src    *reader    // nil before the first block
	ahead  *ahead     // nil where those who read unpack by turns
	rest   []byte     // of the next block, read already
	number int        // lines before rest
	base   int64      // bytes before rest
	over   bool
}

// Blocks says how a file is split.
type Blocks struct {
	Begins func(line []byte) bool // surely an entry begins with line
	Alone  bool                   // one goroutine reads: unpacking runs ahead of it
	Size   int                    // about so many bytes; 0 is a good size
}

const (
	splitBlock = 256 << 10
	// lookBack is how far before the end of a block the beginning of an entry is looked for. Farther off it is not worth
	// it: he who reads the block reads on until there is one.
	lookBack = 128 << 10
)

// Split prepares f to be read by several.
func (f *File) Split(b Blocks) *Split {
	b.Size = cmp.Or(b.Size, splitBlock)
	return &Split{file: f, Blocks: b}
}

// Over says that all blocks have been taken.
func (s *Split) Over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over
}

// pass takes all blocks without reading them.
func (s *Split) pass() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
}

// Part is what one of the readers gets. Of all of them one yields the error, if there is one. A part ends before its next block once
// enough, if it is not nil, says so; another one reads on there.
func (s *Split) Part(enough func() bool) parser.Source { return &part{split: s, enough: enough} }

// part is one of those who read.
type part struct {
	split  *Split
	enough func() bool
	lines  lineReader
	holds  bool // split.mu: others wait until it is known where the block ends
}

func (p *part) Name() string { return p.split.file.name }

func (p *part) Lines(ctx context.Context) iter.Seq2[parser.Line, error] {
	return parser.Lines(p.Blocks(ctx))
}

// Blocks yields the lines of the blocks that p takes.
func (p *part) Blocks(ctx context.Context) iter.Seq2[*parser.Block, error] {
	return func(yield func(*parser.Block, error) bool) {
		f := p.split.file
		if f.skip == SkipAll && !f.ledgered() {
			p.split.pass()
			return
		}
		buf := buffers.Get().(*[blockSize + 2*maxLine]byte)
		defer buffers.Put(buf)
		defer p.leave()
		for {
			switch err := p.take(ctx, buf[:]); {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(nil, err)
				return
			}
			fresh := true
			for {
				lines, err := p.lines.nextBlock(ctx)
				if errors.Is(err, io.EOF) {
					f.reached(p.lines.number)
					break
				}
				if err != nil {
					f.reached(p.lines.number)
					yield(nil, f.worded(ctx, p.split.src.kind, &p.lines, err))
					return
				}
				if !lines.Pass(f.skip) {
					continue
				}
				if lines.Fresh, fresh = fresh, false; !yield(lines, nil) {
					return
				}
			}
		}
	}
}

// take begins the next block; io.EOF if there is none.
func (p *part) take(ctx context.Context, buf []byte) error {
	s := p.split
	p.leave()
	if p.enough != nil && p.enough() {
		return io.EOF
	}
	s.lock()
	p.holds = true
	if s.over {
		return io.EOF
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.src == nil {
		if err := s.begin(); err != nil {
			return err
		}
	}
	p.lines = lineReader{
		src: s.src.lines.src, buf: buf, filled: p.filled, block: s.Size,
		end: copy(buf, s.rest), number: s.number, base: s.base, err: s.src.lines.err,
	}
	if p.lines.err == nil {
		p.lines.fill(s.Size)
	}
	p.filled()
	return nil
}

// patience is how often lock looks before it sleeps: for about as long as a block takes to unpack.
const patience = 1000

// lock waits for its turn awake: the others unpack a block in less time than it takes to fall asleep and be woken, so a packed file
// takes a seventh less time.
func (s *Split) lock() {
	for range patience {
		if s.mu.TryLock() {
			return
		}
		runtime.Gosched()
	}
	s.mu.Lock()
}

// begin opens the file.
func (s *Split) begin() error {
	r, err := s.file.begin()
	if err != nil {
		return err
	}
	l := &r.lines
	s.src, s.number, s.rest, s.base = r, l.number, l.buf[:copy(l.buf, l.buf[l.start:l.end])], l.text()
	if s.Alone && r.kind != plain {
		s.ahead = newAhead(l.src)
		l.src = s.ahead
	}
	l.src = full{l.src}
	return nil
}

// filled is called when more of the block has been read: the others can go on once it is known where it ends.
func (p *part) filled() {
	if !p.holds {
		return
	}
	s, l := p.split, &p.lines
	if l.err != nil { // the file ends here
		p.leave()
		return
	}
	b := l.buf[l.start:l.end]
	at := s.lastEntry(b)
	if at <= 0 {
		return
	}
	s.number = l.number + bytes.Count(b[:at], []byte{'\n'})
	if l.skip { // the rest of a line that has been counted
		s.number--
	}
	s.base = l.text() + int64(at)
	s.rest = append(s.rest[:0], b[at:]...)
	l.end, l.err = l.start+at, io.EOF
	p.holds = false
	s.mu.Unlock()
}

// lastEntry is where the last entry in b begins that surely is one, 0 if there is none near its end. What has no line end
// yet may turn out to be another line.
func (s *Split) lastEntry(b []byte) int {
	end := bytes.LastIndexByte(b, '\n')
	for least := len(b) - lookBack; end > 0 && end > least; {
		i := bytes.LastIndexByte(b[:end], '\n')
		if line, _ := parser.TrimLine(b[i+1 : end]); i >= 0 && s.Begins(line) {
			return i + 1
		}
		end = i
	}
	return 0
}

// leave ends the reading of the file if it is p who reads on.
func (p *part) leave() {
	if !p.holds {
		return
	}
	s := p.split
	if s.ahead != nil {
		s.ahead.stop()
		s.ahead = nil
	}
	if s.src != nil && !s.over {
		s.src.close()
	}
	s.over, p.holds = true, false
	s.mu.Unlock()
}

// full reads as much as is asked for: where blocks end may not depend on how the bytes come.
type full struct{ io.Reader }

func (f full) Read(p []byte) (n int, err error) {
	for idle := 0; n < len(p) && err == nil && idle < maxEmpty; idle++ {
		var k int
		if k, err = f.Reader.Read(p[n:]); k > 0 {
			n += k
			idle = 0
		}
	}
	return n, err
}
