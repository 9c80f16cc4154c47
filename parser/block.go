package parser

import (
	"bytes"
	"context"
	"iter"
)

// MaxLine bounds the bytes of a line; the rest of it is passed over.
const MaxLine = 64 << 10

// Block is a number of lines as they stand in a text. Handing out each by itself costs more than looking at some.
type Block struct {
	Text   []byte // what Next has not cut yet: whole lines with their ends
	Number int    // of the last line cut
	Offset int64  // where Text begins
	Fresh  bool   // of the next line
	Size   int64  // of the lines cut so far, each with a line end

	line   Line // if single, instead of Text
	single bool
}

// Blocks is a Source that has its lines in blocks, too. Those live until the next iteration. Blocks returns nil if there are none
// this time.
type Blocks interface {
	Source
	Blocks(context.Context) iter.Seq2[*Block, error]
}

// OneLine is the block of a line that is cut already.
func OneLine(l Line) Block { return Block{Number: l.Number - 1, line: l, single: true} }

// Next cuts the next line off. It is not ok after the last one.
func (b *Block) Next() (line Line, ok bool) {
	ok = b.next(&line)
	return line, ok
}

func (b *Block) next(line *Line) bool {
	if b.single {
		b.single = false
		*line = b.line
		line.Fresh = line.Fresh || b.Fresh
		b.Number, b.Size = line.Number, int64(len(line.Text)+1)
		return true
	}
	// A log that was emptied while its writer kept its place has NULs before a line.
	for len(b.Text) > 0 && b.Text[0] == 0 {
		b.Text = b.Text[1:]
		b.Offset++
	}
	if len(b.Text) == 0 {
		return false
	}
	n, end := len(b.Text), len(b.Text)
	if i := bytes.IndexByte(b.Text, '\n'); i >= 0 {
		n, end = i, i+1
	}
	b.Number++
	line.Number, line.Offset, line.Fresh = b.Number, b.Offset, b.Fresh
	line.Text, line.Cut = TrimLine(b.Text[:n])
	b.Fresh = false
	b.Text = b.Text[end:]
	b.Offset += int64(end)
	b.Size += int64(len(line.Text) + 1)
	return true
}

// drop cuts whole lines off that are plain ones, as they stand.
func (b *Block) drop(n, lines int) {
	b.Text = b.Text[n:]
	b.Offset += int64(n)
	b.Size += int64(n)
	b.Number += lines
	b.Fresh = false
}

// Pass cuts the lines up to a number off without counting them. It says whether there are more.
func (b *Block) Pass(number int) bool {
	for b.Number < number {
		if _, ok := b.Next(); !ok {
			return false
		}
	}
	b.Size = 0
	return b.single || len(b.Text) > 0
}

// Lines are those of blocks.
func Lines(blocks iter.Seq2[*Block, error]) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		for b, err := range blocks {
			if err != nil {
				yield(Line{}, err)
				return
			}
			for line, ok := b.Next(); ok; line, ok = b.Next() {
				if !yield(line, nil) {
					return
				}
			}
		}
	}
}

// TrimLine takes off the CR of a CR LF and what is too long.
func TrimLine(b []byte) (text []byte, cut bool) {
	if len(b) > 0 && b[len(b)-1] == '\r' {
		b = b[:len(b)-1]
	}
	if len(b) > MaxLine {
		return b[:MaxLine], true
	}
	return b, false
}

// blocks are those of src, or its lines one by one.
func blocks(ctx context.Context, src Source) iter.Seq2[*Block, error] {
	if b, ok := src.(Blocks); ok {
		if all := b.Blocks(ctx); all != nil {
			return all
		}
	}
	return func(yield func(*Block, error) bool) {
		var b Block
		for line, err := range src.Lines(ctx) {
			b = OneLine(line)
			if !yield(&b, err) {
				return
			}
		}
	}
}
