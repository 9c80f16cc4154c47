package report

import (
	"slices"
	"strings"

	"why502/classifier/correlate"
)

func (b *builder) coverage(t *correlate.Timeline) Coverage {
	c := Coverage{}
	for _, f := range t.Folded() {
		c.Folded = append(c.Folded, Folded(f))
	}
	special := t.Special()
	told := map[string]*correlate.Source{} // the files of a folder that have rows of their own, as a sum
	for _, f := range special {
		sum := told[f.In]
		if sum == nil {
			sum = &correlate.Source{}
			told[f.In] = sum
		}
		sum.Add(f.Source)
		if sum.Files++; f.Error != "" {
			sum.Failed++
		}
	}
	sources := t.Sources()
	c.Sources = make([]Source, 0, len(sources)+len(special))
	files := 0
	for _, s := range sources {
		row := b.source(s)
		c.Bytes += s.Bytes
		c.Lines += s.Lines
		c.Records += s.Records
		c.Unparsed += s.Unparsed
		if !s.From.IsZero() && (c.From == nil || s.From.Before(*c.From)) {
			c.From = b.at(s.From)
		}
		if !s.To.IsZero() && (c.To == nil || s.To.After(*c.To)) {
			c.To = b.at(s.To)
		}
		if s.Files > 0 {
			if row.others(s, told[s.Path]); row.Files == 0 {
				continue
			}
			files += row.Files
		}
		c.Sources = append(c.Sources, row)
	}
	for _, f := range special {
		row, all := b.source(f.Source), t.Source(f.In)
		row.Timezone, row.Clock = all.Zone, all.Clock
		c.Sources = append(c.Sources, row)
	}
	if len(special) > 0 {
		slices.SortStableFunc(c.Sources, func(a, b Source) int { return strings.Compare(a.Path, b.Path) })
	}
	if files > 0 {
		c.Folded = append(c.Folded, Folded{Kind: foldedFiles, Names: files})
	}
	return c
}

func (b *builder) source(s *correlate.Source) Source {
	format := s.Format
	if k := s.Kind(); strings.HasSuffix(format, "-access") && strings.HasSuffix(k, "-access") {
		format = k // nginx's and Apache's lines look alike; which server it was is known line by line
	}
	if format == "" {
		format = FormatUnknown
		if s.Bytes == 0 && s.Error == "" {
			format = FormatEmpty
		}
	}
	return Source{
		Path: s.Path, Format: format, Bytes: s.Bytes, Lines: s.Lines, Records: s.Records, Unparsed: s.Unparsed,
		From: b.at(s.From), To: b.at(s.To), Timezone: s.Zone, Clock: s.Clock, Error: s.Error,
	}
}

// others makes r, the row of a folder, that of the files in it which have no row of their own.
//
//	/var/log/apache2/domlogs/* (apache-access)        /var/log/apache2/domlogs/*
func (r *Source) others(all, told *correlate.Source) {
	if i := strings.LastIndex(r.Path, " ("); i > 0 {
		r.Path = r.Path[:i]
	}
	r.Files = all.Files
	failed := all.Failed
	if told != nil {
		r.Bytes, r.Lines, r.Records, r.Unparsed = r.Bytes-told.Bytes, r.Lines-told.Lines, r.Records-told.Records, r.Unparsed-told.Unparsed
		r.Files -= told.Files
		failed -= told.Failed
	}
	if failed > 0 {
		r.Error = thousands(failed) + " of them could not be read to the end"
	}
}
