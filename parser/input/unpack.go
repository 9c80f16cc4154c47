package input

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/therootcompany/xz"
)

type compression uint8

const (
	plain compression = iota
	gzipped
	zstandard
	xzipped
	bzipped
	utf16Little
	utf16Big
)

func (c compression) String() string {
	return [...]string{"plain", "gzip", "zstd", "xz", "bzip2", "UTF-16", "UTF-16"}[c]
}

// magics are the bytes archives begin with. Names say nothing: rotation leaves error.log.1 packed and access.gz plain.
var magics = [...]struct {
	kind  compression
	bytes string
}{
	{gzipped, "\x1f\x8b\x08"},
	{zstandard, "\x28\xb5\x2f\xfd"},
	{xzipped, "\xfd7zXZ\x00"},
	{bzipped, "BZh"},
	{utf16Little, "\xff\xfe"},
	{utf16Big, "\xfe\xff"},
}

// blockMagic follows "BZh9" in a bzip2 file; a log may begin with those letters.
const blockMagic = "1AY&SY"

// packedHead is how many bytes tell how a file is packed.
const packedHead = len("BZh9") + len(blockMagic)

// maxWindow bounds the memory that a zstd archive may ask for; -19 and --long=25 stay within.
const maxWindow = 32 << 20

// unpack returns the text in raw, and how it was packed.
func unpack(raw io.Reader) (compression, io.Reader, error) {
	head := make([]byte, packedHead)
	n, err := io.ReadFull(raw, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return plain, nil, err
	}
	head = head[:n]
	kind, raw := sniffCompression(head), io.MultiReader(bytes.NewReader(head), raw)
	text, err := unpackAs(kind, raw)
	return kind, text, err
}

// unpackAs returns the text in raw, which is packed in that way or plain.
func unpackAs(kind compression, raw io.Reader) (text io.Reader, err error) {
	switch kind {
	case gzipped:
		return gzip.NewReader(bufio.NewReaderSize(raw, 32<<10))
	case zstandard:
		z, err := zstd.NewReader(raw, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return z.IOReadCloser(), nil
	case xzipped:
		return xz.NewReader(raw, 0)
	case bzipped:
		return bzip2.NewReader(raw), nil
	case utf16Little:
		return newUTF16(raw, binary.LittleEndian)
	case utf16Big:
		return newUTF16(raw, binary.BigEndian)
	}
	return raw, nil
}

// Unpack returns the text in raw, which may be packed or plain. The text is a Closer if closing it frees anything.
func Unpack(raw io.Reader) (text io.Reader, packed bool, err error) {
	kind, text, err := unpack(raw)
	return text, kind != plain, err
}

func sniffCompression(head []byte) compression {
	for _, m := range magics {
		if !bytes.HasPrefix(head, []byte(m.bytes)) {
			continue
		}
		if m.kind == bzipped && !bytes.HasSuffix(head, []byte(blockMagic)) {
			continue
		}
		return m.kind
	}
	return plain
}
