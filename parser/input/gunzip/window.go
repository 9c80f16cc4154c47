package gunzip

const (
	farthest   = 32 << 10 // that is copied from
	longest    = 258      // that is copied at once
	chunk      = 64 << 10 // that is unpacked between two moves of the window
	stride     = 32       // that is copied at a time
	windowSize = farthest + chunk + 2*longest
)

// window is what has been unpacked of a member, as far back as it may be copied from.
type window struct {
	buf   [windowSize]byte
	given int // how much has been read of it
	end   int
}

func (w *window) ready() []byte { return w.buf[w.given:w.end] }

// room says whether there is room for what a code may mean.
func (w *window) room() bool { return w.end <= farthest+chunk }

// slide makes room. All must have been given.
func (w *window) slide() {
	if w.room() {
		return
	}
	copy(w.buf[:], w.buf[w.end-farthest:w.end])
	w.given, w.end = farthest, farthest
}

// repeat writes n bytes at end that stand so far before it. Less than a stride behind them may be written, too.
func repeat(buf *[windowSize]byte, end, distance, n int) {
	from := end - distance
	if distance < stride {
		for i := range n {
			buf[end+i] = buf[from+i]
		}
		return
	}
	for until := end + n; end < until; end, from = end+stride, from+stride {
		*(*[stride]byte)(buf[end:]) = *(*[stride]byte)(buf[from:])
	}
}
