package report

import (
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"golang.org/x/term"
)

const (
	defaultWidth = 100
	minWidth     = 40 // below it nothing can be laid out
	ellipsis     = "…"
)

// IsTerminal says whether w writes to a terminal.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// textWidth is how many columns a line written to w may take.
func textWidth(w io.Writer, asked int) int {
	if asked > 0 {
		return max(asked, minWidth)
	}
	if f, ok := w.(*os.File); ok {
		if cols, _, err := term.GetSize(int(f.Fd())); err == nil && cols > 0 {
			return max(cols, minWidth)
		}
	}
	if cols, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && cols > 0 {
		return max(cols, minWidth)
	}
	return defaultWidth
}

// width is how many columns s takes; escape sequences for colour take none.
func width(s string) int { return twwidth.Width(s) }

// runeWidth is width for one rune, without the cache that strings go through.
func runeWidth(r rune) int {
	if r < 0x7f {
		return 1
	}
	return twwidth.WidthNoCache(string(r))
}

// split returns the longest beginning of s that fits cols columns, not empty for an s that is not.
// It parts no character from the marks that follow it.
func split(s string, cols int) (head, tail string) {
	used := 0
	for i, r := range s {
		w := runeWidth(r)
		if used += w; used > cols && i > 0 && w > 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// cut shortens s to cols columns.
func cut(s string, cols int) string {
	if _, tail := split(s, cols); tail == "" {
		return s
	}
	if cols <= 1 {
		return ellipsis
	}
	head, _ := split(s, cols-1)
	return strings.TrimRight(head, " ") + ellipsis
}

// wrap breaks s into lines of at most cols columns: at blanks where it can, words longer than a line after
// a slash, else between characters. Runs of blanks inside a line stay, they mean something in logs.
func wrap(s string, cols int) []string {
	s = strings.TrimRight(s, " ")
	var lines []string
	for {
		head, tail := split(s, cols)
		if tail == "" {
			return append(lines, head)
		}
		if at := breakAt(s, head, tail, cols); at < len(head) {
			head, tail = s[:at], s[at:]
		}
		lines = append(lines, strings.TrimRight(head, " "))
		s = strings.TrimLeft(tail, " ")
	}
}

// breakAt says how much of head, which s begins with and which fills a line, stays on it.
func breakAt(s, head, tail string, cols int) int {
	if tail[0] == ' ' {
		return len(head)
	}
	blank := strings.LastIndexByte(head, ' ')
	word, _, _ := strings.Cut(s[blank+1:], " ")
	if _, rest := split(word, cols); rest == "" && strings.Trim(head[:blank+1], " ") != "" {
		return blank
	}
	if slash := strings.LastIndexByte(head, '/'); slash > blank && width(head[:slash+1]) >= cols/2 {
		return slash + 1
	}
	return len(head)
}
