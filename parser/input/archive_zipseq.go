package input

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"time"
)

// zipSequence is a zip archive read by the headers that stand before each file: for one that was cut, where the list at
// its end is missing, and for one within another archive. What lies between damaged files is passed over, and told
// at the end.
type zipSequence struct {
	r     *bufio.Reader
	count *int64
	body  *zipBody
	lost  error // what was first passed over

	inflate io.ReadCloser // of the body; used again for the next
}

func newZipSequence(r io.Reader, count *int64) sequence {
	return &zipSequence{r: bufio.NewReaderSize(r, aheadSize), count: count}
}

// Sizes and marks of APPNOTE.TXT 4.3.
const (
	zipHeadSize   = 30
	zipDescriptor = "PK\x07\x08"
	zipStored     = 0
	zipDeflated   = 8
	zipLater      = 8 // flag: sizes follow the file
	zipUnknown    = 0xffffffff
)

var (
	errZipMethod = errors.New("is packed in a way that is not known; not read")
	errZipLength = errors.New("its length is stated nowhere; not read")
)

func (z *zipSequence) Read(p []byte) (int, error) {
	if z.body == nil {
		return 0, io.EOF
	}
	return z.body.Read(p)
}

func (z *zipSequence) next() (*entry, error) {
	if z.body != nil {
		if _, err := io.Copy(io.Discard, z.body); err != nil {
			z.damage(err)
		}
		z.body = nil
	}
	for {
		mark, err := z.r.Peek(len(zipMagic))
		if err != nil {
			z.damage(io.ErrUnexpectedEOF)
			return nil, z.lost
		}
		switch {
		case string(mark) == zipMagic:
			if e, err := z.header(); err == nil {
				return e, nil
			} else {
				z.damage(err)
			}
		case mark[0] == 'P' && mark[1] == 'K' && (mark[2] == 1 && mark[3] == 2 || mark[2] == 5 && mark[3] == 6 || mark[2] == 6): // the list
			if z.lost != nil {
				return nil, z.lost
			}
			return nil, io.EOF
		default:
			z.damage(errors.New("bytes between its files"))
			z.seek()
		}
	}
}

func (z *zipSequence) damage(err error) {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if z.lost == nil {
		z.lost = err
	}
}

// seek passes over bytes up to what may be a header.
func (z *zipSequence) seek() {
	_, _ = z.r.Discard(1)
	for {
		b, err := z.r.Peek(min(max(z.r.Buffered(), len(zipMagic)), aheadSize))
		if i := bytes.Index(b, []byte(zipMagic)); i >= 0 {
			_, _ = z.r.Discard(i)
			return
		}
		_, _ = z.r.Discard(max(len(b)-len(zipMagic)+1, 0))
		if err != nil {
			_, _ = z.r.Discard(z.r.Buffered())
			return
		}
	}
}

// header reads the header of a file and prepares to read what follows it.
func (z *zipSequence) header() (*entry, error) {
	var h [zipHeadSize]byte
	if _, err := io.ReadFull(z.r, h[:]); err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	flags, method := le.Uint16(h[6:]), le.Uint16(h[8:])
	packed, size := uint64(le.Uint32(h[18:])), uint64(le.Uint32(h[22:]))
	name := make([]byte, int(le.Uint16(h[26:]))+int(le.Uint16(h[28:])))
	if _, err := io.ReadFull(z.r, name); err != nil {
		return nil, err
	}
	name, extra := name[:le.Uint16(h[26:])], name[le.Uint16(h[26:]):]
	e := &entry{name: string(name), mtime: dosTime(le.Uint16(h[12:]), le.Uint16(h[10:]))}
	zipExtra(extra, e, &packed, &size)
	later := flags&zipLater != 0
	e.size = int64(min(size, 1<<62))
	e.regular = !bytes.HasSuffix(name, []byte("/"))
	b := &zipBody{z: z, later: later, crc: crc32.NewIEEE(), want: le.Uint32(h[14:])}
	z.body = b
	raw := io.Reader(z.r)
	if !later || packed > 0 {
		raw = &exactly{z.r, packed}
	}
	switch {
	case flags&encrypted != 0 || method != zipStored && method != zipDeflated:
		if e.err = errZipMethod; flags&encrypted != 0 {
			e.err = errEncrypted
		}
		if later && packed == 0 {
			z.body = nil // the next header is looked for
		}
		b.text, b.raw, b.crc = raw, true, nil
	case method == zipDeflated:
		b.text = z.inflated(raw)
	case later && packed == 0:
		e.err, z.body = errZipLength, nil
	default:
		b.text = raw
	}
	return e, nil
}

// inflated unpacks one file after the other: to begin takes 40 kB.
func (z *zipSequence) inflated(raw io.Reader) io.Reader {
	if z.inflate == nil {
		z.inflate = flate.NewReader(raw)
	} else if err := z.inflate.(flate.Resetter).Reset(raw, nil); err != nil {
		z.inflate = flate.NewReader(raw)
	}
	return z.inflate
}

// zipExtra reads the extra fields that matter: sizes of 64 bits, and the time in seconds of Unix.
func zipExtra(extra []byte, e *entry, packed, size *uint64) {
	le := binary.LittleEndian
	for len(extra) >= 4 {
		id, n := le.Uint16(extra), int(le.Uint16(extra[2:]))
		if extra = extra[4:]; n > len(extra) {
			return
		}
		field := extra[:n]
		extra = extra[n:]
		switch {
		case id == 1:
			for _, to := range []*uint64{size, packed} {
				if *to == zipUnknown && len(field) >= 8 {
					*to, field = le.Uint64(field), field[8:]
				}
			}
		case id == 0x5455 && n >= 5 && field[0]&1 != 0:
			e.mtime = time.Unix(int64(int32(le.Uint32(field[1:]))), 0)
		}
	}
}

// dosTime is a time of MS-DOS, whose zone nobody knows.
func dosTime(date, clock uint16) time.Time {
	return time.Date(int(date>>9)+1980, time.Month(date>>5&15), int(date&31), int(clock>>11), int(clock>>5&63), int(clock&31)*2, 0, time.UTC)
}

// exactly reads n bytes, and one by one if asked: what unpacks must not read on.
type exactly struct {
	r *bufio.Reader
	n uint64
}

func (x *exactly) Read(p []byte) (int, error) {
	if x.n == 0 {
		return 0, io.EOF
	}
	n, err := x.r.Read(p[:min(uint64(len(p)), x.n)])
	if x.n -= uint64(n); errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (x *exactly) ReadByte() (byte, error) {
	if x.n == 0 {
		return 0, io.EOF
	}
	c, err := x.r.ReadByte()
	if err == nil {
		x.n--
	}
	return c, err
}

// zipBody is the text of one file.
type zipBody struct {
	z     *zipSequence
	text  io.Reader
	crc   hash.Hash32 // nil: not to be checked
	want  uint32
	later bool // sizes and sum follow
	raw   bool
	err   error
}

var errZipSum = errors.New("its checksum does not fit")

func (b *zipBody) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.text.Read(p)
	*b.z.count += int64(n)
	if b.crc != nil {
		_, _ = b.crc.Write(p[:n])
	}
	if err != nil {
		b.err = b.end(err)
		return n, b.err
	}
	return n, nil
}

// end reads what follows the text, and checks its sum.
func (b *zipBody) end(err error) error {
	if !errors.Is(err, io.EOF) {
		return err
	}
	if b.later {
		var ok bool
		if b.want, ok = b.z.descriptor(); !ok {
			return io.ErrUnexpectedEOF
		}
	}
	if b.crc != nil && b.crc.Sum32() != b.want {
		return errZipSum
	}
	return io.EOF
}

// descriptor reads the sum after a file, and passes over its sizes, of 32 or 64 bits each.
func (z *zipSequence) descriptor() (sum uint32, ok bool) {
	if mark, err := z.r.Peek(4); err == nil && string(mark) == zipDescriptor {
		_, _ = z.r.Discard(4)
	}
	const short, long = 12, 20
	b, err := z.r.Peek(long + 2)
	if len(b) < short {
		return 0, false
	}
	n := short
	if err == nil && string(b[short:short+2]) != "PK" && string(b[long:long+2]) == "PK" {
		n = long
	}
	sum = binary.LittleEndian.Uint32(b)
	_, _ = z.r.Discard(n)
	return sum, true
}
