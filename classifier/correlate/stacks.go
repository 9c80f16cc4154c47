package correlate

import "bytes"

// Bounds of the stacks that a profile tells apart.
const (
	maxStackNames = 8 << 10
	maxStackBytes = 2 << 20
)

// stackGrain is how much of a stack is told.
type stackGrain struct {
	lines  bool // numbers
	frames int  // innermost ones; 0: none
}

// stackGrains come one after the other when there are too many stacks.
var stackGrains = [...]stackGrain{{true, 1 << 20}, {false, 1 << 20}, {false, 8}, {false, 2}, {false, 0}}

// stack is where a folded stack is counted. The bytes must not be used afterwards.
func (p *profile) stack(folded []byte) *int {
	folded = stackGrains[p.depth].cut(folded)
	if n := p.stacks[string(folded)]; n != nil {
		return n
	}
	p.bytes += len(folded)
	n := new(int)
	p.stacks[string(folded)] = n
	for (len(p.stacks) > maxStackNames || p.bytes > maxStackBytes) && p.depth < len(stackGrains)-1 {
		p.deepen(p.depth + 1)
		n = p.stacks[string(stackGrains[p.depth].cut(folded))]
	}
	return n
}

// deepen tells less of the stacks.
func (p *profile) deepen(to int) {
	if to == p.depth {
		return
	}
	p.forget()
	p.depth, p.bytes = to, 0
	old := p.stacks
	p.stacks = map[string]*int{}
	for name, n := range old {
		short := stackGrains[to].cut([]byte(name))
		if p.stacks[string(short)] == nil {
			p.bytes += len(short)
		}
		*tally(p.stacks, string(short)) += *n
	}
}

// cut shortens a folded stack in place.
func (g stackGrain) cut(folded []byte) []byte {
	if g.frames == 0 {
		return append(folded[:0], Other...)
	}
	frames := 0
	for i := len(folded) - 1; i >= 0; i-- {
		if folded[i] == ';' {
			if frames++; frames == g.frames {
				folded = folded[i+1:]
				break
			}
		}
	}
	if g.lines {
		return folded
	}
	out := folded[:0]
	for frame := range bytes.SplitSeq(folded, []byte{';'}) {
		if len(out) > 0 {
			out = append(out, ';')
		}
		out = append(out, unnumbered(frame)...)
	}
	return out
}

// unnumbered cuts the number of the line off a frame. What it leaves it leaves when asked again.
func unnumbered(frame []byte) []byte {
	for {
		short := bytes.TrimRight(frame, "0123456789")
		if len(short) == len(frame) || len(short) == 0 || short[len(short)-1] != ':' {
			return frame
		}
		frame = short[:len(short)-1]
	}
}
