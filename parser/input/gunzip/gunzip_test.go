package gunzip

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
	"time"
)

// texts are such as need each kind of block, and copies from near and from far.
func texts() map[string][]byte {
	random := rand.New(rand.NewPCG(5, 0))
	var log, wide, noise bytes.Buffer
	for i := range 6000 {
		fmt.Fprintf(&log, "2026/11/22 18:%02d:%02d [error] %d#%d: *%d connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.%d\n",
			i/60%60, i%60, 4000+random.IntN(9), i, i*7, random.IntN(256))
	}
	for range 1 << 18 { // codes of all lengths
		wide.WriteByte(byte(random.ExpFloat64() * 9))
	}
	for range 200_000 {
		noise.WriteByte(byte(random.IntN(256)))
	}
	return map[string][]byte{
		"empty":  nil,
		"short":  []byte("a log of one line\n"),
		"log":    log.Bytes(),
		"wide":   wide.Bytes(),
		"noise":  noise.Bytes(),
		"zeros":  make([]byte, 300_000),
		"near":   bytes.Repeat([]byte("0123456"), 60_000),
		"window": bytes.Repeat(noise.Bytes()[:farthest], 5),
	}
}

func pack(t testing.TB, text []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, level)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unpack(src io.Reader) ([]byte, error) {
	r, err := NewReader(src)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func TestTexts(t *testing.T) {
	for name, text := range texts() {
		for _, level := range []int{gzip.NoCompression, gzip.BestSpeed, gzip.DefaultCompression, gzip.BestCompression, gzip.HuffmanOnly} {
			packed := pack(t, text, level)
			for how, src := range map[string]io.Reader{
				"at once":    bytes.NewReader(packed),
				"by bytes":   iotest.OneByteReader(bytes.NewReader(packed)),
				"by halves":  iotest.HalfReader(bytes.NewReader(packed)),
				"end behind": iotest.DataErrReader(bytes.NewReader(packed)),
			} {
				if got, err := unpack(src); err != nil || !bytes.Equal(got, text) {
					t.Errorf("%s, level %d, %s: %d bytes of %d, %v", name, level, how, len(got), len(text), err)
				}
			}
		}
	}
}

// TestMembers reads several archives behind one another, with all that a header may hold.
func TestMembers(t *testing.T) {
	var b bytes.Buffer
	for i := range 3 {
		w := gzip.NewWriter(&b)
		w.Name, w.Comment, w.Extra, w.ModTime = "error.log", "of a day", make([]byte, 1000*i), time.Unix(1e9, 0)
		fmt.Fprintf(w, "line %d\n", i)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	const want = "line 0\nline 1\nline 2\n"
	if got, err := unpack(&b); err != nil || string(got) != want {
		t.Errorf("%q, %v", got, err)
	}
	// A header with a checksum, as Go writes none.
	header := []byte{0x1f, 0x8b, 8, headerSum, 0, 0, 0, 0, 0, 255}
	header = binary.LittleEndian.AppendUint16(header, uint16(crc32.ChecksumIEEE(header)))
	packed := append(header, pack(t, []byte("x"), gzip.BestSpeed)[len(header)-2:]...)
	if got, err := unpack(bytes.NewReader(packed)); err != nil || string(got) != "x" {
		t.Errorf("with a checksum of the header: %q, %v", got, err)
	}
	packed[10]++
	if _, err := unpack(bytes.NewReader(packed)); !errors.Is(err, ErrHeader) {
		t.Errorf("with a wrong one: %v", err)
	}
}

// TestCut cuts an archive at each byte: what comes before is yielded, and then said that there should be more.
func TestCut(t *testing.T) {
	text := texts()["log"][:5000]
	for _, level := range []int{gzip.NoCompression, gzip.DefaultCompression} {
		packed := pack(t, text, level)
		some := 0
		for n := 1; n < len(packed); n++ {
			got, err := unpack(bytes.NewReader(packed[:n]))
			if !errors.Is(err, io.ErrUnexpectedEOF) || !bytes.HasPrefix(text, got) || len(got) < some {
				t.Fatalf("cut at %d of %d: %d bytes, %v", n, len(packed), len(got), err)
			}
			some = len(got)
		}
		if some != len(text) {
			t.Errorf("%d bytes of %d with nothing but the last byte missing", some, len(text))
		}
	}
}

func TestDamaged(t *testing.T) {
	packed := pack(t, texts()["log"], gzip.DefaultCompression)
	n := len(packed)
	for name, c := range map[string]struct {
		change func(b []byte) []byte
		want   error
	}{
		"nothing":        {func([]byte) []byte { return nil }, io.EOF},
		"no magic":       {func(b []byte) []byte { b[0] = 'x'; return b }, ErrHeader},
		"no deflate":     {func(b []byte) []byte { b[2] = 7; return b }, ErrHeader},
		"unknown flag":   {func(b []byte) []byte { b[3] = 0x20; return b }, ErrHeader},
		"checksum":       {func(b []byte) []byte { b[n-5]++; return b }, ErrChecksum},
		"size":           {func(b []byte) []byte { b[n-1]++; return b }, ErrChecksum},
		"garbage behind": {func(b []byte) []byte { return append(b, "Sunday, 22 Nov"...) }, ErrHeader},
		"kind of block":  {func(b []byte) []byte { b[10] |= 6; return b }, ErrCorrupt},
		"stored length":  {func(b []byte) []byte { return append(b[:10], 0, 1, 0, 1, 0) }, ErrCorrupt},
		"too far back":   {func(b []byte) []byte { return append(b[:10], 3, 2, 0, 0, 0, 0, 0, 0, 0) }, ErrCorrupt},
	} {
		if _, err := unpack(bytes.NewReader(c.change(bytes.Clone(packed)))); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	broken := errors.New("disk")
	if _, err := unpack(io.MultiReader(bytes.NewReader(packed[:n/2]), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("an error of the source came as %v", err)
	}
}

// TestClosed says that a Reader which is closed, even twice, is not in the way of those that come after it.
func TestClosed(t *testing.T) {
	packed := pack(t, []byte("text\n"), gzip.BestSpeed)
	old, err := NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	_, first := old.Close(), old.Close()
	if _, err := old.Read(make([]byte, 8)); first != nil || err == nil {
		t.Error("a closed Reader reads")
	}
	a, _ := NewReader(bytes.NewReader(packed))
	b, _ := NewReader(bytes.NewReader(packed))
	for _, r := range []*Reader{a, b} {
		if got, err := io.ReadAll(r); err != nil || string(got) != "text\n" {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func TestAllocations(t *testing.T) {
	r, err := NewReader(bytes.NewReader(pack(t, texts()["log"], gzip.DefaultCompression)))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	buf := make([]byte, 32<<10)
	if n := testing.AllocsPerRun(10, func() { _, err = r.Read(buf) }); n > 0 || err != nil {
		t.Errorf("%v allocations, %v", n, err)
	}
}

// FuzzGunzip compares with what Go's own package unpacks.
func FuzzGunzip(f *testing.F) {
	for _, text := range texts() {
		text = text[:min(len(text), 3000)]
		for _, level := range []int{gzip.NoCompression, gzip.BestSpeed, gzip.BestCompression, gzip.HuffmanOnly} {
			packed := pack(f, text, level)
			f.Add(packed)
			f.Add(append(bytes.Clone(packed), packed[:len(packed)*2/3]...))
		}
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		const most = 4 << 20 // a few bytes may make gigabytes
		var want []byte
		old, wantErr := gzip.NewReader(bytes.NewReader(packed))
		if wantErr == nil {
			want, wantErr = io.ReadAll(io.LimitReader(old, most))
		}
		var got []byte
		r, err := NewReader(bytes.NewReader(packed))
		if err == nil {
			defer r.Close()
			got, err = io.ReadAll(io.LimitReader(r, most))
		}
		if !bytes.HasPrefix(got, want) && !errors.Is(err, ErrHeader) { // of what is cut some bytes more come out
			t.Fatalf("%d bytes, not the %d of compress/gzip: %v, %v", len(got), len(want), err, wantErr)
		}
		switch {
		case (err == nil) == (wantErr == nil):
		case errors.Is(err, ErrHeader) && bytes.HasPrefix(want, got): // compress/gzip lets flags pass that stand for nothing yet
		default:
			t.Fatalf("%v, compress/gzip says %v", err, wantErr)
		}
		if len(got) > len(want) && !errors.Is(wantErr, io.ErrUnexpectedEOF) {
			t.Fatalf("%d bytes, compress/gzip finds %d: %v", len(got), len(want), wantErr)
		}
	})
}

func BenchmarkGunzip(b *testing.B) {
	text := texts()["log"]
	packed, buf := pack(b, text, gzip.DefaultCompression), make([]byte, 64<<10)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := NewReader(bytes.NewReader(packed))
		for err == nil {
			_, err = r.Read(buf)
		}
		_ = r.Close()
	}
}
