package input

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/gzip"

	"why502/parser"
)

// begins is the beginning of an entry in these tests.
func begins(line []byte) bool { return bytes.HasPrefix(line, []byte("> ")) }

// splitText holds entries of one and several lines, long lines, holes, and stretches without any beginning.
func splitText(r *rand.Rand) string {
	var b strings.Builder
	if r.IntN(4) == 0 {
		b.WriteString("\xef\xbb\xbf")
	}
	for range r.IntN(300) {
		switch r.IntN(20) {
		case 0:
			b.WriteString(strings.Repeat("x", r.IntN(3*maxLine)))
		case 1:
			b.WriteString(strings.Repeat("\x00", r.IntN(9000)))
		case 2:
			b.WriteString(strings.Repeat("no entry\n", r.IntN(2000)))
		case 3, 4, 5:
			b.WriteString("  continued ")
		case 6:
			b.WriteString("> CR LF\r")
		default:
			b.WriteString("> entry ")
		}
		fmt.Fprintf(&b, "%d\n", r.IntN(1000))
	}
	if r.IntN(2) == 0 {
		b.WriteString("> without an end")
	}
	return b.String()
}

func oneFile(t testing.TB, text string, packed bool) *File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	data := []byte(text)
	if packed {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data = b.Bytes()
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	files, errs := Open([]string{path}, Options{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return files[0]
}

// readSplit reads f by so many readers, and holds what a reader may rely on: a block begins with the beginning of an entry.
func readSplit(t *testing.T, f *File, readers, block int) (lines []parser.Line, errs []error) {
	t.Helper()
	s := f.Split(Blocks{Begins: begins, Alone: readers == 1, Size: block})
	var (
		mu sync.Mutex
		wg sync.WaitGroup
	)
	for range readers {
		wg.Go(func() {
			last, asked := 0, 0
			enough := func() bool { asked++; return asked%3 == 0 } // whoever leaves comes back
			for l, err := range partAfterPart(s, enough) {
				mu.Lock()
				switch {
				case err != nil:
					errs = append(errs, err)
				case l.Fresh && l.Number != 1 && !begins(l.Text):
					t.Errorf("a block begins with line %d, %.20q", l.Number, l.Text)
				case !l.Fresh && l.Number != last+1:
					t.Errorf("line %d comes after line %d within a block", l.Number, last)
				default:
					l.Text, l.Fresh = bytes.Clone(l.Text), false
					lines = append(lines, l)
				}
				last = l.Number
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if !s.Over() {
		t.Error("not over")
	}
	slices.SortFunc(lines, func(a, b parser.Line) int { return a.Number - b.Number })
	return lines, errs
}

// partAfterPart yields the lines of so many parts as it takes.
func partAfterPart(s *Split, enough func() bool) iter.Seq2[parser.Line, error] {
	return func(yield func(parser.Line, error) bool) {
		for !s.Over() {
			for l, err := range s.Part(enough).Lines(context.Background()) {
				if !yield(l, err) {
					return
				}
			}
		}
	}
}

func TestSplit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 502))
	for i := range 12 {
		text := splitText(r)
		f := oneFile(t, text, i%3 == 0)
		var want []parser.Line
		for l, err := range f.Lines(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			l.Text = bytes.Clone(l.Text)
			want = append(want, l)
		}
		for _, readers := range []int{1, 2, 5} {
			for _, block := range []int{1, 20, 700, 60_000, splitBlock} {
				if block < 700 && len(text) > 100_000 {
					continue // too many reads
				}
				got, errs := readSplit(t, f, readers, block)
				if len(errs) > 0 {
					t.Fatal(errs)
				}
				compare(t, fmt.Sprintf("text %d, %d readers, blocks of %d", i, readers, block), got, want)
			}
		}
	}
}

// Of a damaged archive each line that could be unpacked is read once, and one reader says what is lost.
func TestSplitDamaged(t *testing.T) {
	f := oneFile(t, strings.Repeat("> an entry that repeats\n", 200_000), true)
	if err := os.Truncate(f.name, f.size/2); err != nil {
		t.Fatal(err)
	}
	n, said := 0, ""
	for _, err := range f.Lines(context.Background()) {
		if n++; err != nil {
			n, said = n-1, err.Error()
		}
	}
	for _, readers := range []int{1, 3} {
		lines, errs := readSplit(t, f, readers, 40_000)
		if len(lines) != n || len(errs) != 1 || errs[0].Error() != said {
			t.Errorf("%d readers: %d lines and %v, want %d and %q", readers, len(lines), errs, n, said)
		}
	}
}

func TestSplitSkip(t *testing.T) {
	f := oneFile(t, strings.Repeat("> entry\n", 1000), false)
	f.Skip(900)
	if lines, _ := readSplit(t, f, 2, 100); len(lines) != 100 || lines[0].Number != 901 {
		t.Errorf("%d lines from %d on", len(lines), lines[0].Number)
	}
	f.Skip(SkipAll)
	s := f.Split(Blocks{Begins: begins, Alone: true})
	for range s.Part(nil).Lines(context.Background()) {
		t.Fatal("a line")
	}
	if !s.Over() {
		t.Error("those who read look for more for ever")
	}
}

// A reader that stops, or is stopped, leaves no one waiting.
func TestSplitStopped(t *testing.T) {
	f := oneFile(t, strings.Repeat("no entry\n", 100_000), true)
	s := f.Split(Blocks{Begins: begins, Alone: true})
	for range s.Part(nil).Lines(context.Background()) {
		break
	}
	if !s.Over() {
		t.Error("not over")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s, said := f.Split(Blocks{Begins: begins}), []error(nil)
	for _, err := range s.Part(nil).Lines(ctx) {
		said = append(said, err)
	}
	if len(said) != 1 || said[0] != context.Canceled || !s.Over() {
		t.Error(said)
	}
}
