package input

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"why502/parser"
)

// read collects what nextBlock yields.
func read(t testing.TB, src io.Reader) (lines []parser.Line, err error) {
	t.Helper()
	buf := buffers.Get().(*[blockSize + 2*maxLine]byte)
	defer buffers.Put(buf)
	l := lineReader{src: src, buf: buf[:]}
	l.begin()
	for {
		block, err := l.nextBlock(context.Background())
		if err != nil {
			return lines, err
		}
		size := int64(0)
		for line, ok := block.Next(); ok; line, ok = block.Next() {
			line.Text = bytes.Clone(line.Text)
			lines = append(lines, line)
			size += int64(len(line.Text) + 1)
		}
		if block.Size != size || block.Number != lines[len(lines)-1].Number {
			t.Errorf("block says %d bytes up to line %d, lines have %d up to %d", block.Size, block.Number, size, lines[len(lines)-1].Number)
		}
	}
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", maxLine)
	for _, c := range []struct {
		name, text string
		want       []parser.Line
	}{
		{"nothing", "", nil},
		{"one", "a\n", []parser.Line{{Text: []byte("a"), Number: 1}}},
		{"no end", "a\nbc", []parser.Line{{Text: []byte("a"), Number: 1}, {Text: []byte("bc"), Number: 2, Offset: 2}}},
		{"CR LF", "a\r\n\r\nb\r", []parser.Line{
			{Text: []byte("a"), Number: 1},
			{Text: []byte(""), Number: 2, Offset: 3},
			{Text: []byte("b"), Number: 3, Offset: 5},
		}},
		{"byte order mark", "\xef\xbb\xbfa\n", []parser.Line{{Text: []byte("a"), Number: 1, Offset: 3}}},
		{"truncated under its writer", "\x00\x00\x00a\nb\n\x00\x00c\x00d\n\x00", []parser.Line{
			{Text: []byte("a"), Number: 1, Offset: 3},
			{Text: []byte("b"), Number: 2, Offset: 5},
			{Text: []byte("c\x00d"), Number: 3, Offset: 9},
		}},
		{"as long as may be", long + "\r\nb\n", []parser.Line{
			{Text: []byte(long), Number: 1},
			{Text: []byte("b"), Number: 2, Offset: maxLine + 2},
		}},
		{"too long", long + "yz\nb\n", []parser.Line{
			{Text: []byte(long), Number: 1, Cut: true},
			{Text: []byte("b"), Number: 2, Offset: maxLine + 3},
		}},
		{"too long at the end", long + long + long, []parser.Line{{Text: []byte(long), Number: 1, Cut: true}}},
	} {
		for how, src := range map[string]io.Reader{
			"whole":   strings.NewReader(c.text),
			"halves":  iotest.HalfReader(strings.NewReader(c.text)),
			"dataErr": iotest.DataErrReader(strings.NewReader(c.text)),
			"bytes":   iotest.OneByteReader(strings.NewReader(c.text)),
		} {
			got, err := read(t, src)
			if !errors.Is(err, io.EOF) {
				t.Errorf("%s, %s: %v", c.name, how, err)
			}
			compare(t, c.name+", "+how, got, c.want)
		}
	}
}

func compare(t *testing.T, name string, got, want []parser.Line) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d lines, want %d", name, len(got), len(want))
		return
	}
	for i, w := range want {
		if g := got[i]; !bytes.Equal(g.Text, w.Text) || g.Number != w.Number || g.Offset != w.Offset || g.Cut != w.Cut {
			t.Errorf("%s: line %d: %d bytes, number %d, offset %d, cut %v; want %d, %d, %d, %v",
				name, i, len(g.Text), g.Number, g.Offset, g.Cut, len(w.Text), w.Number, w.Offset, w.Cut)
		}
	}
}

func TestLinesErrorKeepsWhatCameBefore(t *testing.T) {
	broken := errors.New("the cable is cut")
	lines, err := read(t, io.MultiReader(strings.NewReader("a\nhalf"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	compare(t, "broken", lines, []parser.Line{
		{Text: []byte("a"), Number: 1},
		{Text: []byte("half"), Number: 2, Offset: 2, Cut: true},
	})
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestLinesStuckReader(t *testing.T) {
	if _, err := read(t, stuck{}); !errors.Is(err, errStuck) {
		t.Errorf("%v", err)
	}
}

// endless yields n bytes, block by block.
type endless struct {
	block []byte
	n     int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.n == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), e.n)], e.block)
	e.n -= n
	return n, nil
}

// A line of 200 MB is read in the memory of a short one.
func TestLinesHugeLine(t *testing.T) {
	const huge = 200 << 20
	for _, c := range []byte{'x', 0} {
		src := &endless{block: bytes.Repeat([]byte{c}, blockSize)}
		l := lineReader{buf: make([]byte, blockSize+2*maxLine)}
		tail := strings.NewReader("")
		allocs := testing.AllocsPerRun(1, func() {
			src.n = huge
			tail.Reset("\nlast\n")
			l = lineReader{src: io.MultiReader(src, tail), buf: l.buf}
			l.begin()
			line, err := l.next(t.Context())
			if err != nil || (c == 'x') != line.Cut || len(line.Text) > maxLine {
				t.Fatalf("%d bytes, cut %v, %v", len(line.Text), line.Cut, err)
			}
			line, err = l.next(t.Context())
			if err != nil || string(line.Text) != "last" || line.Number != 2 || line.Offset != huge+1 {
				t.Fatalf("%q, number %d, offset %d, %v", line.Text, line.Number, line.Offset, err)
			}
		})
		if allocs > 10 {
			t.Errorf("%v allocations", allocs)
		}
	}
}

func TestLinesAllocs(t *testing.T) {
	text := strings.Repeat("a line of a log\n", 1000)
	src := strings.NewReader(text)
	l := lineReader{src: src, buf: make([]byte, blockSize+2*maxLine)}
	n := testing.AllocsPerRun(10, func() {
		src.Reset(text)
		l.err = nil
		for {
			block, err := l.nextBlock(t.Context())
			if err != nil {
				return
			}
			for _, ok := block.Next(); ok; _, ok = block.Next() {
			}
		}
	})
	if n != 0 {
		t.Errorf("%v allocations for 1000 lines", n)
	}
}

// FuzzLines compares with a splitter too simple to be wrong.
func FuzzLines(f *testing.F) {
	f.Add([]byte("a\r\nb\n\x00\x00c\n"), uint8(3))
	f.Add([]byte("\xef\xbb\xbf\n\r\n"), uint8(1))
	f.Add([]byte(strings.Repeat("x", maxLine+1)+"\r\nb"), uint8(255))
	f.Fuzz(func(t *testing.T, text []byte, step uint8) {
		got, err := read(t, &steps{text, int(step)*300 + 1})
		if !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		compare(t, "fuzz", got, naive(text))
	})
}

// steps yields n bytes at a time.
type steps struct {
	text []byte
	n    int
}

func (s *steps) Read(p []byte) (int, error) {
	if len(s.text) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), s.n)], s.text)
	s.text = s.text[n:]
	return n, nil
}

func naive(text []byte) (lines []parser.Line) {
	at := len(text) - len(bytes.TrimLeft(text, "\x00"))
	if bytes.HasPrefix(text[at:], []byte("\xef\xbb\xbf")) {
		at += 3
	}
	for number := 1; ; number++ {
		for at < len(text) && text[at] == 0 {
			at++
		}
		if at == len(text) {
			return lines
		}
		line, _, _ := bytes.Cut(text[at:], []byte("\n"))
		l := parser.Line{Text: bytes.TrimSuffix(line, []byte("\r")), Number: number, Offset: int64(at)}
		if len(l.Text) > maxLine {
			l.Text, l.Cut = l.Text[:maxLine], true
		}
		lines = append(lines, l)
		if at += len(line) + 1; at >= len(text) {
			return lines
		}
	}
}
