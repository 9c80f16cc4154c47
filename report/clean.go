package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text of a report comes out of logs, and log lines are written by whoever sends a request:
//
//	GET /\x1b]0;title\x07\x1b[2J HTTP/1.1
//
// Shown raw such a line would drive the terminal of the admin who reads it; a right-to-left override
// would show him another path than the one that stands there.

// Clean makes text harmless for a terminal or a message of plain text: what is not a visible character is spelled out.
func Clean(s string) string { return clean(s) }

// clean makes text harmless: what is not a visible character is spelled out.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteByte(' ')
		case visible(r):
			b.WriteString(s[i : i+n])
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += n
	}
	return b.String()
}

func isClean(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !visible(r) {
			return false
		}
	}
	return true
}

// visible says whether r shows as itself and moves nothing but the cursor by its width. Of the blanks
// only the plain one does: the others look like it and are not found by a search for it.
func visible(r rune) bool {
	switch {
	case r < 0x7f:
		return r >= ' '
	case r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0', r == '\u2800': // letters and symbols that are blank
		return false
	}
	return unicode.IsPrint(r)
}

// cleanLines cleans the lines of a text one by one, for places that keep them apart: the entries of a
// slow log, a configuration snippet.
func cleanLines(s string) []string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, l := range lines {
		lines[i] = clean(strings.TrimSuffix(l, "\r"))
	}
	return lines
}
