package parser

import (
	"bytes"
	"io"
	"mime/quotedprintable"
)

// quotedPrintable knows the header of a mail that says that its lines are broken by "=".
func quotedPrintable(line []byte) bool {
	name, value, ok := bytes.Cut(line, []byte{':'})
	return ok && bytes.EqualFold(name, []byte("Content-Transfer-Encoding")) && bytes.EqualFold(bytes.TrimSpace(value), []byte("quoted-printable"))
}

// softBroken joins the lines of such a mail:
//
//	2026/11/22 10:00:00 [crit] 912#912: *3 connect() to unix:/run/php/php8.1-fpm=
//	.sock failed (13: Permission denied) while connecting to upstream, request: "GET /?a=3D1 HTTP/2.0"
type softBroken struct {
	first Line
	buf   []byte
}

// put takes the next line. more says that it goes on; if not, the text is whole and line is where it began.
func (s *softBroken) put(line *Line) (text []byte, more bool) {
	b := bytes.TrimRight(line.Text, " \t\r")
	open := len(s.buf) > 0
	if !open {
		s.first = *line
	}
	if n := len(b); n > 0 && b[n-1] == '=' && len(s.buf)+n < maxEntry {
		s.buf = append(s.buf, b[:n-1]...)
		return nil, true
	}
	if open {
		b = append(s.buf, b...)
		s.first.Text = nil
		*line = s.first
	}
	s.buf = s.buf[:0]
	if plain, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(b))); err == nil {
		b = plain
	}
	return b, false
}
