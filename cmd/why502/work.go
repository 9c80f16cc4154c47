package main

import (
	"sync"
	"time"

	"why502/parser"
	"why502/parser/input"
)

// work hands out what is to be read. Each worker takes a file of its own while there are any; then those who would be idle
// help with files that can be read in parts.
type work struct {
	mu    sync.Mutex
	files []*logFile
	open  []*logFile // read in parts
}

// next is what a worker reads next, nil if there is nothing left for it.
func (w *work) next() *logFile {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.files) > 0 {
		f := w.files[0]
		w.files[0], w.files = nil, w.files[1:] // of tens of thousands nobody else may hold it
		if f.split != nil {
			w.open = append(w.open, f)
		}
		return f
	}
	for len(w.open) > 0 {
		if f := w.open[0]; !f.split.Over() {
			return f
		}
		w.open = w.open[1:]
	}
	return nil
}

// large is from which size on a file is worth reading in parts. Tests try all sizes.
var large = struct {
	plain, packed int64
	block         int
}{plain: 8 << 20, packed: 1 << 20}

// separable says whether parts of f can be read on their own, whatever stood before them: its entries state their whole
// time, and no two passes of an hour must be told apart by their order. It does not go by the number of workers, which
// must not show.
func (s *survey) separable(f *logFile) bool {
	least := large.plain
	if f.Packed() {
		least = large.packed
	}
	if f.Size() < least || f.Stream() || f.format == nil || f.format.Begins == nil || f.paste != nil || f.from.IsZero() {
		return false
	}
	to := f.to
	if m := f.ModTime(); m.After(to) {
		to = m
	}
	return steady(s.decoder(f).Zone, f.from, to)
}

// steady says that clocks of the zone are not set back in a time, as it may be meant in any zone.
func steady(zone *time.Location, from, to time.Time) bool {
	const any = 26 * time.Hour
	from, to = from.Add(-any), to.Add(any)
	for t := from.In(zone); ; {
		_, end := t.ZoneBounds()
		if end.IsZero() || end.After(to) {
			return true
		}
		_, before := t.Zone()
		if _, after := end.Zone(); after < before {
			return false
		}
		t = end
	}
}

// lines is what a worker reads of f, who leaves it to others once enough says so.
func (f *logFile) lines(enough func() bool) parser.Source {
	if f.split != nil {
		return f.split.Part(enough)
	}
	return f.File
}

// split prepares the files for workers; it says whether there are some that several can read.
func (s *survey) split(workers int) (some bool) {
	for _, f := range s.files {
		if f.Known() == nil && f.in == nil && s.separable(f) {
			f.split = f.File.Split(input.Blocks{Begins: f.format.Begins, Alone: workers == 1, Size: large.block})
			some = true
		}
	}
	return some
}
