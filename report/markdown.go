package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// renderMarkdown draws for tickets and chats: the same order as the text, nothing folded away but behind
// headings. The dialect is GitHub's (tables).
func renderMarkdown(w io.Writer, r *Report, o Options) error {
	m := &markdown{w: bufio.NewWriter(w), clock: newClock(r, o)}
	tell, fold := grave(r)
	m.line("# why502 report")
	if r.History != nil {
		m.verdict(r)
	} else if len(r.Incidents) == 0 {
		m.para(calm(r, m.clock))
	}
	if len(r.Incidents) > 1 {
		m.overview(append(append([]*Incident{}, tell...), fold...))
	}
	for i, in := range tell {
		m.incident(in, i+1, len(tell))
	}
	if len(fold) > 0 {
		m.line("", "## Isolated failures", "")
		for _, in := range fold {
			m.line("- " + mdText(headline(in)))
		}
	}
	m.history(r)
	m.capacity(r.Capacity)
	m.slow(&r.Profile.Slow)
	m.line("", "## What was read", "")
	for _, s := range coverage(r, m.clock, "") {
		m.line("- " + mdText(s))
	}
	m.sources(r)
	return m.w.Flush()
}

type markdown struct {
	clock
	w *bufio.Writer
}

func (m *markdown) line(lines ...string) {
	for _, l := range lines {
		m.w.WriteString(l)
		m.w.WriteByte('\n')
	}
}

func (m *markdown) para(s string) { m.line("", mdText(s)) }

// table takes clean cells.
func (m *markdown) table(head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	m.line("", "| "+strings.Join(head, " | ")+" |", strings.Repeat("|---", len(head))+"|")
	for _, r := range rows {
		cells := make([]string, len(r))
		for i, c := range r {
			cells[i] = mdText(c)
		}
		m.line("| " + strings.Join(cells, " | ") + " |")
	}
}

// slow is what the slow logs say.
func (m *markdown) slow(p *SlowProfile) {
	if p.Entries == 0 {
		return
	}
	m.line("", "## What PHP waited in ("+count(p.Entries, "slow-log entry")+")")
	for _, s := range p.rankings() {
		rows := make([][]string, len(s.rows))
		for i, e := range s.rows {
			rows[i] = []string{clean(e.Name), thousands(e.Count), percent(e.Share)}
		}
		m.table([]string{s.name, "Entries", "Share"}, rows)
	}
}

func (m *markdown) overview(list []*Incident) {
	rows := make([][]string, len(list))
	for i, in := range list {
		cause, sure := "unknown", ""
		if top := in.Verdict(); top != nil {
			cause, sure = clean(top.ID), confidence(top)
		}
		rows[i] = []string{m.period(in.Start, in.End), failureWords(in.Failures), names(in.Vhosts), cause, sure}
	}
	m.table([]string{"When", "Failures", "Vhosts", "Cause", "Confidence"}, rows)
}

func (m *markdown) incident(in *Incident, number, of int) {
	title := "## The incident"
	if of > 1 {
		title = fmt.Sprintf("## Incident %d", number)
	}
	m.line("", title, "", "**"+mdText(headline(in))+"**", "")
	for _, f := range facts(in, m.clock) {
		m.line("- " + mdText(f))
	}
	for _, s := range again(in) {
		m.line("- " + mdText(s))
	}
	if at := earlier(in, m.clock); at != "" {
		m.line("- Before: " + mdText(at))
	}
	for i := range in.Causes {
		m.cause(&in.Causes[i], i+1)
	}
	for _, s := range []struct {
		title string
		list  []Share
	}{{"Vhost", in.Vhosts}, {"URI", in.URIs}, {"Pool", in.Pools}, {"Upstream", in.Upstreams}} {
		rows := make([][]string, len(s.list))
		for i, share := range s.list {
			rows[i] = []string{clean(share.Name), failures(share)}
		}
		m.table([]string{s.title, "Failures"}, rows)
	}
	if len(in.Timeline) > 0 {
		m.line("", "### Timeline")
		rows := make([][]string, len(in.Timeline))
		for i, e := range in.Timeline {
			rows[i] = []string{m.stamp(e.Time), momentText(e), clean(e.Tag), place(e.Source, e.Line)}
		}
		m.table([]string{"Time", "What", "Tag", "Where"}, rows)
	}
	if len(in.Missing) > 0 {
		m.line("", "### What would tell more", "")
		for _, x := range in.Missing {
			m.line("- " + mdText(missingText(x)))
		}
	}
}

func (m *markdown) cause(c *Cause, rank int) {
	m.line("", fmt.Sprintf("### %d. %s", rank, mdText(clean(c.Title))), "",
		mdText(fmt.Sprintf("%s, %s, confidence %s", clean(c.ID), roleOf(c), confidence(c))))
	if c.Summary != "" {
		m.para(clean(c.Summary))
	}
	if who := culprits(c.Culprits); who != "" {
		m.para("Culprits: " + who)
	}
	m.evidence("Evidence", c.Evidence)
	m.evidence("Against it", c.Against)
	if len(c.Advice) > 0 {
		m.line("", "What to do:")
	}
	for _, a := range c.Advice {
		m.line("", "- "+mdText(clean(a.Text)))
		if a.Config != "" {
			m.code(a.Config)
		}
		if a.Caution != "" {
			m.line("", "  Caution: "+mdText(clean(a.Caution)))
		}
	}
	if len(c.Verify) > 0 {
		m.line("", "Then check:", "")
	}
	for _, v := range c.Verify {
		m.line("- " + mdText(clean(v)))
	}
}

func (m *markdown) evidence(title string, list []Evidence) {
	if len(list) == 0 {
		return
	}
	m.line("", title+":")
	for _, e := range strongest(list) {
		s := weight(e.Weight) + " " + evidenceText(e)
		if at := place(e.Source, e.Line); at != "" {
			s += ", " + at
		}
		m.line("", "- "+mdText(s))
		if e.Excerpt != "" {
			m.code(e.Excerpt)
		}
	}
}

func (m *markdown) sources(r *Report) {
	const most = 100 // trackers take some 64 KB
	var rows [][]string
	for i := range firstOf(r.Coverage.Sources, most) {
		s := r.Coverage.Sources[i]
		rows = append(rows, []string{s.name(), clean(s.Format), lines(s), m.covers(s), zone(s)})
	}
	m.table([]string{"File", "Format", "Lines", "Covers", "Zone"}, rows)
	if n := len(r.Coverage.Sources) - len(rows); n > 0 {
		m.line("", thousands(n)+" more files are in the report as JSON (--format json).")
	}
}

// code sets s as code under a list entry. Fences read best; text with markup in it is written with
// entities, so that it stays dead also where the Markdown is passed on as HTML as it is.
func (m *markdown) code(s string) {
	lines := cleanLines(s)
	m.line("")
	if strings.ContainsAny(s, "<>&") {
		for i, l := range lines {
			lines[i] = markup.Replace(l)
		}
		m.line("  <pre>" + strings.Join(lines, "\n  ") + "</pre>")
		return
	}
	fence := "```"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	m.line("  " + fence)
	for _, l := range lines {
		m.line("  " + l)
	}
	m.line("  " + fence)
}

// Not every dialect leaves alone what stands between HTML tags.
var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "](", "]&#40;", "`", "&#96;", "://", "&#58;//", "www.", "www&#46;")

// mdText escapes what Markdown or HTML would take for markup in a line of clean text. An underscore
// inside a word is none, and names are full of them.
func mdText(s string) string {
	var b strings.Builder
	before := ' '
	for i, r := range s {
		next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		switch r {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '\\', '`', '*', '[', ']', '|', '~', '$', '@':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '_':
			if !wordRune(before) || !wordRune(next) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		case ':': // http://… would become a link by itself
			if strings.HasPrefix(s[i:], "://") {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		case '#', '-', '+', '=': // begin headings, lists and underlines
			if i == 0 {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		case '.', ')': // "1. " begins a list; "www." a link
			if strings.Trim(s[:i], "0123456789") == "" || strings.HasSuffix(strings.ToLower(s[:i]), "www") {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
