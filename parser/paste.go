package parser

import (
	"bytes"
	"context"
	"iter"
	"slices"
	"time"
)

// Paste undoes what mail, chat, terminals and web pages do to log lines that people paste: quote marks, line numbers,
// fences, prompts, lines broken at some column, HTML escapes, typographic quotes, half of the time cut off.
//
// What is a log as it stands must not come here: a line that no format knows is looked at piece by piece.
type Paste struct {
	width int  // the column at which lines were broken, 0 if they were not
	hard  bool // they were broken in the middle of words
	soft  bool // a mail as it was sent: "=" at the end of a line breaks it, =3D is a character

	Dated []time.Time // moments that stand in lines of no log, with their year

	unit string // that systemctl status speaks of

	unread int    // lines that state a time in a form that is not known
	odd    string // the first of these times
}

// Unread says how many lines that were read stated a time in a form that is not known, or may be read in two ways, and
// shows one.
func (p *Paste) Unread() (lines int, example string) { return p.unread, p.odd }

// Columns at which text is broken.
const (
	minWrap = 60
	maxWrap = 132
)

// NewPaste looks at the beginning of an input. It is nil if that reads as a log as it is.
func NewPaste(head [][]byte) *Paste {
	lines, known := 0, 0
	var open entryState
	for _, l := range head {
		l = bytes.TrimRight(l, " \t\r")
		if len(l) == 0 {
			open = entryState{}
			continue
		}
		lines++
		if !mangled(l) && open.takes(l) {
			known++
		}
	}
	if lines == 0 || known == lines {
		return nil
	}
	p := &Paste{soft: slices.ContainsFunc(head, quotedPrintable)}
	if !p.soft {
		p.measure(head)
	}
	for _, l := range head {
		if t, ok := sinceStatus(l); ok {
			p.Dated = append(p.Dated, t)
		}
	}
	return p
}

// Quoted says whether every line is quoted or indented, as a mail or a code block has it and no log: it may look like one, since
// access logs may begin with anything.
//
//	> web_1 | 203.0.113.9 - - [22/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 502 157
func Quoted(head [][]byte) bool {
	lines := 0
	for _, l := range head {
		if l = bytes.TrimRight(l, " \t\r"); len(l) == 0 {
			continue
		}
		if lines++; l[0] != '>' && l[0] != ' ' && l[0] != '\t' {
			return false
		}
	}
	return lines > 0
}

// maskedClient is what is left where somebody put "xx.xx.xx.xx " in the place of an address.
const maskedClient = " , server: "

// mangled says whether a mail quotes the line, or a web page or an editor has changed the quotes around a value.
func mangled(l []byte) bool {
	if l[0] == '>' {
		return true
	}
	for _, s := range [...]string{": &quot;", ": &amp;quot;", ": &#34;", "connect () to ", ": “", ": „", ": \u00a0", maskedClient} {
		if bytes.Contains(l, []byte(s)) {
			return true
		}
	}
	if begins(l, "Fatal error: ") || begins(l, "Warning: ") || begins(l, "Parse error: ") { // PHP's, as a page shows it
		return true
	}
	if _, rest := oneEntry(l); len(rest) > 0 {
		return true
	}
	n := len(l)
	return n >= minWrap && l[n-1] == '$'
}

// entryState follows the entries of a log that is read as it stands.
type entryState struct {
	format *Format
	entry  []byte
}

// takes says whether line begins an entry of a known format or goes on with the one before.
func (e *entryState) takes(line []byte) bool {
	if e.format != nil && e.format.Continues != nil && e.format.Continues(e.entry, line) {
		e.entry = append(append(e.entry, '\n'), line...)
		return true
	}
	f := DetectLine(line)
	e.format, e.entry = f, append(e.entry[:0], line...)
	return f != nil
}

// measure finds the column at which lines were broken: that of the longest lines, if lines follow them that begin no entry.
func (p *Paste) measure(head [][]byte) {
	width, full, short := 0, 0, 0
	for i, l := range head {
		_, l, _ = p.clean(bytes.TrimRight(l, "\r"))
		if i+1 == len(head) {
			break
		}
		_, next, ok := p.clean(head[i+1])
		if !ok || len(next) == 0 || DetectLine(next) != nil || len(l) < minWrap || len(l) > maxWrap {
			continue
		}
		switch {
		case len(l) > width:
			width, full = len(l), 1
		case len(l) == width:
			full++
		}
	}
	// Whoever breaks lines between words leaves most of them shorter than they may be.
	for i, l := range head[:max(len(head)-1, 0)] {
		_, l, _ = p.clean(l)
		_, next, _ := p.clean(head[i+1])
		word, _, _ := bytes.Cut(next, []byte{' '})
		if len(l) >= minWrap && len(l) < width && len(word) > 0 && len(l)+1+len(word) > width && ownTime(l) && !ownTime(next) {
			short++
		}
	}
	p.width = width
	p.hard = short < full && (full > 1 || width == 80)
}

// Source yields the lines of src as they stood in the log.
func (p *Paste) Source(src Source) Source { return &pasted{src, p} }

type pasted struct {
	Source
	p *Paste
}

// Lines cleans each line and joins the pieces of broken ones. A line is held back until the next one is seen.
func (s *pasted) Lines(ctx context.Context) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		var (
			held  Line
			whole []byte // of held
			last  int    // how long its last piece is
			open  bool
			soft  softBroken
		)
		s.p.unread = 0
		flush := func() bool {
			if !open {
				return true
			}
			open = false
			held.Text = whole
			return yield(held, nil)
		}
		take := func(line Line, piece []byte) (more bool) {
			text, bare, ok := s.p.clean(piece)
			if !ok {
				return true
			}
			if open && !ownTime(text) && len(whole)+len(bare) < maxEntry { // what looks like an entry may be the rest of one
				if len(text) < len(bare) {
					bare = bytes.TrimLeft(bare, " \t")
				}
				if s.p.joins(whole, bare, last) || foldedNginx(whole, bare) {
					if !s.p.hard || last < s.p.width {
						whole = append(whole, ' ')
					}
					whole, last = append(whole, bytes.TrimLeft(bare, " \t")...), len(bare)
					return true
				}
			}
			if !flush() {
				return false
			}
			held, open, last = line, true, len(text)
			whole = append(whole[:0], text...)
			return true
		}
		for line, err := range s.Source.Lines(ctx) {
			if err != nil {
				if flush() {
					yield(line, err)
				}
				return
			}
			text := line.Text
			if s.p.soft {
				var more bool
				if text, more = soft.put(&line); more {
					continue
				}
			}
			for more := true; more; {
				var piece []byte
				if piece, text = oneEntry(text); !take(line, piece) {
					return
				}
				more = len(text) > 0
			}
		}
		flush()
	}
}

// joins says whether text is the rest of an entry that was broken off.
func (p *Paste) joins(whole, text []byte, last int) bool {
	if p.width == 0 || len(text) == 0 || last > p.width {
		return false
	}
	f := DetectLine(whole)
	if f == nil || DetectLine(text) != nil || f.Continues != nil && f.Continues(whole, text) {
		return false
	}
	first, _, _ := bytes.Cut(text, []byte{' '})
	full := last+1+len(first) > p.width // the next word had no room
	return full && unfinished(whole)
}

// unfinished says whether an entry can go on: a quote is open, or it does not end as entries end.
func unfinished(b []byte) bool {
	b = bytes.TrimRight(b, " ")
	if len(b) == 0 {
		return false
	}
	quotes := 0
	for i, c := range b {
		if c == '"' && !escaped(b, i) {
			quotes++
		}
	}
	if quotes%2 == 1 {
		return true
	}
	switch b[len(b)-1] {
	case '"', '.', '!', '?':
		return false
	}
	return true
}

// ownTime says whether text is an entry that states its time: nothing before it goes on in it.
func ownTime(text []byte) bool {
	f := DetectLine(text)
	return f != nil && (f.Begins == nil || f.Begins(text))
}
