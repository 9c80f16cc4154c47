package correlate

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"why502/parser"
)

// stack is what one stack, met again and again, tells.
type stack struct {
	id                       parser.StackID
	class, culprit, function ID
	counts                   []*int // in the tables of the profile
	n                        int    // not yet counted there
}

// used says that a stack of a table is one: it has its class at least.
func (s *stack) used() bool { return s.counts != nil }

// settle counts in the tables what was counted by stack: they are too many for each entry.
func (p *profile) settle() {
	for i := range p.known.slots {
		s := &p.known.slots[i]
		for _, n := range s.counts {
			*n += s.n
		}
		s.n = 0
	}
}

// forget settles, and forgets which stacks are known.
func (p *profile) forget() {
	p.settle()
	p.known.forget()
}

// maxStacks bounds how many of them are remembered; maxPieces is how many plugins and packages of one are counted.
const (
	maxStacks = 16 << 10
	maxPieces = 16
)

func (t *Timeline) stack(r *parser.Record) *stack {
	p := &t.slow
	if s := p.known.at(r.Stack); s != nil {
		return s
	}
	if p.known.n >= maxStacks {
		p.forget()
	}
	class := slowClass(r.Frames)
	s := stack{id: r.Stack, class: t.names.idString(fixed, class), culprit: t.culprit(r)}
	var room [maxPieces + tallies]*int
	s.counts = append(room[:0], tally(p.tallies[slowClasses], s.class))
	add := func(of int, id ID) {
		if id != 0 {
			s.counts = append(s.counts, tally(p.tallies[of], id))
		}
	}
	add(culprits, s.culprit)
	add(scripts, t.names.id(ofScript, r.Script))
	for _, id := range t.piecesOf(r.Frames) {
		add(pieces, id)
	}
	if class == SlowHTTP {
		add(calls, t.names.id(ofCall, t.outsideCall(r)))
	}
	if len(r.Frames) > 0 {
		s.function = t.names.id(ofFunction, r.Frames[0].Func)
		add(functions, s.function)
		t.room = fold(t.room[:0], r)
		s.counts = append(s.counts, p.stack(t.room))
	}
	s.counts = slices.Clone(s.counts)
	return p.known.add(&s)
}

// around is what a stack tells that is not counted in the profile.
func (t *Timeline) around(r *parser.Record) *stack {
	s := &stack{class: t.names.idString(fixed, slowClass(r.Frames)), culprit: t.culprit(r)}
	if len(r.Frames) > 0 {
		s.function = t.names.id(ofFunction, r.Frames[0].Func)
	}
	return s
}

// piecesOf are those whose code is on a stack, each once, from the innermost on. It is good until the next call.
func (t *Timeline) piecesOf(frames []parser.Frame) []ID {
	all := t.pieces[:0:maxPieces]
	var before []byte
	for i := range frames {
		file := frames[i].File
		if bytes.Equal(file, before) {
			continue
		}
		before = file
		if id := t.file(file).piece; id != 0 && !slices.Contains(all, id) {
			if all = append(all, id); len(all) == cap(all) {
				break
			}
		}
	}
	if !slices.Contains(all, otherID) {
		return all
	}
	// Those that are not told apart any more count as if they were.
	all = all[:0]
	var names []string
	for i := range frames {
		t.room = piece(t.room, frames[i].File)
		t.room = t.room[:min(len(t.room), maxName)]
		if len(t.room) > 0 && !slices.Contains(names, string(t.room)) {
			names = append(names, string(t.room))
			if all = append(all, t.names.id(ofPiece, t.room)); len(all) == cap(all) {
				break
			}
		}
	}
	return all
}

// outsideCall names the call to the outside that a stack waits in, and who makes it: "curl_exec plugin:acme-rates".
func (t *Timeline) outsideCall(r *parser.Record) []byte {
	b := t.room[:0]
	for i := range min(3, len(r.Frames)) {
		if outside(r.Frames[i].Func) {
			b = append(append(b, escaped(r.Frames[i].Func)...), ' ')
			break
		}
	}
	if len(b) == 0 {
		return nil
	}
	n := len(b)
	for i := range r.Frames {
		if file := r.Frames[i].File; !core(file) {
			if b = appendCulprit(b, file); len(b) > n {
				break
			}
		}
	}
	if len(b) == n && !core(r.Script) {
		b = appendCulprit(b, r.Script)
	}
	t.room = b
	return bytes.TrimSuffix(b, []byte{' '})
}

// fold joins a stack to one key and appends it to b: pool, script and the frames, outermost first, as in
//
//	www\n/srv/index.php\n{main}\t/srv/index.php:17;curl_exec\t/srv/plugins/acme/api.php:12
func fold(b []byte, r *parser.Record) []byte {
	b = append(append(b, escaped(r.Pool)...), '\n')
	b = append(append(b, escaped(r.Script)...), '\n')
	for i := len(r.Frames) - 1; i >= 0; i-- {
		f := &r.Frames[i]
		b = append(append(b, escaped(f.Func)...), '\t')
		b = append(append(b, escaped(f.File)...), ':')
		b = strconv.AppendInt(b, int64(f.Line), 10)
		if i > 0 {
			b = append(b, ';')
		}
	}
	return b
}

// unfold is the stack that a key tells.
func unfold(key string) (s Stack) {
	var rest string
	s.Pool, rest, _ = strings.Cut(key, "\n")
	s.Script, rest, _ = strings.Cut(rest, "\n")
	for frame := range strings.SplitSeq(rest, ";") {
		function, place, _ := strings.Cut(frame, "\t")
		f := Frame{Func: function, File: place}
		if i := strings.LastIndexByte(place, ':'); i >= 0 {
			if n, err := strconv.Atoi(place[i+1:]); err == nil {
				f.File, f.Line = place[:i], n
			}
		}
		s.Frames = append(s.Frames, f)
	}
	slices.Reverse(s.Frames)
	return s
}

// folded is the line for flame graphs that a key makes: "{main} index.php:17;curl_exec api.php:12".
func folded(key string) string {
	for range 2 {
		key = key[strings.IndexByte(key, '\n')+1:]
	}
	var b strings.Builder
	for frame := range strings.SplitSeq(key, ";") {
		if b.Len() > 0 {
			b.WriteByte(';')
		}
		function, file, ok := strings.Cut(frame, "\t")
		b.WriteString(function)
		if ok {
			b.WriteByte(' ')
			b.WriteString(file[strings.LastIndexByte(file, '/')+1:])
		}
	}
	return b.String()
}

// escaped is b without what parts a key. No name that PHP gives holds any of it; the path of a file may.
func escaped(b []byte) []byte {
	plain := func(c byte) bool { return c >= ' ' && c != ';' && c != 0x7f }
	if !slices.ContainsFunc(b, func(c byte) bool { return !plain(c) }) {
		return b
	}
	var out []byte
	for _, c := range b {
		if plain(c) {
			out = append(out, c)
		} else {
			const hex = "0123456789abcdef"
			out = append(out, '\\', 'x', hex[c>>4], hex[c&15])
		}
	}
	return out
}
