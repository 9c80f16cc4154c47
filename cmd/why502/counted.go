package main

import (
	"context"
	"iter"

	"why502/parser"
)

// counted counts the lines that pass through it, among them those that make no record.
type counted struct {
	parser.Source
	after        int // those up to this number were counted before
	lines, bytes int64
}

func (c *counted) Lines(ctx context.Context) iter.Seq2[parser.Line, error] {
	return func(yield func(parser.Line, error) bool) {
		for l, err := range c.Source.Lines(ctx) {
			if err == nil && l.Number > c.after {
				c.lines++
				c.bytes += int64(len(l.Text)) + 1
			}
			if !yield(l, err) {
				return
			}
		}
	}
}

// Blocks yields the lines in blocks where all of them count.
func (c *counted) Blocks(ctx context.Context) iter.Seq2[*parser.Block, error] {
	src, ok := c.Source.(parser.Blocks)
	if !ok || c.after > 0 {
		return nil
	}
	return func(yield func(*parser.Block, error) bool) {
		for b, err := range src.Blocks(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			before := b.Number
			if !yield(b, nil) {
				return
			}
			c.lines += int64(b.Number - before)
			c.bytes += b.Size
		}
	}
}
