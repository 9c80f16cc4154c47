package profile

import (
	"io"
	"math"
	"slices"
	"time"

	"github.com/google/pprof/profile"

	"why502/report"
)

// writePprof writes gzipped protocol buffers. File and line are where a call stands, as in the slow log.
func writePprof(w io.Writer, r *report.Report) error {
	php := &profile.Mapping{ID: 1, File: "php", HasFunctions: true, HasFilenames: true, HasLineNumbers: true}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}},
		PeriodType: &profile.ValueType{Type: "slow-log entries", Unit: "count"}, Period: 1,
		Mapping: []*profile.Mapping{php},
	}
	p.TimeNanos, p.DurationNanos = covered(&r.Coverage)

	type function struct{ name, file string }
	type place struct {
		function
		line int
	}
	functions, places := map[function]*profile.Function{}, map[place]*profile.Location{}
	at := func(f report.Frame) *profile.Location {
		k := place{function{name(f.Func), report.Clean(f.File)}, f.Line}
		if l := places[k]; l != nil {
			return l
		}
		fn := functions[k.function]
		if fn == nil {
			fn = &profile.Function{ID: uint64(len(p.Function) + 1), Name: k.name, SystemName: k.name, Filename: k.file}
			functions[k.function] = fn
			p.Function = append(p.Function, fn)
		}
		l := &profile.Location{ID: uint64(len(p.Location) + 1), Mapping: php, Line: []profile.Line{{Function: fn, Line: int64(k.line)}}}
		places[k] = l
		p.Location = append(p.Location, l)
		return l
	}
	stacks := slices.Clone(Stacks(r))
	slices.SortStableFunc(stacks, func(a, b report.Stack) int { return b.Count - a.Count })
	for _, s := range stacks {
		sample := &profile.Sample{Value: []int64{int64(s.Count)}, Label: map[string][]string{}}
		for _, f := range s.Frames {
			sample.Location = append(sample.Location, at(f))
		}
		for key, value := range map[string]string{"pool": s.Pool, "script": s.Script, "vhost": s.Vhost} {
			if value != "" {
				sample.Label[key] = []string{report.Clean(value)}
			}
		}
		p.Sample = append(p.Sample, sample)
	}
	if err := p.CheckValid(); err != nil {
		return err
	}
	return p.Write(w)
}

// covered is when the time that was analysed begins, in nanoseconds since 1970, and how long it is; 0 where it is not known.
func covered(c *report.Coverage) (from, length int64) {
	start, end := c.From, c.To
	if start == nil || end == nil {
		return 0, 0
	}
	if c.Since != nil && c.Since.After(*start) {
		start = c.Since
	}
	if c.Until != nil && c.Until.Before(*end) {
		end = c.Until
	}
	if start.Before(time.Unix(0, 0)) || start.After(time.Unix(0, math.MaxInt64)) {
		return 0, 0
	}
	return start.UnixNano(), int64(max(end.Sub(*start), 0))
}
