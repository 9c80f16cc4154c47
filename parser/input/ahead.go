package input

import "io"

// aheadBlocks is how many pieces of aheadSize lie between the one who unpacks and the one who reads.
const (
	aheadBlocks = 4
	aheadSize   = 64 << 10
)

// ahead reads src in a goroutine of its own: unpacking and parsing take about as long, and neither should wait for the other.
type ahead struct {
	full chan piece
	free chan []byte // of its closing the goroutine learns that it is over
	cur  piece
	rest []byte // of cur, not read yet
}

type piece struct {
	buf []byte
	n   int
	err error
}

func newAhead(src io.Reader) *ahead {
	a := &ahead{full: make(chan piece, aheadBlocks), free: make(chan []byte, aheadBlocks)}
	for range aheadBlocks {
		a.free <- make([]byte, aheadSize)
	}
	go func() {
		defer close(a.full)
		for buf := range a.free {
			n, err := src.Read(buf)
			a.full <- piece{buf, n, err}
			if err != nil {
				return
			}
		}
	}()
	return a
}

func (a *ahead) Read(p []byte) (int, error) {
	if len(a.rest) == 0 {
		a.ready(nil)
		if len(a.rest) == 0 {
			return 0, a.cur.err
		}
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// ready waits for the next piece if all of the one before has been read; false if interrupted comes first.
func (a *ahead) ready(interrupted <-chan struct{}) bool {
	if a.cur.err != nil {
		return true
	}
	if a.cur.buf != nil {
		a.free <- a.cur.buf
		a.cur.buf = nil
	}
	select { // what has come is not thrown away
	case a.cur = <-a.full:
	default:
		select {
		case a.cur = <-a.full:
		case <-interrupted:
			return false
		}
	}
	a.rest = a.cur.buf[:a.cur.n]
	return true
}

// stop ends the goroutine; src is not read any more when it returns.
func (a *ahead) stop() {
	close(a.free)
	for range a.full {
	}
}
