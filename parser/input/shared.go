package input

import (
	"bytes"
	"context"
	"hash/maphash"
	"iter"
	"math"

	"why502/parser"
)

// fewShared is how many lines two logs must share for it to be no chance; fewer will do if they are all of one of them.
const fewShared = 8

// Stream says that the file can be read once only.
func (f *File) Stream() bool { return f.stream != nil }

// Skip makes Lines pass over the first n lines, which another file holds too.
func (f *File) Skip(n int) { f.skip = n }

// SkipAll makes Lines yield nothing.
const SkipAll = math.MaxInt

// Shared says how many of the first lines of later stand at the end of earlier too, SkipAll if it holds all of them.
// logrotate's copytruncate leaves such, where the log grew or was not emptied while it was copied; so does a log that
// lies beside its packed copy. It reads earlier, and of later what is shared; neither is held.
func Shared(ctx context.Context, earlier, later *File) (int, error) {
	head, err := later.Head()
	if err != nil || len(head) == 0 {
		return 0, err
	}
	m := newMatcher(head)
	next, stop := iter.Pull2(earlier.Lines(ctx))
	defer stop()
	count := 0
	for {
		line, err, ok := next()
		switch {
		case !ok:
			if m.at >= fewShared || m.at == count {
				return m.at, nil
			}
			return 0, nil
		case err != nil:
			return 0, err
		}
		if count++; m.step(line.Text) {
			return follow(ctx, next, later, len(head), count)
		}
	}
}

// follow compares what comes after the head of later, of which count lines of earlier have been read, line by line.
func follow(ctx context.Context, earlier func() (parser.Line, error, bool), later *File, n, count int) (int, error) {
	next, stop := iter.Pull2(later.Lines(ctx))
	defer stop()
	for range n {
		next()
	}
	whole := count == n
	for {
		a, err, more := earlier()
		if err != nil {
			return 0, err
		}
		b, err, ok := next()
		switch {
		case err != nil:
			return 0, err
		case !ok && (n >= fewShared || whole && !more):
			return SkipAll, nil
		case !more && (n >= fewShared || whole):
			return n, nil
		case !ok || !more || !bytes.Equal(a.Text, b.Text):
			return 0, nil // lines that repeat
		}
		n++
	}
}

// matcher finds a run of lines among others by their hashes (Knuth, Morris and Pratt): lines repeat.
type matcher struct {
	seed maphash.Seed
	want []uint64
	back []int // where to go on after a mismatch
	at   int   // how many lines match now
}

func newMatcher(lines [][]byte) *matcher {
	m := &matcher{seed: maphash.MakeSeed(), back: make([]int, len(lines))}
	for _, l := range lines {
		m.want = append(m.want, maphash.Bytes(m.seed, l))
	}
	for i, k := 1, 0; i < len(m.want); i++ {
		for k > 0 && m.want[i] != m.want[k] {
			k = m.back[k-1]
		}
		if m.want[i] == m.want[k] {
			k++
		}
		m.back[i] = k
	}
	return m
}

// step takes the next line; true if all lines of the run have come.
func (m *matcher) step(line []byte) bool {
	h := maphash.Bytes(m.seed, line)
	for m.at > 0 && m.want[m.at] != h {
		m.at = m.back[m.at-1]
	}
	if m.want[m.at] == h {
		m.at++
	}
	return m.at == len(m.want)
}
