package correlate

import (
	"bytes"
	"encoding/binary"
)

// Bounds of the stacks that a profile tells apart, and of the frames that they are made of.
const (
	maxStackNames = 8 << 10
	maxStackBytes = 1 << 20
	maxFrames     = 16 << 10
	maxFrameBytes = 1 << 20
)

// stacks counts stacks. Many share most of their frames: a stack is kept as the numbers of its texts.
type stacks struct {
	n     map[string]*int
	bytes int

	ids       map[string]uint32
	texts     []string
	textBytes int
}

func newStacks() stacks { return stacks{n: map[string]*int{}, ids: map[string]uint32{}} }

// at is where the stack of a key is counted.
func (s *stacks) at(key []byte) *int {
	var room [256]byte
	packed := room[:0]
	for i := 0; ; i++ {
		part := byte(';')
		if i < 2 {
			part = '\n'
		}
		text, rest, more := bytes.Cut(key, []byte{part})
		packed = binary.LittleEndian.AppendUint32(packed, s.id(text))
		if key = rest; !more {
			break
		}
	}
	n := s.n[string(packed)]
	if n == nil {
		n = new(int)
		s.n[string(packed)] = n
		s.bytes += len(packed)
	}
	return n
}

func (s *stacks) id(text []byte) uint32 {
	id, known := s.ids[string(text)]
	if !known {
		id = uint32(len(s.texts))
		own := string(text)
		s.ids[own] = id
		s.texts = append(s.texts, own)
		s.textBytes += len(own)
	}
	return id
}

// key is that of a packed stack.
func (s *stacks) key(packed string) []byte {
	var b []byte
	for i := 0; i+4 <= len(packed); i += 4 {
		switch {
		case i == 0:
		case i <= 8:
			b = append(b, '\n')
		default:
			b = append(b, ';')
		}
		b = append(b, s.texts[binary.LittleEndian.Uint32([]byte(packed[i:i+4]))]...)
	}
	return b
}

func (s *stacks) over() bool {
	return len(s.n) > maxStackNames || s.bytes > maxStackBytes || len(s.texts) > maxFrames || s.textBytes > maxFrameBytes
}

// stackGrain is how much of a stack is told.
type stackGrain struct {
	labels bool // pool and script
	dirs   bool // folders of files
	lines  bool // numbers
	frames int  // innermost ones; 0: none
}

// stackGrains come one after the other when there are too many stacks.
//
// A profile begins with the first one if it is to be written to a file, else with plainStacks, which a report tells.
var stackGrains = [...]stackGrain{
	{true, true, true, 1 << 20},
	{false, true, true, 1 << 20},
	{false, false, true, 1 << 20},
	{false, false, false, 1 << 20},
	{false, false, false, 8},
	{false, false, false, 2},
	{false, false, false, 0},
}

const plainStacks = 2

// stack is where the stack of a key is counted. The bytes must not be used afterwards.
func (p *profile) stack(key []byte) *int {
	key = stackGrains[p.depth].cut(key)
	n := p.stacks.at(key)
	for p.stacks.over() && p.depth < len(stackGrains)-1 {
		p.deepen(p.depth + 1)
		key = stackGrains[p.depth].cut(key)
		n = p.stacks.at(key)
	}
	return n
}

// deepen tells less of the stacks.
func (p *profile) deepen(to int) {
	if to == p.depth {
		return
	}
	p.forget()
	p.depth = to
	old := p.stacks
	p.stacks = newStacks()
	for packed, n := range old.n {
		*p.stacks.at(stackGrains[to].cut(old.key(packed))) += *n
	}
}

// cut shortens the key of a stack in place.
func (g stackGrain) cut(key []byte) []byte {
	if g.labels {
		return key
	}
	const none = "\n\n"
	if g.frames == 0 {
		return append(append(key[:0], none...), Other...)
	}
	stack := key
	for range 2 {
		stack = stack[bytes.IndexByte(stack, '\n')+1:]
	}
	frames := 0
	for i := len(stack) - 1; i >= 0; i-- {
		if stack[i] == ';' {
			if frames++; frames == g.frames {
				stack = stack[i+1:]
				break
			}
		}
	}
	out := append(key[:0], none...)
	for frame := range bytes.SplitSeq(stack, []byte{';'}) {
		if len(out) > len(none) {
			out = append(out, ';')
		}
		if !g.lines {
			frame = unnumbered(frame)
		}
		if tab := bytes.IndexByte(frame, '\t'); tab >= 0 && !g.dirs {
			file := frame[tab+1:]
			file = file[bytes.LastIndexByte(file, '/')+1:]
			out = append(append(out, frame[:tab+1]...), file...)
		} else {
			out = append(out, frame...)
		}
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
