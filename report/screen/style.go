package screen

import (
	"os"
	"strings"

	"charm.land/lipgloss/v2"
)

// look is how things are drawn. Without colour the same things stand out by weight and by their signs.
type look struct {
	plain, bold, faint, good, warn, bad, key, tag, inverse, heading func(string) string
	signs
}

// signs are the characters that draw.
type signs struct {
	rule, live, past, mark, up, down string
	bars                             []string // from nothing to all
}

var (
	fine   = signs{rule: "─", live: "●", past: "○", mark: "▸", up: "↑", down: "↓", bars: strings.Split("▁▂▃▄▅▆▇█", "")}
	coarse = signs{rule: "-", live: "*", past: "o", mark: ">", up: "up", down: "/down", bars: strings.Split("_.:-=+*#", "")}
)

// newLook draws with the sixteen colours that every terminal has and its owner has chosen.
func newLook(color bool) look {
	paint := func(s lipgloss.Style, colour string) func(string) string {
		if color && colour != "" {
			s = s.Foreground(lipgloss.Color(colour))
		}
		const text = "x"
		before, after, _ := strings.Cut(s.Render(text), text) // once: what it does for each text takes longer than all else here
		return func(text string) string {
			if text == "" {
				return ""
			}
			return before + text + after
		}
	}
	s := lipgloss.NewStyle()
	return look{
		plain: func(text string) string { return text },
		bold:  paint(s.Bold(true), ""), faint: paint(s.Faint(true), ""), heading: paint(s.Bold(true), "6"),
		good: paint(s, "2"), warn: paint(s, "3"), bad: paint(s.Bold(true), "1"), key: paint(s.Bold(true), "6"), tag: paint(s, "6"),
		inverse: paint(s.Reverse(true), ""),
		signs:   chooseSigns(os.Getenv("TERM")),
	}
}

// chooseSigns knows that the fonts of text consoles, which is where one lands when all else is down, lack most signs.
func chooseSigns(term string) signs {
	if strings.HasPrefix(term, "linux") || strings.HasPrefix(term, "vt") {
		return coarse
	}
	return fine
}
