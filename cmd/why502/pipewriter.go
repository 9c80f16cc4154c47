package main

import (
	"bufio"
	"io"
	"sync"
	"time"
)

// flushEvery is how long a line waits for company: what stands behind "tail -f | why502 tag -" wants it soon.
const flushEvery = 200 * time.Millisecond

// pipeWriter gathers what is written and passes it on when there is much of it or some time has gone by.
type pipeWriter struct {
	mu   sync.Mutex
	buf  *bufio.Writer
	done chan struct{}
}

func newPipeWriter(w io.Writer) *pipeWriter {
	p := &pipeWriter{buf: bufio.NewWriterSize(w, 64<<10), done: make(chan struct{})}
	go func() {
		tick := time.NewTicker(flushEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = p.Flush() // bufio gives the error to the next Write too
			case <-p.done:
				return
			}
		}
	}()
	return p
}

func (p *pipeWriter) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buf.Write(b)
}

// Flush passes on what is held.
func (p *pipeWriter) Flush() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buf.Flush()
}

func (p *pipeWriter) stop() { close(p.done) }
