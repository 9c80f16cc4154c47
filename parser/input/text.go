package input

import (
	"bytes"
	"encoding/binary"
)

// notText are files met in log folders that hold no lines, by what they begin with.
var notText = [...]struct {
	at         int
	magic      string
	kind, cure string
}{
	{257, "ustar", "a tar archive", "unpack it and give the folder"},
	{0, "PK\x03\x04", "a zip archive", "unpack it and give the folder"},
	{0, "LPKSHHRH", "a journal of systemd", "pipe it in: journalctl --file FILE | why502 -"},
}

// IsText says whether block, the beginning of a file, may be that of a log.
func IsText(block []byte) bool { return sniffCompression(block) == plain && checkText(block) == nil }

// checkText refuses a file whose first bytes are no text. Some raw bytes are no reason: scanners send them, and a
// crash of the machine leaves runs of NUL in a log.
func checkText(block []byte) error {
	for _, n := range notText {
		if len(block) > n.at && bytes.HasPrefix(block[n.at:], []byte(n.magic)) {
			return binaryError("", n.kind, n.cure)
		}
	}
	odd, size := 0, 0
	var last byte
	for i := 0; i < len(block); i++ {
		if n := printable(block[i:]); n > 0 {
			size += n
			i += n - 1
			last = block[i]
			continue
		}
		c := block[i]
		switch {
		case c == 0:
			if last != 0 { // a run counts once
				odd++
			}
		case c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != 0x1b || c == 0x7f:
			odd++
			size++
		default:
			size++
		}
		last = c
	}
	// Packed or random bytes have one in nine of these, programs and records more.
	if odd > 3 && odd*12 > size {
		return binaryError("", "a binary file", "")
	}
	return nil
}

// printable is how many bytes from the first one on are no control bytes, looked at by eights; 0 if not even so many.
func printable(b []byte) (n int) {
	for ; len(b)-n >= 8; n += 8 {
		if control(binary.LittleEndian.Uint64(b[n:])) {
			break
		}
	}
	return n
}

// control says that one of the eight bytes is a control byte.
func control(x uint64) bool {
	const low = 0x0101010101010101
	del := x ^ low*0x7f
	return ((x-low*' ')&^x|(del-low)&^del)&(low<<7) != 0
}
