package screen

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"charm.land/lipgloss/v2"

	"why502/report"
)

const ellipsis = "…"

// columns is how many columns s takes. Characters are measured one by one, as the renderer and most terminals do: what a
// terminal joins is narrower than that, never wider.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if r < 0x7f {
		return 1
	}
	return lipgloss.Width(string(r))
}

// part returns the longest beginning of s that fits cols columns.
func part(s string, cols int) (head, tail string) {
	used := 0
	for i, r := range s {
		if used += runeColumns(r); used > cols {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// cut shortens s to cols columns.
func cut(s string, cols int) string {
	head, tail := part(s, max(cols, 0))
	if tail == "" {
		return s
	}
	head, _ = part(head, cols-1)
	if cols < 1 {
		return ""
	}
	return strings.TrimRight(head, " ") + ellipsis
}

// cutLeft shortens s to cols columns and keeps its end: of a path that is what tells it from others.
func cutLeft(s string, cols int) string {
	over := columns(s) - cols
	if over <= 0 {
		return s
	}
	if cols < 1 {
		return ""
	}
	for over++; over > 0; {
		r, n := utf8.DecodeRuneInString(s)
		over, s = over-runeColumns(r), s[n:]
	}
	return ellipsis + s
}

// left fills s up to cols columns, or shortens it.
func left(s string, cols int) string {
	s = cut(s, cols)
	return s + strings.Repeat(" ", max(0, cols-columns(s)))
}

// right is left for figures.
func right(s string, cols int) string {
	s = cut(s, cols)
	return strings.Repeat(" ", max(0, cols-columns(s))) + s
}

// breakLine returns what of s goes on a line of cols columns: whole words, if that leaves less than a third of it blank.
func breakLine(s string, cols int) (head, rest string) {
	head, rest = part(s, cols)
	if rest == "" {
		return head, ""
	}
	if head == "" { // not one character fits
		_, n := utf8.DecodeRuneInString(s)
		return s[:n], s[n:]
	}
	if blank := strings.LastIndexByte(head, ' '); rest[0] != ' ' && blank > 2*len(head)/3 {
		head, rest = s[:blank], s[blank:]
	}
	return head, strings.TrimLeft(rest, " ")
}

// How much is kept of a text out of a log, in bytes.
const (
	textBytes = 1000
	pathBytes = 300
	nameBytes = 100
)

// variation asks for the coloured form of the character before, which some terminals show wider and others do not.
const variation = "\ufe0f"

// harmless is the beginning of a text out of a log, what is not visible spelled out.
func harmless(s string, bytes int) string {
	s = report.Clean(atMost(s, bytes))
	if strings.Contains(s, variation) {
		s = strings.ReplaceAll(s, variation, "")
	}
	return atMost(s, bytes) // spelled out it may be longer
}

func atMost(s string, bytes int) string {
	if len(s) <= bytes {
		return s
	}
	for bytes > 0 && !utf8.RuneStart(s[bytes]) {
		bytes--
	}
	return strings.Clone(s[:bytes]) + ellipsis
}

func name(s string) string { return harmless(s, nameBytes) }

// thousands writes n as "1,192".
func thousands[N int | int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// many is "1 log", "8 logs".
func many[N int | int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

// size is a number of bytes in three digits or so.
func size(n int64) string {
	const units = "KMGTPE"
	if n < 1024 {
		return strconv.FormatInt(n, 10) + " B"
	}
	f, i := float64(n)/1024, 0
	for ; f >= 999.5 && i < len(units)-1; i++ {
		f /= 1024
	}
	digits := 0
	if f < 9.95 {
		digits = 1
	}
	return strconv.FormatFloat(f, 'f', digits, 64) + " " + units[i:i+1] + "B"
}

// span is a duration in its largest unit.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return strconv.Itoa(int(max(d, 0)/time.Second)) + " s"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " min"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " h"
	}
	return strconv.Itoa(int(d/(24*time.Hour))) + " days"
}
