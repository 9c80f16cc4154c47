package report

import (
	"bufio"
	"io"
	"strings"

	"github.com/fatih/color"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// ink colours text; without colour every function returns its text as it is.
type ink struct{ bold, faint, good, bad, warn func(string) string }

func newInk(on bool) ink {
	paint := func(attrs ...color.Attribute) func(string) string {
		if !on {
			return func(s string) string { return s }
		}
		c := color.New(attrs...)
		c.EnableColor() // decided by the caller, not by the terminal this process happens to have
		return func(s string) string {
			if s == "" {
				return s
			}
			return c.Sprint(s)
		}
	}
	return ink{
		bold: paint(color.Bold), faint: paint(color.Faint), good: paint(color.FgGreen),
		bad: paint(color.FgRed, color.Bold), warn: paint(color.FgYellow),
	}
}

// page gathers lines of bounded width. All text that comes to it is clean.
type page struct {
	ink
	width int
	lines []string
	over  int  // rows that lines of code take on a terminal beyond one each
	wraps bool // such lines, too: nothing may be wider
}

// blank parts sections; two never follow each other.
func (p *page) blank() {
	if n := len(p.lines); n > 0 && p.lines[n-1] != "" {
		p.lines = append(p.lines, "")
	}
}

// put wraps text behind lead, its further lines under its first, at most most lines of it (0: all).
func (p *page) put(lead, text string, paint func(string) string, most int) {
	hang := width(lead)
	if hang > p.width/2 { // a lead that leaves no room stands alone
		p.lines = append(p.lines, cut(lead, p.width))
		lead, hang = "    ", 4
	}
	lines := wrap(text, p.width-hang)
	if most > 0 && len(lines) > most {
		lines = lines[:most]
		head, _ := split(lines[most-1], p.width-hang-2)
		lines[most-1] = strings.TrimRight(head, " ") + " " + ellipsis
	}
	for _, l := range lines {
		if paint != nil {
			l = paint(l)
		}
		p.lines = append(p.lines, lead+l)
		lead = strings.Repeat(" ", hang)
	}
}

// code puts a line that is to be copied as it stands: a terminal breaks it where it must.
func (p *page) code(lead, line string, paint func(string) string) {
	if p.wraps {
		p.put(lead, line, paint, 0)
		return
	}
	p.lines = append(p.lines, lead+paint(line))
	p.over += max(0, width(lead)+width(line)-1) / max(1, p.width)
}

// rows is how many lines of a terminal the page takes.
func (p *page) rows() int { return len(p.lines) + p.over }

// title begins a section.
func (p *page) title(s string) { p.put("", s, p.bold, 0) }

func (p *page) write(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, l := range p.lines {
		b.WriteString(l)
		b.WriteByte('\n')
	}
	return b.Flush()
}

// table draws rows under head, columns shrunk to fit the page. Columns named in right hold numbers.
//
// tablewriter's own limits overrun on words longer than a column (paths, URIs), so cells come to it wrapped.
func (p *page) table(head []string, rows [][]string, right ...int) {
	cols := columns(append([][]string{head}, rows...), p.width-(3*len(head)-1))
	align := make([]tw.Align, len(head))
	for i := range align {
		align[i] = tw.AlignLeft
	}
	for _, i := range right {
		align[i] = tw.AlignRight
	}
	cell := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Alignment:  tw.CellAlignment{PerColumn: align},
	}
	var b strings.Builder
	t := tablewriter.NewTable(&b,
		tablewriter.WithConfig(tablewriter.Config{Header: cell, Row: cell}),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.Border{Left: tw.Off, Right: tw.Off, Top: tw.Off, Bottom: tw.Off},
			Symbols:  tw.NewSymbols(tw.StyleLight),
			Settings: tw.Settings{Separators: tw.Separators{BetweenColumns: tw.On, BetweenRows: tw.Off, ShowHeader: tw.On}},
		})),
	)
	t.Header(fit(head, cols))
	for _, r := range rows {
		if err := t.Append(fit(r, cols)); err != nil {
			p.put("", strings.Join(r, "  "), nil, 0)
		}
	}
	if err := t.Render(); err != nil {
		return
	}
	for l := range strings.Lines(b.String()) {
		p.lines = append(p.lines, strings.TrimRight(l, " \n"))
	}
}

// columns shares room between the columns. They give in turn, the widest first: what can be wrapped between words, then
// prose with a long word in it, last names and figures.
func columns(rows [][]string, room int) []int {
	n := len(rows[0])
	cols, words, sum := make([]int, n), make([]int, n), 0
	for i := range cols {
		for _, r := range rows {
			cols[i] = max(cols[i], width(r[i]))
			for w := range strings.FieldsSeq(strings.ReplaceAll(r[i], "/", "/ ")) { // wrap breaks after a slash, too
				words[i] = max(words[i], width(w))
			}
		}
		sum += cols[i]
	}
	prose := make([]bool, n)
	for i := range cols {
		prose[i] = cols[i] > words[i]
	}
	const readable = 16
	for ; sum > max(room, n); sum-- {
		give := widest(cols, func(i int) bool { return cols[i] > words[i] })
		if give < 0 {
			give = widest(cols, func(i int) bool { return prose[i] && cols[i] > readable })
		}
		if give < 0 {
			give = widest(cols, func(int) bool { return true })
		}
		cols[give]--
	}
	return cols
}

// widest is the last of the widest columns that may give, -1 if none may.
func widest(cols []int, may func(int) bool) int {
	best := -1
	for i, c := range cols {
		if may(i) && (best < 0 || c >= cols[best]) {
			best = i
		}
	}
	return best
}

func fit(row []string, cols []int) []string {
	out := make([]string, len(row))
	for i, s := range row {
		out[i] = strings.Join(wrap(s, cols[i]), "\n")
	}
	return out
}
