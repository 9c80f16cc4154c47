package correlate

import (
	"slices"
	"time"

	"why502/classifier"
	"why502/parser"
)

// key says what a mark counts: one kind of event, about one subject, in one second of log time.
type key struct {
	sec                             int64
	class                           uint8
	tag, src, vhost, backend        ID
	scheme, pool, culprit, function ID
	client                          ID // only where nothing else tells whom a failure hit
	uri                             ID // only of requests that PHP-FPM found too slow
}

// Sample is one line kept to be shown.
type Sample struct {
	parser.Pos
	Time time.Time
	Text string
}

// maxText bounds the bytes of a line that are kept to be shown.
const maxText = 400

// Excerpt is the text as it may be shown: nobody shall take a part for the whole.
func (s *Sample) Excerpt() string {
	if len(s.Text) < maxText {
		return s.Text
	}
	return s.Text + "…"
}

func (s *Sample) before(o *Sample) bool {
	if c := s.Time.Compare(o.Time); c != 0 {
		return c < 0
	}
	if s.File != o.File {
		return s.File < o.File
	}
	return s.Line < o.Line
}

// About says what a Mark counts: all of its key but the time. Marks share it.
type About struct {
	Tag      classifier.Tag
	Rule     *classifier.Rule // nil for marks that no rule made: access lines, slow-log entries
	File     string           // the source
	Format   string           // of most records of it; Marks sets it
	Vhost    string
	Backend  string // "unix:/run/php.sock", "127.0.0.1:8080"
	Scheme   string // "fastcgi", "http"; "" if the line does not say
	Pool     string
	Culprit  string // "plugin:name"
	Function string // the innermost function, of slow-log entries
	Client   string
	URI      string // the page family, of requests that PHP-FPM found too slow
}

// Mark counts the events of one key. Everything in it is the same whatever the order of adding. There may be 15,000 of them: what they
// have in common stands in About.
type Mark struct {
	*About
	Count       int
	First, Last time.Time
	Sample      Sample // the earliest line
	Clients     Set
	Requests    Set // of lines that stand for a failed request: retries of one request are one
	PIDs        []int
	Span        time.Duration // the longest duration a line stated
	Number      int           // the largest limit, code or signal a line stated
	Fold        bool          // its time could be meant an hour later as well
	Subject     int32         // whom it is about: those of one number relate to an incident alike; Incidents sets it, 0 is unknown
	Own         int           // 503s that nginx made itself
}

// maxPIDs bounds the process numbers a mark keeps: the smallest, so that order makes no difference.
const maxPIDs = 32

func (m *Mark) addPID(pid int) {
	n := len(m.PIDs)
	if n == maxPIDs && pid >= m.PIDs[n-1] {
		return
	}
	if cap(m.PIDs) == 0 {
		m.PIDs = make([]int, 0, 4)
	}
	i := place(m.PIDs, pid)
	if i < n && m.PIDs[i] == pid {
		return
	}
	if n < maxPIDs {
		m.PIDs = append(m.PIDs, pid)
	}
	copy(m.PIDs[i+1:], m.PIDs[i:])
	m.PIDs[i] = pid
}

// count adds one entry.
func (m *Mark) count(r *parser.Record) {
	m.Count++
	switch {
	case r.Time == m.Last && m.Sample.Line < r.Line && m.Sample.File == r.File: // as in a burst
	case m.Count == 1:
		m.First, m.Last = r.Time, r.Time
		m.Sample = Sample{r.Pos, r.Time, clip(r.Raw)}
	case r.Time.After(m.Sample.Time):
		if r.Time.After(m.Last) {
			m.Last = r.Time
		}
	default:
		one := Sample{Pos: r.Pos, Time: r.Time}
		if one.before(&m.Sample) {
			one.Text = clip(r.Raw)
			m.Sample, m.First = one, r.Time
		}
	}
	m.Span = max(m.Span, r.Duration)
	m.Fold = m.Fold || r.Fold
	if r.PID > 0 {
		m.addPID(r.PID)
	}
}

// clone is a mark of the same that takes no more room than it needs.
func (m *Mark) clone() *Mark {
	c := *m
	c.Clients, c.Requests, c.PIDs = m.Clients.clone(), m.Requests.clone(), slices.Clone(m.PIDs)
	return &c
}

// wipe empties m, which keeps its room.
func (m *Mark) wipe() {
	*m = Mark{Clients: m.Clients.wiped(), Requests: m.Requests.wiped(), PIDs: m.PIDs[:0]}
}

func (m *Mark) merge(o *Mark) {
	m.Count += o.Count
	if m.First.IsZero() || o.First.Before(m.First) {
		m.First = o.First
	}
	if o.Last.After(m.Last) {
		m.Last = o.Last
	}
	if m.Sample.File == "" || o.Sample.before(&m.Sample) {
		m.Sample = o.Sample
	}
	m.Clients.Merge(&o.Clients)
	m.Requests.Merge(&o.Requests)
	for _, p := range o.PIDs {
		m.addPID(p)
	}
	m.Span = max(m.Span, o.Span)
	m.Number = max(m.Number, o.Number)
	m.Fold = m.Fold || o.Fold
	m.Own += o.Own
}

// compareMarks is the one order in which marks are read: by time, then by place and subject.
func compareMarks(a, b *Mark) int {
	if c := a.First.Compare(b.First); c != 0 {
		return c
	}
	if a.Sample.before(&b.Sample) {
		return -1
	}
	if b.Sample.before(&a.Sample) {
		return 1
	}
	for _, p := range [...][2]string{
		{string(a.Tag), string(b.Tag)},
		{a.Vhost, b.Vhost},
		{a.Backend, b.Backend},
		{a.Culprit, b.Culprit},
		{a.Function, b.Function},
		{a.Client, b.Client},
		{a.URI, b.URI},
	} {
		if p[0] != p[1] {
			if p[0] < p[1] {
				return -1
			}
			return 1
		}
	}
	return 0
}
