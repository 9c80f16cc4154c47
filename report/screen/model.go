package screen

import (
	"bytes"
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"why502/report"
)

// page is what fills the screen.
type page int

const (
	overview page = iota
	files
	incident
	advice
	help
)

// visit is a page and the first of its rows that is shown.
type visit struct {
	page
	top int
}

// model is what is shown. Only the loop of the library touches it.
type model struct {
	look
	ctx    context.Context
	screen *Screen
	w, h   int
	now    state
	feed   feed

	pages    []visit // the way here; the last one is shown
	selected string  // id of an incident of the list; none: the first one
	shown    *report.Incident
	body     []string // of a page that is scrolled
	typing   bool     // of a filter
	note     string   // what the last key did, until the next one
}

func newModel(ctx context.Context, s *Screen) *model {
	return &model{
		look: newLook(s.options.Color), ctx: ctx, screen: s, w: 80, h: 24,
		feed: feed{entries: newRing[entry](keepLines)}, pages: []visit{{overview, 0}},
	}
}

// arrived is sent when there is news.
type arrived struct{}

func (m *model) wait() tea.Msg {
	select {
	case <-m.screen.news:
		return arrived{}
	case <-m.ctx.Done():
		return nil
	}
}

func (m *model) Init() tea.Cmd { return m.wait }

func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case arrived:
		m.take()
		return m, func() tea.Msg {
			select {
			case <-time.After(calm):
			case <-m.ctx.Done():
			}
			return m.wait()
		}
	case tea.WindowSizeMsg:
		m.w, m.h = max(msg.Width, 1), max(msg.Height, 1)
		m.fill()
	case tea.PasteMsg:
		if m.typing {
			m.feed.filter.typed(harmless(m.feed.filter.query+strings.TrimSpace(msg.Content), nameBytes))
		}
	case tea.KeyPressMsg:
		return m, m.press(msg)
	}
	return m, nil
}

// take gets the news.
func (m *model) take() {
	m.now = m.screen.take()
	m.feed.add(m.now.lines, m.now.unseen)
	m.now.lines = nil
	same := false
	if m.shown != nil {
		if in := m.successor(m.shown); in != nil {
			if m.selected == m.shown.ID {
				m.selected = in.ID
			}
			same = reflect.DeepEqual(in, m.shown)
			m.shown = in
		}
	}
	if m.at() != incident || !same { // to set a long text anew takes a while
		m.fill()
	}
}

// incidents are those of the list: the open ones, then those that are over, the newest first.
func (m *model) incidents() []*report.Incident {
	return append(slices.Clone(m.now.Open), m.now.closed...)
}

// successor is what in is now. Its id changes when an earlier line of it comes late.
func (m *model) successor(in *report.Incident) *report.Incident {
	list := m.incidents()
	for _, o := range list {
		if o.ID == in.ID {
			return o
		}
	}
	for _, o := range list {
		if len(o.Vhosts) > 0 && len(in.Vhosts) > 0 && o.Vhosts[0].Name == in.Vhosts[0].Name && !o.Start.After(in.End) && !in.Start.After(o.End) {
			return o
		}
	}
	return nil
}

// chosen is the selected incident and its place in the list, nil if there is none.
func (m *model) chosen() (in *report.Incident, at int) {
	list := m.incidents()
	if len(list) == 0 {
		return nil, 0
	}
	at = max(slices.IndexFunc(list, func(o *report.Incident) bool { return o.ID == m.selected }), 0)
	return list[at], at
}

func (m *model) at() page { return m.here().page }

func (m *model) here() *visit { return &m.pages[len(m.pages)-1] }

func (m *model) open(p page) {
	if i := slices.IndexFunc(m.pages, func(v visit) bool { return v.page == p }); i >= 0 {
		m.pages = m.pages[:i]
	}
	m.pages = append(m.pages, visit{p, 0})
	m.fill()
}

func (m *model) back() {
	m.pages = m.pages[:len(m.pages)-1]
	if m.at() == overview {
		m.shown = nil
	}
	m.fill()
}

// fill makes the rows of a page that is scrolled.
func (m *model) fill() {
	switch m.at() {
	case files:
		m.body = m.fileRows()
	case incident:
		var b bytes.Buffer
		o := report.Options{Zone: m.screen.options.Zone, Width: m.textWidth(), Color: m.screen.options.Color}
		if err := report.WriteIncident(&b, m.shown, o); err != nil {
			b.WriteString(err.Error())
		}
		m.body = strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	case advice:
		m.body = m.adviceRows()
	case help:
		m.body = m.helpRows()
	default:
		m.body = nil
	}
	m.scroll(0)
}

// textWidth is how wide text is set: longer lines than that nobody likes to read.
func (m *model) textWidth() int { return min(m.w-1, 110) }

// room is how many rows of a body fit between the title and the keys.
func (m *model) room() int { return max(m.h-2, 1) }

func (m *model) scroll(rows int) {
	v := m.here()
	v.top = max(min(v.top+rows, len(m.body)-m.room()), 0)
}

func (m *model) View() tea.View {
	rows := make([]string, 0, m.h)
	if m.at() == overview {
		rows = m.overview(rows)
	} else {
		rows = append(rows, m.pageTitle())
		top := m.here().top
		rows = append(rows, m.body[top:min(top+m.room(), len(m.body))]...)
	}
	for len(rows) < m.h-1 {
		rows = append(rows, "")
	}
	rows = append(rows[:m.h-1], m.keys())
	v := tea.NewView(strings.Join(rows, "\n"))
	v.AltScreen = true
	return v
}
