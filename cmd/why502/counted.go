package main

import (
	"context"
	"iter"
	"sync"

	"why502/parser"
)

// counted counts the lines that pass through it, among them those that make no record.
type counted struct {
	parser.Source
	after        int // those up to this number were counted before
	lines, bytes int64
	at           sync.Locker // held by the one who reads, but while it waits for lines; may be nil
}

// leave lets others in until back.
func (c *counted) leave() {
	if c.at != nil {
		c.at.Unlock()
	}
}

func (c *counted) back() {
	if c.at != nil {
		c.at.Lock()
	}
}

func (c *counted) Lines(ctx context.Context) iter.Seq2[parser.Line, error] {
	return func(yield func(parser.Line, error) bool) {
		c.leave()
		defer c.back()
		for l, err := range c.Source.Lines(ctx) {
			if err == nil && l.Number > c.after {
				c.lines++
				c.bytes += int64(len(l.Text)) + 1
			}
			c.back()
			more := yield(l, err)
			if c.leave(); !more {
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
		c.leave()
		defer c.back()
		for b, err := range src.Blocks(ctx) {
			before := 0
			if err == nil {
				before = b.Number
			}
			c.back()
			more := yield(b, err)
			if c.leave(); !more || err != nil {
				return
			}
			c.lines += int64(b.Number - before)
			c.bytes += b.Size
		}
	}
}
