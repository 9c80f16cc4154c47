package input

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Text reads UTF-16 as UTF-8: what PowerShell writes where somebody sends a command's output to a file.
//
//	docker compose logs > log.txt
type utf16Text struct {
	src   *bufio.Reader
	order binary.ByteOrder
	rest  []byte // of the last character, which had no room
	room  [utf8.UTFMax]byte
}

// newUTF16 begins to read raw, whose mark says that it is UTF-16.
func newUTF16(raw io.Reader, order binary.ByteOrder) (io.Reader, error) {
	u := &utf16Text{src: bufio.NewReaderSize(raw, 32<<10), order: order}
	_, err := u.src.Discard(len("\xff\xfe"))
	return u, err
}

func (u *utf16Text) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(u.rest) == 0 {
			var c rune
			if c, err = u.next(); err != nil {
				break
			}
			u.rest = utf8.AppendRune(u.room[:0], c)
		}
		k := copy(p[n:], u.rest)
		n += k
		u.rest = u.rest[k:]
	}
	if n > 0 {
		err = nil // it comes again
	}
	return n, err
}

// next reads a character. Half of one at the end is left out.
func (u *utf16Text) next() (rune, error) {
	unit, err := u.src.Peek(2)
	if err != nil {
		if len(unit) == 1 && errors.Is(err, io.EOF) {
			_, _ = u.src.Discard(1)
		}
		return 0, err
	}
	c := rune(u.order.Uint16(unit))
	_, _ = u.src.Discard(2)
	if !utf16.IsSurrogate(c) {
		return c, nil
	}
	if unit, err = u.src.Peek(2); err == nil {
		if both := utf16.DecodeRune(c, rune(u.order.Uint16(unit))); both != utf8.RuneError {
			_, _ = u.src.Discard(2)
			return both, nil
		}
	}
	return utf8.RuneError, nil
}
