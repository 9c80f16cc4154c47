package correlate

import (
	"errors"
	"fmt"
	"io"

	"why502/classifier"
)

// A state is a Timeline in a file: what was collected, before Align and Settle, so that a later run adds to it and gets what one
// run over all the logs gets.
//
//	"why502 timeline\n"            the magic
//	version, fingerprint           8 bytes each, little-endian
//	blocks                         length (uvarint, at most 32 KiB), CRC-32C of all content so far (4 bytes), content
//	block of length 0              the end, with the CRC-32C of all content
//
// The content of the blocks is one stream. A number is a uvarint, one that may be negative a zigzag varint. A moment is 0 if
// there is none, else its nanoseconds within the second plus 1, and its seconds since 1970 less those of the moment before it in
// the stream. A span is in nanoseconds. Every table begins with how many entries it has and is in the order of its keys, so equal
// contents give equal bytes. Names come first, in their order, each as how many bytes it has in common with the one before and
// the rest; all that follows tells them by their places. Other texts are told once and by their places then. The parts come in
// the order of (*coder).timeline; a Timeline within it (entries that state no time, entries that state the time since boot)
// has names of its own.
//
// The fingerprint stands for the shape of all that is stored, and for the bounds and functions that give it its meaning: see shapes.

const (
	stateMagic   = "why502 timeline\n"
	stateVersion = 1
)

// Why a state cannot be used. What it held is to be collected from the logs again.
var (
	ErrStateVersion = errors.New("the state was made by another version")
	ErrStateDamaged = errors.New("the state is damaged")
)

// Encode writes what has been collected so far; more may be added to t afterwards. It must come before Align and Settle. The
// configuration is no part of it.
func (t *Timeline) Encode(w io.Writer) error {
	c := &coder{blocks: &blockWriter{w: w}}
	c.blocks.head()
	c.timeline(t)
	c.blocks.end()
	return c.blocks.err
}

// Decode reads what Encode has written. rule finds the rules with which more will be added ((*classifier.Rules).Find); Configure
// is to be called anew. The error is ErrStateVersion, ErrStateDamaged or that of reading.
// Nothing is read beyond its end.
func Decode(r io.Reader, rule func(classifier.Tag) *classifier.Rule) (*Timeline, error) {
	c := &coder{decoding: true, input: &blockReader{r: r}, find: rule}
	if err := c.input.head(); err != nil {
		return nil, err
	}
	t := New()
	c.timeline(t)
	if c.err == nil {
		c.err = c.input.end()
	}
	if c.err != nil {
		return nil, c.err
	}
	return t, nil
}

// damaged says that what is read cannot have been written.
func (c *coder) damaged(what string) {
	if c.err == nil {
		c.err = fmt.Errorf("%w: %s", ErrStateDamaged, what)
	}
}
