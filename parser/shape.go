package parser

import "encoding/binary"

// shape8 is the shape of eight bytes of a stamp, in which 0 stands for any digit: "0000/00/". They are looked at together,
// because a stamp stands in every line.
type shape8 struct{ text, slack uint64 }

// After text is taken away by exclusive or, a digit is 0 to 9 and another byte of the shape is 0. Adding slack to it
// reaches the highest bit of the byte if it is more.
func shapeOf(text string) (s shape8) {
	s.text = binary.LittleEndian.Uint64([]byte(text))
	for i := range 8 {
		slack := uint64(0x7f)
		if text[i] == '0' {
			slack = 0x80 - 10
		}
		s.slack |= slack << (8 * i)
	}
	return s
}

// fits says whether the first eight bytes of b have the shape.
func (s shape8) fits(b []byte) bool {
	v := binary.LittleEndian.Uint64(b) ^ s.text
	const highest = 0x8080808080808080
	return (v|(v+s.slack))&highest == 0
}
