package parser

import (
	"bytes"
	"html"
)

// clean takes off what is not the log's; bare is the line with what stands before the entry. Not ok is a line that is none of the log
// at all.
func (p *Paste) clean(line []byte) (text, bare []byte, ok bool) {
	b := bytes.TrimRight(line, " \t\r")
	if failed := p.unitFailed(b); failed != nil {
		return failed, failed, true
	}
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
	b = retranslated(loggedPHP(b))
	if len(b) == 0 || DetectLine(b) != nil {
		return b, b, true
	}
	text = unprefixed(b)
	n := len(b) - len(text)
	if n == 0 {
		if whole := retyped(bytes.Trim(b, "*`\"' ")); DetectLine(whole) != nil {
			return whole, whole, true
		}
		if said := quotedIn(b); said != nil {
			return said, said, true
		}
	}
	if n > 0 {
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

// How far into a line of prose quotes are looked for, and how many.
const (
	maxProse  = 4096
	maxQuotes = 8
)

// quotedIn finds what prose quotes of a log further on than a prefix is long: an entry that states its time, or what no other program
// says of a script. A message without a head may there be an example, and is left alone.
//
//	No log has a line at that time, but for nginx' own, and it is always this one: "2026/11/22 10:00:00 [error] 812#812: *1 recv() failed (104: …"
//	All that I see in the browser is an Internal Server Error, and in Apache's log "Premature end of script headers: run.cgi"
func quotedIn(b []byte) []byte {
	tried := 0
	for i := 1; i < min(len(b), maxProse) && tried < maxQuotes; i++ {
		mark := b[i-1]
		if mark != '"' && mark != '`' || i > 1 && b[i-2] != ' ' && b[i-2] != '(' && b[i-2] != ':' {
			continue
		}
		tried++
		rest := b[i:]
		if f := DetectLine(rest); f != nil && f.Begins != nil && f.Begins(rest) {
			if end := bytes.LastIndexByte(rest, mark); end > 0 && bytes.Count(rest, []byte{mark})%2 == 1 {
				rest = rest[:end] // the mark that closes it, and what follows
			}
			return rest
		}
		if end := bytes.IndexByte(rest, mark); end > 0 && bareScript(rest[:end]) {
			return retyped(bytes.TrimRight(rest[:end], " "))
		}
	}
	return nil
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

// maxEscapes bounds how often a text was escaped: a forum does it with what a page already had escaped, "&amp;quot;".
const maxEscapes = 3

func escapedHTML(b []byte) bool {
	for _, e := range [...]string{"&quot;", "&gt;", "&lt;", "&amp;", "&#39;", "&#34;", "&#039;", "&nbsp;"} {
		if bytes.Contains(b, []byte(e)) {
			return true
		}
	}
	return false
}

// plainQuotes undoes HTML's escapes and typographic characters.
func plainQuotes(b []byte) []byte {
	for range maxEscapes {
		if !escapedHTML(b) {
			break
		}
		b = []byte(html.UnescapeString(string(b)))
	}
	for _, t := range typographic {
		if bytes.Contains(b, t.from) {
			b = bytes.ReplaceAll(b, t.from, t.to)
		}
	}
	return b
}
