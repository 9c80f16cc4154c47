package input

import (
	"errors"
	"io"
	"slices"
	"sync"
	"time"
)

// entry is what an archive says of a member.
type entry struct {
	name    string
	size    int64
	mtime   time.Time
	regular bool
	holes   bool // it may be mostly NULs that take no room in the archive
	link    target
	err     error // why it cannot be read
}

// sequence is an archive that is read from its start: a tar, or a zip whose list at the end is not at hand.
type sequence interface {
	next() (*entry, error) // io.EOF after the last
	io.Reader              // of the member that next has told of
}

// roll opens members of an archive that can be read from its start only. Members are mostly asked for in their order: a
// pass that has come to the one before goes on, so that reading all takes one pass for each of those that read.
type roll struct {
	shelf *shelf
	kind  container
	open  func() (io.ReadCloser, error)
}

// pass is a way through an archive.
type pass struct {
	ball   *roll
	raw    io.Closer
	unpack io.Closer // nil if plain
	seq    sequence
	next   int // entry that comes next
}

// begin starts a pass; what comes out is added to count.
func (b *roll) begin(count *int64) (*pass, error) {
	raw, err := b.open()
	if err != nil {
		return nil, err
	}
	p, err := b.from(raw, count)
	if err != nil {
		_ = raw.Close()
	}
	return p, err
}

func (b *roll) from(raw io.ReadCloser, count *int64) (*pass, error) {
	p := &pass{ball: b, raw: raw}
	if b.kind == zipArchive {
		p.seq = newZipSequence(raw, count)
		return p, nil
	}
	_, text, err := unpack(raw)
	if err != nil {
		return nil, err
	}
	p.unpack, _ = text.(io.Closer)
	p.seq = newTarSequence(&total{text, count})
	return p, nil
}

// member opens the file of the i-th entry.
func (b *roll) member(i int) (io.ReadCloser, error) {
	p := b.shelf.take(b, i)
	if p == nil {
		var err error
		if p, err = b.begin(new(int64)); err != nil {
			return nil, err
		}
	}
	for p.next <= i {
		if _, err := p.seq.next(); err != nil {
			p.end()
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF // it was there when the archive was listed
			}
			return nil, err
		}
		p.next++
	}
	return p, nil
}

func (p *pass) Read(b []byte) (int, error) { return p.seq.Read(b) }

// Close lays the pass aside for the next member.
func (p *pass) Close() error {
	p.ball.shelf.lay(p)
	return nil
}

func (p *pass) end() {
	if p.unpack != nil {
		_ = p.unpack.Close()
	}
	_ = p.raw.Close()
}

// shelf holds idle passes of all archives, a few: each has a file open and the memory of its unpacking.
type shelf struct {
	mu   sync.Mutex
	idle []*pass
}

const maxIdle = 4

// take returns the idle pass of an archive that has come nearest to its i-th entry, nil if there is none.
func (s *shelf) take(b *roll, i int) *pass {
	s.mu.Lock()
	defer s.mu.Unlock()
	best := -1
	for k, p := range s.idle {
		if p.ball == b && p.next <= i && (best < 0 || p.next > s.idle[best].next) {
			best = k
		}
	}
	if best < 0 {
		return nil
	}
	p := s.idle[best]
	s.idle = slices.Delete(s.idle, best, best+1)
	return p
}

func (s *shelf) lay(p *pass) {
	var old *pass
	s.mu.Lock()
	if s.idle = append(s.idle, p); len(s.idle) > maxIdle {
		old = s.idle[0]
		s.idle = slices.Delete(s.idle, 0, 1)
	}
	s.mu.Unlock()
	if old != nil {
		old.end() // lays the pass of the archive around it here
	}
}

// total counts what is unpacked.
type total struct {
	io.Reader
	n *int64
}

func (t *total) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	*t.n += int64(n)
	return n, err
}
