package parser

import (
	"bytes"
	"context"
	"html"
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
	for _, s := range [...]string{": &quot;", ": &#34;", ": “", ": „", ": \u00a0", maskedClient} {
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

// clean takes off what is not the log's; bare is the line with what stands before the entry. Not ok is a line that is none of the log
// at all.
func (p *Paste) clean(line []byte) (text, bare []byte, ok bool) {
	b := bytes.TrimRight(line, " \t\r")
	b = plainQuotes(b)
	if bytes.Contains(b, []byte(maskedClient)) {
		b = bytes.Replace(b, []byte(maskedClient), []byte(maskedClient[1:]), 1)
	}
	b = unquote(b)
	if rest, fenced := bytes.CutPrefix(b, []byte("```")); fenced && DetectLine(rest) != nil {
		b = bytes.TrimRight(rest, "` ") // ```2026/11/22 10:00:00 [error] …```
	}
	if bytes.HasPrefix(b, []byte("```")) || bytes.HasPrefix(b, []byte("~~~")) || DetectLine(b) == nil && promptLine(b) {
		return nil, nil, false
	}
	b = bytes.TrimSuffix(b, []byte{'`'}) // no entry ends with one: it closes what was marked as code
	if n := len(b); n > 1 && b[n-1] == '$' && n >= minWrap {
		b = b[:n-1] // nano: the line goes on to the right of the screen
	}
	b = loggedPHP(b)
	if len(b) == 0 || DetectLine(b) != nil {
		return b, b, true
	}
	text = unprefixed(b)
	if n := len(b) - len(text); n > 0 {
		var unread []byte
		if text, unread = restamp(b[:n], cell(b[:n], text)); unread != nil {
			if p.unread++; p.odd == "" {
				p.odd = string(unread)
			}
		}
	}
	return text, b, true
}

// unquote takes the quote marks of a mail and the indent of a block of code off.
func unquote(b []byte) []byte {
	for {
		rest := bytes.TrimLeft(b, " \t")
		if len(rest) > 0 && rest[0] == '>' {
			b = bytes.TrimPrefix(rest[1:], []byte{' '})
			continue
		}
		// The indent of continuation lines means something, but not where an entry begins.
		if len(rest) < len(b) && DetectLine(rest) != nil {
			return rest
		}
		return b
	}
}

// maxPrefix bounds the bytes before an entry that are taken for somebody else's: a stamp, labels and the name of a container
// are long.
const maxPrefix = 160

// unprefixed returns the part of a line that a format surely knows, if it lies behind a line number, the name grep puts
// before it, a bullet, half a time stamp or a few words; else the line as it is.
//
//	12: 2026/11/22 10:00:00 [error] …
//	error.log-2026/11/22 10:00:00 [error] …
//	10:00:00 [error] 812#812: *1 connect() to …
//	+2026/11/22 10:00:00 [error] …
//	2026-11-22T10:00:00Z {app="web"} 2026/11/22 10:00:00 [error] …
//	"Nov 22, 2026 @ 10:00:00.123","web-0","2026/11/22 10:00:00 [error] …
func unprefixed(b []byte) []byte {
	for i := 1; i < min(len(b), maxPrefix); i++ {
		switch b[i-1] {
		case ' ', ':', '|', '\t', '-', ')', '*', '`', '.', '+', '"', '\'', '>', ',', ';', ']', '}', '(':
			if rest := bytes.TrimLeft(b[i:], " \t"); len(rest) > 0 && sureOf(rest) {
				return rest
			}
		}
	}
	return b
}

// sureOf says whether line begins an entry beyond the doubt that half a line leaves.
func sureOf(line []byte) bool {
	_, sure := bestFormat(line)
	return sure >= 60
}

// promptLine knows what a shell and its tools print besides the log.
//
//	root@web1:~# tail -f /var/log/nginx/error.log
//	[root@web1 ~]# tail error_log
//	$ grep 502 access.log
//	==> /var/log/nginx/error.log <==
func promptLine(b []byte) bool {
	if tailTitle(b) {
		return true
	}
	if len(b) > 2 && (b[0] == '$' || b[0] == '#') && b[1] == ' ' {
		command, _, _ := bytes.Cut(b[2:], []byte{' '})
		switch string(command) {
		case "tail", "cat", "less", "head", "grep", "zgrep", "zcat", "journalctl", "dmesg", "docker", "systemctl", "sudo", "why502":
			return true
		}
		return false // "# Time: …" is MySQL's
	}
	at := bytes.IndexByte(b[:min(len(b), 40)], '@')
	if at <= 0 || bytes.IndexByte(b[:at], ' ') >= 0 {
		return false
	}
	head := b[at:min(len(b), at+80)]
	for _, sign := range [...]string{"# ", "$ ", "% "} {
		if bytes.Contains(head, []byte(sign)) {
			return true
		}
	}
	return bytes.HasSuffix(b, []byte("#")) || bytes.HasSuffix(b, []byte("$"))
}

// typographic are the characters that editors and web pages put in the place of plain ones.
var typographic = []struct{ from, to []byte }{
	{[]byte("“"), []byte(`"`)},
	{[]byte("”"), []byte(`"`)},
	{[]byte("„"), []byte(`"`)},
	{[]byte("‘"), []byte(`'`)},
	{[]byte("’"), []byte(`'`)},
	{[]byte("\u00a0"), []byte(" ")},
	{[]byte("\u200b"), nil},
	{[]byte("\ufeff"), nil},
}

// plainQuotes undoes HTML's escapes and typographic characters.
func plainQuotes(b []byte) []byte {
	for _, e := range [...]string{"&quot;", "&gt;", "&lt;", "&amp;", "&#39;", "&#34;", "&#039;", "&nbsp;"} {
		if bytes.Contains(b, []byte(e)) {
			b = []byte(html.UnescapeString(string(b)))
			break
		}
	}
	for _, t := range typographic {
		if bytes.Contains(b, t.from) {
			b = bytes.ReplaceAll(b, t.from, t.to)
		}
	}
	return b
}
