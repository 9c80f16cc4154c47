package input

import (
	"archive/tar"
	"errors"
	"io"
	"os"
	"sync"
)

// How a tar archive is known, at the start of its first header.
const (
	tarMagic   = "ustar"
	tarMagicAt = 257
)

// listTar passes once through the archive and notes its files. Links, devices and folders are passed over.
func (o *opener) listTar(name string, file *os.File, size int64) error {
	ball := &tarball{path: file.Name()}
	_, text, err := unpack(file)
	if err != nil {
		return err
	}
	if c, ok := text.(io.Closer); ok {
		defer func() { _ = c.Close() }()
	}
	count := &total{Reader: text}
	tr := tar.NewReader(count)
	var found members
	defer func() { o.files = append(o.files, found.files...) }()
	for i := 0; ; i++ {
		h, err := tr.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case i >= maxMembers:
			return errTooMany
		case bomb(size, count.n):
			return errBomb
		case h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeGNUSparse || h.Size > maxHoles && sparse(h):
			continue
		}
		f := &File{
			name: memberName(name, h.Name), walked: true, size: h.Size, mtime: h.ModTime,
			member: &member{open: func() (io.ReadCloser, error) { return ball.member(i) }, kind: "tar"},
		}
		found.keepHead(f, tr)
		found.add(f)
	}
}

// sparse says whether a few bytes may stand for a file of any size.
func sparse(h *tar.Header) bool {
	return h.Typeflag == tar.TypeGNUSparse || h.PAXRecords["GNU.sparse.major"] != "" || h.PAXRecords["GNU.sparse.map"] != ""
}

// total counts what is unpacked.
type total struct {
	io.Reader
	n int64
}

func (t *total) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	t.n += int64(n)
	return n, err
}

// tarball opens members of one archive. Members are mostly asked for in their order: a pass that has come to the one
// before goes on, so that reading all of them takes one pass for each of those that read.
type tarball struct {
	path string
	mu   sync.Mutex
	idle []*tarPass
}

// tarPass is a way through the archive.
type tarPass struct {
	ball   *tarball
	file   *os.File
	unpack io.Closer // nil if plain
	tar    *tar.Reader
	next   int // header that comes next
}

// member opens the file of the i-th header.
func (b *tarball) member(i int) (io.ReadCloser, error) {
	p, err := b.pass(i)
	if err != nil {
		return nil, err
	}
	for p.next <= i {
		if _, err := p.tar.Next(); err != nil {
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

// pass takes the idle pass that has come nearest to the i-th header, or begins one.
func (b *tarball) pass(i int) (*tarPass, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	best := -1
	for k, p := range b.idle {
		if p.next <= i && (best < 0 || p.next > b.idle[best].next) {
			best = k
		}
	}
	if best >= 0 {
		p := b.idle[best]
		b.idle = append(b.idle[:best], b.idle[best+1:]...)
		return p, nil
	}
	file, err := os.Open(b.path)
	if err != nil {
		return nil, err
	}
	_, text, err := unpack(file)
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	p := &tarPass{ball: b, file: file, tar: tar.NewReader(text)}
	p.unpack, _ = text.(io.Closer)
	return p, nil
}

func (p *tarPass) Read(b []byte) (int, error) { return p.tar.Read(b) }

// Close lays the pass aside for the next member.
func (p *tarPass) Close() error {
	const most = 4
	p.ball.mu.Lock()
	defer p.ball.mu.Unlock()
	if p.ball.idle = append(p.ball.idle, p); len(p.ball.idle) > most {
		p.ball.idle[0].end()
		p.ball.idle = p.ball.idle[1:]
	}
	return nil
}

func (p *tarPass) end() {
	if p.unpack != nil {
		_ = p.unpack.Close()
	}
	_ = p.file.Close()
}
