package report

import (
	"io"
	"strings"
)

// Sheet sets text that is no report in the same manner: wrapped to the width, its tables fitted, what is
// not visible spelled out.
type Sheet struct {
	w io.Writer
	p page
}

// NewSheet returns an empty sheet for w.
func NewSheet(w io.Writer, o Options) *Sheet {
	return &Sheet{w: w, p: page{ink: newInk(o.Color), width: textWidth(w, o.Width)}}
}

// Title begins a section.
func (s *Sheet) Title(text string) {
	s.p.blank()
	s.p.title(clean(text))
}

// Text sets paragraphs, parted by their line ends, behind lead.
func (s *Sheet) Text(lead, text string) {
	for i, l := range cleanLines(text) {
		if i > 0 {
			lead = strings.Repeat(" ", width(lead))
		}
		s.p.put(clean(lead), l, nil, 0)
	}
}

// Code sets lines that must be neither joined nor wrapped.
func (s *Sheet) Code(text string) {
	for _, l := range cleanLines(text) {
		s.p.code("      ", l, s.p.faint)
	}
}

// Table sets rows under head; columns named in right hold numbers.
func (s *Sheet) Table(head []string, rows [][]string, right ...int) {
	s.p.blank()
	harmless := make([][]string, len(rows))
	for i, r := range rows {
		harmless[i] = make([]string, len(r))
		for j, c := range r {
			harmless[i][j] = clean(c)
		}
	}
	s.p.table(head, harmless, right...)
}

// Flush writes what the sheet holds and empties it.
func (s *Sheet) Flush() error {
	err := s.p.write(s.w)
	s.p.lines = s.p.lines[:0]
	return err
}
