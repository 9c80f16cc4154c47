package input

import (
	"context"
	"io"
	"os"
)

// patient reads from a pipe, whose writer may say nothing for long, in a goroutine of its own: an interrupt ends the
// waiting. The goroutine is left behind then; it ends with the writer, or with the program.
type patient struct {
	*ahead
	src         io.Closer
	interrupted <-chan struct{} // nil: nothing interrupts
}

func newPatient(src io.ReadCloser, interrupted <-chan struct{}) *patient {
	return &patient{newAhead(src), src, interrupted}
}

func (p *patient) Read(b []byte) (int, error) {
	if len(p.rest) == 0 && !p.ready(p.interrupted) {
		return 0, context.Canceled
	}
	return p.ahead.Read(b)
}

func (p *patient) Close() error {
	close(p.free)
	return p.src.Close()
}

// pipe is a named pipe. Opening it waits for a writer, so that is left to the first Read.
type pipe struct {
	path string
	file *os.File
}

func (p *pipe) Read(b []byte) (n int, err error) {
	if p.file == nil {
		if p.file, err = os.Open(p.path); err != nil {
			return 0, err
		}
	}
	return p.file.Read(b)
}

// Close leaves the pipe to the goroutine that may be waiting for it.
func (p *pipe) Close() error { return nil }
