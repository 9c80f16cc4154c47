package report

// verdict is the report in a sentence, and why in another.
func (m *markdown) verdict(r *Report) {
	what, why, _ := verdictStrip(r, m.clock)
	if h := r.History; h.Host != "" {
		what = clean(h.Host) + ": " + what
	}
	m.line("", "**"+mdText(what)+"**")
	if why != "" {
		m.para(why)
	}
}

// history is what is different from the days before, and these days.
func (m *markdown) history(r *Report) {
	v := newHistoryView(r, nil, m.clock)
	if v == nil {
		return
	}
	m.line("", "## What changed")
	if v.Compared != "" {
		m.para(v.Compared)
	}
	rows := make([][]string, len(v.Figures))
	for i, f := range v.Figures {
		rows[i] = append([]string{f.Name}, f.Cells...)
	}
	heads := []string{""}
	for _, h := range v.Heads {
		heads = append(heads, mdText(h))
	}
	m.table(heads, rows)
	rows = make([][]string, len(v.Moves))
	for i, w := range v.Moves {
		rows[i] = []string{w.Change, w.Kind + " " + w.Name, w.Now.Text, w.Yesterday.Text, w.Median.Text, w.Seen}
	}
	m.table([]string{"Change", "What", "Now", "Day before", "Median", "On record"}, rows)
	if v.MovesNote != "" {
		m.para(v.MovesNote)
	}
	if v.Trend != nil {
		m.line("", "### The last "+v.Trend.Days)
		rows = make([][]string, len(v.Trend.Rows))
		for i := range rows {
			rows[i] = v.Trend.Rows[i].cells()
		}
		m.table(trendHead, rows)
	}
	if len(v.Gaps) > 0 {
		m.line("", "### What could not be read", "")
		for _, s := range v.Gaps {
			m.line("- " + mdText(s))
		}
	}
}

// capacity is how many children the pools should have.
func (m *markdown) capacity(c *Capacity) {
	if c == nil || len(c.Pools) == 0 {
		return
	}
	m.line("", "## Capacity")
	if c.Text != "" {
		m.para(clean(c.Text))
	}
	if server := c.server(); len(server) > 0 {
		m.line("")
		for _, s := range server {
			m.line("- " + mdText(s))
		}
	}
	asks, rest := c.asking()
	for _, p := range append(asks, rest...) {
		m.line("", "### Pool "+mdText(clean(p.Name)+": "+p.advice()))
		if p.Text != "" {
			m.para(clean(p.Text))
		}
		if load := p.load(m.clock); len(load) > 0 || p.Manager+p.File != "" {
			m.line("")
			for _, s := range append([]string{p.setup()}, load...) {
				if s != "" {
					m.line("- " + mdText(s))
				}
			}
		}
		for i, b := range p.Bounds {
			if i == 0 {
				m.line("", "Sums:", "")
			}
			m.line("- " + mdText(boundText(b)))
		}
		if p.Config != "" {
			m.line("", "- For the pool file:")
			m.code(p.Config)
		}
		if p.Caution != "" {
			m.para("Caution: " + clean(p.Caution))
		}
		if p.Verify != "" {
			m.para("Then check: " + clean(p.Verify))
		}
	}
	for i, s := range c.From {
		if i == 0 {
			m.line("", "Where the figures come from:", "")
		}
		m.line("- " + mdText(clean(s)))
	}
}
