package input

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

func TestAhead(t *testing.T) {
	text := bytes.Repeat([]byte("2026/11/22 18:00:27 [error] a line\n"), 30_000)
	broken := errors.New("broken")
	for name, src := range map[string]io.Reader{
		"whole":      bytes.NewReader(text),
		"in halves":  iotest.HalfReader(bytes.NewReader(text)),
		"with error": io.MultiReader(bytes.NewReader(text), iotest.ErrReader(broken)),
		"data error": iotest.DataErrReader(bytes.NewReader(text)),
	} {
		a := newAhead(src)
		got, err := io.ReadAll(a)
		a.stop()
		if want := name == "with error"; errors.Is(err, broken) != want || !want && err != nil {
			t.Errorf("%s: error %v", name, err)
		}
		if !bytes.Equal(got, text) {
			t.Errorf("%s: %d bytes of %d, or others", name, len(got), len(text))
		}
	}
}

// TestAheadStops ends before the text does: the source must not be read after that.
func TestAheadStops(t *testing.T) {
	src := &bottomless{}
	a := newAhead(src)
	if _, err := io.ReadFull(a, make([]byte, 3*aheadSize)); err != nil {
		t.Fatal(err)
	}
	a.stop()
	n := src.n
	if _, err := io.ReadFull(src, make([]byte, 1)); err != nil || src.n != n+1 {
		t.Errorf("read %d bytes after the stop, %v", src.n-n-1, err)
	}
}

type bottomless struct{ n int }

func (e *bottomless) Read(p []byte) (int, error) {
	e.n += len(p)
	return len(p), nil
}
