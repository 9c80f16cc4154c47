package main

import (
	"bytes"
	"context"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"why502/classifier/correlate"
	"why502/parser"
	"why502/parser/input"
)

// logFile is a file and what it holds; format is nil if that is not known.
type logFile struct {
	*input.File
	format *parser.Format
	first  time.Time     // of its entries, known only of logs in several generations
	paste  *parser.Paste // nil: it is a log as it stands

	from, to time.Time    // of the entries at its ends, read as if in UTC
	split    *input.Split // nil: one worker reads it, from its beginning to its end
	stamps   stamps
	in       *folder // that it is counted under; nil: it is told apart
	begun    atomic.Bool
	compared atomic.Bool // with the next generation, or under way
}

// stamps is what those who read a file have met.
type stamps struct {
	mu             sync.Mutex
	zoned, unzoned bool
	zone           *time.Location
}

func (s *stamps) add(d *parser.Decoder) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.zoned, s.unzoned, s.zone = s.zoned || d.Zoned, s.unzoned || d.Unzoned, d.Zone
}

// noteStamps notes what d has met in f.
func (f *logFile) noteStamps(d *parser.Decoder) {
	if f.in != nil {
		f.in.stamps.add(d)
		return
	}
	f.stamps.add(d)
}

// survey is what the beginnings of all files tell before any of them is read.
type survey struct {
	files   []*logFile
	folders []*folder      // of files that are not told apart
	sets    [][]*logFile   // generations of one log, the older first
	zone    *time.Location // of stamps that state none
	clock   string         // how it is known: flag | inferred | assumed
	zones   []*fileZone    // of single files, by flag
	anchors []time.Time
	dated   []time.Time       // moments that logs state with their year but without a zone
	offsets map[int]time.Time // that access logs state, and when
	access  []*parser.AccessFormat
	own     []*parser.Format
	config  *correlate.Config // nil: none is known

	dropped struct { // of files that are not kept
		written time.Time // last
		odd     []string  // oddStamps
		size    int64
	}
}

// look finds out the format of each file and the zone of their stamps. Given are files that somebody named to be read once: they
// may hold what was pasted, as a server's own logs do not.
func look(ctx context.Context, files []*input.File, sel *selection, given bool) survey {
	s := survey{zone: time.Local, clock: "assumed", zones: sel.zones, access: sel.access, own: sel.own}
	conf := configuration(files, sel.server)
	s.access = append(s.access, conf.formats...)
	s.config = conf.wiring(files)
	offsets := maps.Clone(sel.offsets)
	if offsets == nil {
		offsets = map[int]time.Time{}
	}
	s.offsets = offsets
	few := given && pastable(files) && len(s.access) == 0 && len(s.own) == 0
	var ends input.Ends
	d := &parser.Decoder{} // there may be thousands of files
	for _, f := range files {
		if z := s.zoneOf(f.Name()); z != nil {
			z.used = true
		}
		lf := &logFile{File: f}
		s.files = append(s.files, lf)
		if known := f.Known(); known != nil {
			lf.format = s.formatOf(known.Format)
			s.anchors = append(s.anchors, known.Anchors...)
			continue
		}
		if ends.Read(f) != nil {
			continue // said when the file is read
		}
		*d = parser.Decoder{Zone: time.UTC, Ref: f.ModTime(), Path: f.Name(), Access: s.access, Own: s.own}
		lf.format = d.Detect(ends.Head)
		lf.unpaste(ctx, ends.Head, few, d)
		if lf.paste != nil {
			s.dated = append(s.dated, lf.paste.Dated...)
		}
		if lf.format != nil {
			s.anchor(ctx, lf, ends.Head, d, offsets)
			tail := ends.Tail
			if ends.Whole && lf.format.Begins != nil { // nothing that was read of them hangs on what stood before
				tail = tail[min(len(ends.Head), len(tail)):]
			}
			if len(tail) > 0 {
				s.anchor(ctx, lf, tail, d, offsets)
			}
		}
	}
	if sel.zone != nil {
		s.zone, s.clock = sel.zone, "flag"
	} else if z := hostZone(offsets); z != nil && z != time.Local {
		s.zone, s.clock = z, "inferred"
	}
	s.sets = s.generations(ctx)
	s.inOrder(s.sets)
	return s
}

// maxMoments bounds the moments that are kept to tell others by.
const maxMoments = 24_000

// anchor gathers the moments that the head or tail of a log states with their offset, and the offsets that access logs
// state: the clock of the same host runs in nginx's error log.
func (s *survey) anchor(ctx context.Context, f *logFile, head [][]byte, d *parser.Decoder, offsets map[int]time.Time) {
	var first, last, firstDated, lastDated time.Time
	for r, err := range parser.Records(ctx, headSource{f.Name(), head}, f.format, d) {
		if err == nil && !r.Time.IsZero() {
			if f.from.IsZero() || r.Time.Before(f.from) {
				f.from = r.Time
			}
			if r.Time.After(f.to) {
				f.to = r.Time
			}
		}
		if err == nil && d.Zoned && !r.Time.IsZero() {
			if last = r.Time; first.IsZero() {
				first = r.Time
			}
			if east, ok := statedOffset(r.Raw); ok && strings.HasSuffix(r.Format, "-access") {
				offsets[east] = r.Time
			}
		}
		// A year that was guessed proves nothing. It may be that of a line that follows: entries are read ahead.
		if err == nil && !d.Zoned && !r.Time.IsZero() && r.Time.Year() != d.Guessed {
			if lastDated = r.Time; firstDated.IsZero() {
				firstDated = r.Time
			}
		}
		d.Zoned = false
	}
	if !firstDated.IsZero() && len(s.dated) < maxMoments {
		s.dated = append(s.dated, firstDated, lastDated)
	}
	if !first.IsZero() {
		if len(s.anchors) < maxMoments {
			s.anchors = append(s.anchors, first, last)
		}
		f.Anchor(first, last)
	}
}

// formatOf is the format of that name.
func (s *survey) formatOf(name string) *parser.Format {
	for _, f := range s.own {
		if f.Name == name {
			return f
		}
	}
	return parser.Lookup(name)
}

// statedOffset reads the offset of an access line's stamp:
//
//	127.0.0.1 - - [22/Nov/2026:18:02:39 +0100] "GET / HTTP/1.1" 200 2047
func statedOffset(line []byte) (east int, ok bool) {
	end := bytes.IndexByte(line, ']')
	if end < 6 {
		return 0, false
	}
	sign, digits := line[end-5], line[end-4:end]
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	hours, minutes := int(digits[0]-'0')*10+int(digits[1]-'0'), int(digits[2]-'0')*10+int(digits[3]-'0')
	switch east = hours*3600 + minutes*60; {
	case line[end-6] != ' ' || hours > 24 || minutes > 60 || sign != '+' && sign != '-':
		return 0, false
	case sign == '-':
		east = -east
	}
	return east, true
}

// decoder is what reading f needs.
func (s *survey) decoder(f *logFile) *parser.Decoder {
	ref := f.ModTime()
	if ref.IsZero() {
		ref = time.Now()
	}
	zone := s.zone
	if z := s.zoneOf(f.Name()); z != nil {
		zone = z.zone
	}
	return &parser.Decoder{Zone: zone, Ref: ref, Path: f.Name(), Anchors: s.anchors, Dated: s.dated, Access: s.access, Own: s.own}
}

// lastWritten is when the files were written last.
func (s *survey) lastWritten() time.Time {
	last := s.dropped.written
	for _, f := range s.files {
		if t := f.ModTime(); t.After(last) {
			last = t
		}
	}
	return last
}

// dropFiles is for when all have been read: there may be tens of thousands, and half a KiB of each.
func (p *pipeline) dropFiles() {
	p.dropped.written, p.dropped.odd = p.lastWritten(), p.oddStamps()
	p.files, p.sets, p.anchors = nil, nil, nil
}

// clockOf notes on src in which zone its stamps were read, how that is known, and whether another may be meant.
func (s *survey) clockOf(src *correlate.Source, met *stamps) {
	switch {
	case !met.unzoned && met.zoned:
		src.Clock = "stated"
	case !met.unzoned:
	case s.zoneOf(src.Path) != nil:
		src.Zone, src.Clock = zoneName(met.zone), "flag"
	default:
		src.Zone, src.Clock = zoneName(s.zone), s.clock
		if !met.zoned {
			src.Loc = met.zone
		}
	}
}

// zoneName is a name that --timezone takes: of the local zone that of the file behind /etc/localtime.
func zoneName(z *time.Location) string {
	if z != time.Local {
		return z.String()
	}
	if tz := strings.TrimPrefix(os.Getenv("TZ"), ":"); tz != "" {
		return tz
	}
	if target, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(target, "zoneinfo/"); ok {
			return strings.TrimPrefix(name, "Etc/")
		}
	}
	return time.Now().Format("-07:00")
}

// headSource is the beginning of a file as a parser.Source.
type headSource struct {
	name  string
	lines [][]byte
}

func (h headSource) Name() string { return h.name }

func (h headSource) Lines(context.Context) iter.Seq2[parser.Line, error] {
	return func(yield func(parser.Line, error) bool) {
		for i, l := range h.lines {
			if !yield(parser.Line{Text: l, Number: i + 1}, nil) {
				return
			}
		}
	}
}
