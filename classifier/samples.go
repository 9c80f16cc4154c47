package classifier

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"why502/parser"
)

// sampleYear gives sample lines without a year theirs; rules do not look at times.
var sampleYear = time.Date(2030, time.January, 1, 0, 0, 0, 0, time.UTC)

// checkSamples runs the rule's own lines: each of Yes must get the tag, none of No may.
func (r *Rule) checkSamples() *Refusal {
	for _, s := range r.Yes {
		records := 0
		hit := false
		for rec := range sampleRecords(s, r.Formats) {
			records++
			hit = hit || r.matches(rec)
		}
		switch {
		case records == 0:
			return &Refusal{r.Source, fmt.Sprintf("no format reads this line of yes: %s", s)}
		case !hit:
			return &Refusal{r.Source, fmt.Sprintf("it does not match this line of yes: %s", s)}
		}
	}
	for _, s := range r.No {
		for rec := range sampleRecords(s, r.Formats) {
			if r.matches(rec) {
				return &Refusal{r.Source, fmt.Sprintf("it matches this line of no: %s", s)}
			}
		}
	}
	return nil
}

// matches asks the rule alone, without a matcher.
func (r *Rule) matches(rec *parser.Record) bool {
	if !hasMessages(rec.Format) || len(r.Formats) > 0 && !slices.Contains(r.Formats, rec.Format) {
		return false
	}
	return r.fits(rec)
}

// sampleRecords parses a sample by the format that knows its lines best; where several do equally well,
// by one of those the rule is for.
func sampleRecords(sample string, formats []string) iter.Seq[*parser.Record] {
	return func(yield func(*parser.Record) bool) {
		src := sampleSource(sample)
		var lines [][]byte
		for l := range strings.SplitSeq(sample, "\n") {
			lines = append(lines, []byte(l))
		}
		f := parser.Detect(lines)
		if f == nil {
			return
		}
		if !slices.Contains(formats, f.Name) {
			for _, name := range formats {
				if own := parser.Lookup(name); own != nil && own.Sniff(lines[0]) >= f.Sniff(lines[0]) && own.Sniff(lines[0]) > 0 {
					f = own
					break
				}
			}
		}
		for rec, err := range parser.Records(context.Background(), src, f, &parser.Decoder{Ref: sampleYear}) {
			if err == nil && !yield(rec) {
				return
			}
		}
	}
}

// sampleSource is a sample as a parser.Source.
type sampleSource string

func (s sampleSource) Name() string { return "sample" }

func (s sampleSource) Lines(context.Context) iter.Seq2[parser.Line, error] {
	return func(yield func(parser.Line, error) bool) {
		n := 0
		for l := range strings.SplitSeq(strings.TrimSuffix(string(s), "\n"), "\n") {
			n++
			if !yield(parser.Line{Text: []byte(l), Number: n}, nil) {
				return
			}
		}
	}
}
