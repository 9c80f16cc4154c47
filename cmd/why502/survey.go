package main

import (
	"bytes"
	"context"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
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
	beside *neighbours   // of its entries, if it is a paste; else nil

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
		lent    int
		size    int64
	}
}

// look finds out the format of each file and the zone of their stamps. Given are files that somebody named to be read once: they
// may hold what was pasted, as a server's own logs do not.
func look(ctx context.Context, files []*input.File, sel *selection, given bool) survey {
	var s survey
	s.look(ctx, files, sel, given, nil)
	return s
}

// look returns false if a file was wrongly trusted: then it has looked at some only.
func (s *survey) look(ctx context.Context, files []*input.File, sel *selection, given bool, reads *early) bool {
	*s = survey{zone: time.Local, clock: "assumed", zones: sel.zones, access: sel.access, own: sel.own}
	conf := configuration(files, sel.server)
	s.access = append(s.access, conf.formats...)
	s.config = conf.wiring(files)
	reads.begin()
	offsets := maps.Clone(sel.offsets)
	if offsets == nil {
		offsets = map[int]time.Time{}
	}
	s.offsets = offsets
	few := given && pastable(files) && len(s.access) == 0 && len(s.own) == 0
	var hands [input.MaxHands]glancer // there may be thousands of files
	for i := range hands {
		hands[i].hand, hands[i].early = i, reads
	}
	glances := make([]glance, min(len(files), glanced))
	for some := range slices.Chunk(files, glanced) {
		input.Each(len(some), func(hand, i int) {
			glances[i] = glance{}
			if alongside(some[i]) {
				hands[hand].look(ctx, s, some[i], few, &glances[i])
			}
		})
		for i, f := range some {
			if !alongside(f) {
				hands[0].look(ctx, s, f, few, &glances[i])
			}
			s.note(f, &glances[i])
		}
		for i := range hands {
			if hands[i].misled {
				return false
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
	return true
}

// note takes over what a glance at f has shown.
func (s *survey) note(f *input.File, g *glance) {
	if z := s.zoneOf(f.Name()); z != nil {
		z.used = true
	}
	s.files = append(s.files, g.file)
	if known := f.Known(); known != nil {
		g.file.format = s.formatOf(known.Format)
		s.anchors = append(s.anchors, known.Anchors...)
		return
	}
	s.dated = append(s.dated, g.pasted...)
	for _, m := range g.moments {
		if !m.firstDated.IsZero() && len(s.dated) < maxMoments {
			s.dated = append(s.dated, m.firstDated, m.lastDated)
		}
		if !m.first.IsZero() {
			if len(s.anchors) < maxMoments {
				s.anchors = append(s.anchors, m.first, m.last)
			}
			f.Anchor(m.first, m.last)
		}
		for _, o := range m.offsets {
			s.offsets[o.east] = o.at
		}
	}
}

// maxMoments bounds the moments that are kept to tell others by.
const maxMoments = 24_000

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
	p.dropped.written, p.dropped.odd, p.dropped.lent = p.lastWritten(), p.oddStamps(), p.lent()
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
