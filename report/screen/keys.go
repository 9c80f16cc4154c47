package screen

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"why502/report"
)

// press does what a key is for.
func (m *model) press(k tea.KeyPressMsg) tea.Cmd {
	m.note = ""
	key := k.String()
	switch {
	case key == "ctrl+c":
		return tea.Quit
	case key == "ctrl+z":
		return suspend
	case m.typing:
		m.typeFilter(k)
		return nil
	}
	switch key {
	case "q", "esc":
		return m.leave(key)
	case "?", "h", "f1":
		if m.at() != help {
			m.open(help)
		}
	case "tab", "f":
		if m.at() == files {
			m.back()
		} else {
			m.open(files)
		}
	case "c", "y":
		return m.copyAdvice()
	default:
		if m.at() == overview {
			m.pressOverview(key)
		} else {
			m.pressPage(key)
		}
	}
	return nil
}

// leave goes back a page; from the first one, q quits and esc shows all lines again.
func (m *model) leave(key string) tea.Cmd {
	switch {
	case m.at() != overview:
		m.back()
	case key == "q":
		return tea.Quit
	default:
		m.feed.filter = filter{}
		m.feed.pause(false)
	}
	return nil
}

func (m *model) pressOverview(key string) {
	f := &m.feed
	switch key {
	case "up", "k":
		m.choose(-1)
	case "down", "j":
		m.choose(1)
	case "enter", "right", "l":
		if m.shown, _ = m.chosen(); m.shown != nil {
			m.selected = m.shown.ID
			m.open(incident)
		} else {
			m.note = "no incident to open"
		}
	case "space", "s":
		f.pause(!f.paused)
	case "pgup", "ctrl+b", "b":
		f.scroll(-m.feedRoom(), m.feedRoom())
	case "pgdown", "ctrl+f":
		f.scroll(m.feedRoom(), m.feedRoom())
	case "home", "g":
		f.scroll(-keepLines, m.feedRoom())
	case "end", "G":
		f.pause(false)
	case "w":
		f.whole = !f.whole
	case "/":
		m.typing = true
	case "t", "T":
		f.filter.tag = cycle(f.current(), f.filter.tag, direction(key), func(e *entry) []string { return e.tags })
	case "v", "V":
		f.filter.vhost = cycle(f.current(), f.filter.vhost, direction(key), func(e *entry) []string { return []string{e.vhost} })
	case "p", "P":
		f.filter.pool = cycle(f.current(), f.filter.pool, direction(key), func(e *entry) []string { return []string{e.pool} })
	}
	f.scroll(0, m.feedRoom())
}

// direction is forwards for a small letter, backwards for a capital.
func direction(key string) int {
	if key == strings.ToUpper(key) {
		return -1
	}
	return 1
}

func (m *model) choose(by int) {
	list := m.incidents()
	if len(list) == 0 {
		return
	}
	_, at := m.chosen()
	m.selected = list[min(max(at+by, 0), len(list)-1)].ID
}

func (m *model) pressPage(key string) {
	switch key {
	case "left":
		m.back()
	case "up", "k":
		m.scroll(-1)
	case "down", "j", "enter":
		m.scroll(1)
	case "pgup", "ctrl+b", "b":
		m.scroll(-m.room())
	case "pgdown", "ctrl+f", "space":
		m.scroll(m.room())
	case "home", "g":
		m.scroll(-len(m.body))
	case "end", "G":
		m.scroll(len(m.body))
	case "n", "N":
		if m.at() == incident {
			m.choose(map[string]int{"n": 1, "N": -1}[key])
			m.shown, _ = m.chosen()
			m.here().top = 0
			m.fill()
		}
	}
}

// typeFilter edits the filter; what is typed holds at once.
func (m *model) typeFilter(k tea.KeyPressMsg) {
	f := &m.feed.filter
	switch key := k.String(); {
	case key == "enter":
		m.typing = false
	case key == "esc":
		m.typing = false
		f.typed("")
	case key == "backspace":
		if r := []rune(f.query); len(r) > 0 {
			f.typed(string(r[:len(r)-1]))
		}
	case key == "ctrl+u":
		f.typed("")
	case k.Text != "" && len(f.query)+len(k.Text) <= nameBytes:
		f.typed(f.query + report.Clean(k.Text))
	}
	m.feed.scroll(0, m.feedRoom())
}
