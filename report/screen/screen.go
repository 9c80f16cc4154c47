// Package screen is the full-screen view of a live analysis: what fails now, why, and the lines that show it.
//
// Those who watch the logs tell it what they see; it never keeps them waiting, and holds no more than fits some screens.
package screen

import (
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"why502/report"
)

// Line is a tagged line of a log. Its texts are as the log has them.
type Line struct {
	Time                time.Time
	Tags                []string
	Status, Vhost, Pool string
	Text                string
	Source              string
	Line                int
}

// File is how following one log goes.
type File struct {
	Path   string
	Status string // of follow.Status: "following", "denied"
	OK     bool   // its lines are read
	Why    string // what the system says, if they are not
	Lines  int64
	Lag    int64         // bytes that are there and not read yet
	Idle   time.Duration // since its last line; below 0: none has come
	Gaps   int
}

// Snapshot is how things are.
type Snapshot struct {
	Now      time.Time          // by the clock of the logs
	Open     []*report.Incident // those that go on
	Files    []File
	Lines    int64
	Unparsed int64
}

// Options says how to draw.
type Options struct {
	Zone  *time.Location // of the times shown; nil: those of the logs
	Color bool
}

// How much is kept.
const (
	keepLines  = 1000
	keepClosed = 50
	keepTags   = 8 // of a line
)

// calm is the least time between two drawings of what came: more often nobody can read.
const calm = 200 * time.Millisecond

// Screen is what others tell and the user sees. All methods may be called from any goroutine, before, while and after it runs.
type Screen struct {
	in      io.Reader
	out     io.Writer
	options Options

	mu     sync.Mutex
	tally  tally
	lines  ring[entry]
	closed []*report.Incident // the newest last
	latest Snapshot

	news chan struct{} // something came that was not drawn yet
}

// New returns a screen that is not shown yet. Keys come from in; where that is a pipe, from the terminal of the process.
func New(in io.Reader, out io.Writer, o Options) *Screen {
	return &Screen{in: in, out: out, options: o, lines: newRing[entry](keepLines), news: make(chan struct{}, 1)}
}

// Feed shows a line.
func (s *Screen) Feed(l Line) {
	e := entry{
		at: l.Time, status: name(l.Status), vhost: name(l.Vhost), pool: name(l.Pool), text: harmless(l.Text, textBytes),
		source: harmless(l.Source, pathBytes), line: l.Line,
	}
	for _, t := range l.Tags[:min(len(l.Tags), keepTags)] {
		e.tags = append(e.tags, name(t))
	}
	s.mu.Lock()
	s.lines.push(e)
	s.mu.Unlock()
	s.wake()
}

// Count counts a request for the rates, and what its visitor got: "200", "502", "dropped". log is the kind of log that tells
// it: several tell of the same requests.
func (s *Screen) Count(at time.Time, log, status string) {
	s.mu.Lock()
	s.tally.add(at, log, status)
	s.mu.Unlock()
}

// Change shows that an incident began, grew, ended.
func (s *Screen) Change(c report.Change) {
	in := *c.Incident
	e := entry{at: c.Time, change: c.Kind, text: sites(&in) + ": " + harmless(c.Text, textBytes)}
	if c.Kind == report.Opened { // the text tells the time first, which stands before it already
		e.text = sites(&in) + ": " + verdict(&in)
	}
	s.mu.Lock()
	s.lines.push(e)
	s.closed = slices.DeleteFunc(s.closed, func(o *report.Incident) bool { return o.ID == in.ID })
	if c.Kind == report.Closed {
		if len(s.closed) >= keepClosed {
			s.closed = slices.Delete(s.closed, 0, 1)
		}
		s.closed = append(s.closed, &in)
	}
	s.mu.Unlock()
	s.wake()
}

// Write shows lines that would go to standard error, which the screen covers.
func (s *Screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	for l := range strings.Lines(string(p)) {
		s.lines.push(entry{at: s.latest.Now, change: said, text: harmless(strings.TrimRight(l, "\r\n"), textBytes)})
	}
	s.mu.Unlock()
	s.wake()
	return len(p), nil
}

// Update shows how things are now. It is to come about twice a second, also when nothing happens.
func (s *Screen) Update(n Snapshot) {
	n.Open = slices.Clone(n.Open)
	for i, in := range n.Open {
		copied := *in // whoever watches goes on to write it
		n.Open[i] = &copied
	}
	slices.SortStableFunc(n.Open, func(a, b *report.Incident) int { return b.Start.Compare(a.Start) })
	n.Files = slices.Clone(n.Files)
	s.mu.Lock()
	s.latest, s.tally.now = n, n.Now
	s.mu.Unlock()
	s.wake()
}

func (s *Screen) wake() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// state is what there is to draw.
type state struct {
	Snapshot
	closed []*report.Incident // the newest first
	lines  []entry            // since the last one
	unseen int                // further lines, which came too fast to be shown
	rates  []rate
	hour   [60]int
}

func (s *Screen) take() state {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := state{Snapshot: s.latest, closed: slices.Clone(s.closed), rates: s.tally.rates(), hour: s.tally.hour()}
	st.closed = slices.DeleteFunc(st.closed, func(in *report.Incident) bool {
		return slices.ContainsFunc(st.Open, func(o *report.Incident) bool { return o.ID == in.ID }) // the next snapshot is without it
	})
	slices.Reverse(st.closed)
	st.lines, st.unseen = s.lines.take()
	return st
}
