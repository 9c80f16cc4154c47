package screen

import "strings"

// binding is a key and what it does.
type binding struct{ key, does string }

// bar lists the keys of the last row, the most needed first; those that lead away stand at its end and stay.
func (m *model) bar() (here, away []binding) {
	scroll, back := binding{m.up + m.down, "scroll"}, binding{"esc", "back"}
	switch m.at() {
	case files:
		return []binding{scroll}, []binding{back, {"?", "keys"}}
	case incident:
		return []binding{scroll, {"c", "copy advice"}, {"n", "next"}}, []binding{back, {"?", "keys"}}
	case advice, help:
		return []binding{scroll}, []binding{back}
	}
	pause := "pause"
	if m.feed.paused {
		pause = "go on"
	}
	return []binding{
		{"enter", "open"},
		{"space", pause},
		{"/", "filter"},
		{"tab", "logs"},
		{m.up + m.down, "choose"},
		{"c", "copy advice"},
		{"t v p", "tag, vhost, pool"},
		{"w", "wrap"},
	}, []binding{{"?", "keys"}, {"q", "quit"}}
}

// keys is the last row.
func (m *model) keys() string {
	switch {
	case m.typing:
		hint := "words, tag: vhost: pool:  enter keeps it, esc shows all"
		field := " / " + cutLeft(m.feed.filter.query, max(m.w/2-4, 8))
		return m.bold(field) + m.inverse(" ") + "  " + m.faint(cut(hint, m.w-columns(field)-4))
	case m.note != "":
		return m.good(cut(" "+m.note, m.w))
	}
	wide := func(b binding) int { return columns(b.key) + columns(b.does) + 3 }
	here, away := m.bar()
	room := m.w
	for _, b := range away {
		room -= wide(b)
	}
	var fit []binding
	for _, b := range here {
		if room -= wide(b); room < 0 {
			break
		}
		fit = append(fit, b)
	}
	var row strings.Builder
	for _, b := range append(fit, away...) {
		row.WriteString(" " + m.key(b.key) + " " + m.faint(b.does) + " ")
	}
	return row.String()
}

// allKeys is what the page of keys says.
var allKeys = []struct {
	title string
	keys  []binding
}{
	{"Incidents", []binding{
		{"up down", "choose one"},
		{"enter", "open it: causes with what speaks for and against them, what to do, what to check then"},
		{"n N", "on its page: the next one, the one before"},
		{"c", "copy the advice of its first cause, and show it so that it can be selected"},
	}},
	{"Lines", []binding{
		{"space", "pause, and go on"},
		{"pgup pgdown", "look back; end goes on"},
		{"/", "filter by words; tag:timeout vhost:shop pool:www look only there"},
		{"t v p", "the next tag, vhost, pool; with shift the one before"},
		{"esc", "show all again"},
		{"w", "wrap long lines"},
	}},
	{"Elsewhere", []binding{
		{"tab, f", "the logs and how following them goes"},
		{"? h", "this page"},
		{"q, esc", "back; q on the first page quits"},
		{"ctrl+c", "quit"},
		{"ctrl+z", "to the shell; fg comes back"},
	}},
}

func (m *model) helpRows() []string {
	var rows []string
	keys := 18
	if m.w < 60 {
		keys = 13
	}
	for i, s := range allKeys {
		if i > 0 {
			rows = append(rows, "")
		}
		rows = append(rows, " "+m.bold(s.title))
		for _, b := range s.keys {
			for i, l := range wrap(b.does, m.w-keys-3) {
				if i > 0 {
					b.key = ""
				}
				rows = append(rows, "  "+m.key(left(b.key, keys))+" "+l)
			}
		}
	}
	return rows
}
