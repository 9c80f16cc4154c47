package input

import (
	"archive/tar"
	"io"
)

// tarSequence is a tar archive. Devices and folders are passed over.
type tarSequence struct{ *tar.Reader }

func newTarSequence(text io.Reader) sequence { return tarSequence{tar.NewReader(text)} }

func (t tarSequence) next() (*entry, error) {
	h, err := t.Next()
	if err != nil {
		return nil, err
	}
	e := &entry{name: h.Name, size: h.Size, mtime: h.ModTime}
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeGNUSparse:
		e.holes = sparse(h)
		e.regular = h.Size <= maxHoles || !e.holes
	case tar.TypeSymlink:
		e.link.to = h.Linkname
	case tar.TypeLink: // cPanel's domlogs/shop.test is domlogs/shop/shop.test, too
		e.link = target{memberPath(h.Linkname), true}
	}
	return e, nil
}

// sparse says whether a few bytes may stand for a file of any size.
func sparse(h *tar.Header) bool {
	return h.Typeflag == tar.TypeGNUSparse || h.PAXRecords["GNU.sparse.major"] != "" || h.PAXRecords["GNU.sparse.map"] != ""
}
