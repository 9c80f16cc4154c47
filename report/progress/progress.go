// Package progress shows on a terminal how far a long reading has come, and leaves nothing of it there.
package progress

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// State is how far the reading has come.
type State struct {
	Read, Size int64 // bytes as they lie on disk; Size is 0 if it is not known
	Lines      int64
	Failures   int64 // requests that failed, as far as lines tell
	Doing      string
}

const (
	patience = 700 * time.Millisecond // what is over sooner is not worth a bar
	refresh  = 150 * time.Millisecond
)

// Bar is shown after a while. What is written to it meanwhile stands above it.
type Bar struct {
	out  io.Writer
	now  func() State
	stop chan struct{}
	gone chan struct{}

	mu   sync.Mutex
	pool *mpb.Progress // nil while nothing is shown
}

// Show begins to watch what now tells, and draws on out, which is a terminal.
func Show(out io.Writer, now func() State) *Bar {
	b := &Bar{out: out, now: now, stop: make(chan struct{}), gone: make(chan struct{})}
	go b.run()
	return b
}

// Stop takes the bar away.
func (b *Bar) Stop() {
	close(b.stop)
	<-b.gone
}

func (b *Bar) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pool != nil {
		return b.pool.Write(p)
	}
	return b.out.Write(p)
}

func (b *Bar) run() {
	defer close(b.gone)
	began := time.Now()
	select {
	case <-b.stop:
		return
	case <-time.After(patience):
	}
	b.mu.Lock()
	b.pool = mpb.New(mpb.WithOutput(b.out), mpb.WithAutoRefresh(), mpb.WithRefreshRate(refresh), mpb.WithWidth(20))
	// A total of 0 may be set later: it becomes known, and may change, while files are opened.
	bar := b.pool.New(0, mpb.BarStyle().Rbound("] "), mpb.BarFillerTrim(), mpb.AppendDecorators(decor.Any(func(decor.Statistics) string {
		return Text(b.now(), time.Since(began))
	})))
	b.mu.Unlock()
	tick := time.NewTicker(refresh)
	defer tick.Stop()
	for {
		if s := b.now(); s.Size > 0 {
			bar.SetTotal(s.Size, false)
			bar.SetCurrent(min(s.Read, s.Size-1)) // one that is full would be over
		}
		select {
		case <-tick.C:
		case <-b.stop:
			b.mu.Lock()
			defer b.mu.Unlock()
			bar.Abort(true)
			b.pool.Wait()
			b.pool = nil
			return
		}
	}
}

// Text is what stands beside the bar: "1.2 of 3.0 GB, 1,403,000 lines/s, 2 s left, 1,547 failures". Where no lines are counted it
// is "comparing generations: 1.2 of 3.0 GB, 2 s left".
func Text(s State, taken time.Duration) string {
	var parts []string
	if s.Size > 0 {
		unit, name := unitOf(s.Size)
		parts = append(parts, fmt.Sprintf("%.1f of %.1f %s", float64(min(s.Read, s.Size))/unit, float64(s.Size)/unit, name))
	} else {
		unit, name := unitOf(s.Read)
		parts = append(parts, fmt.Sprintf("%.1f %s", float64(s.Read)/unit, name))
	}
	if s.Doing != "" {
		parts[0] = s.Doing + ": " + parts[0]
	} else if sec := taken.Seconds(); sec > 0 {
		parts = append(parts, thousands(int64(float64(s.Lines)/sec))+" lines/s")
	}
	if s.Size > 0 && s.Read > 0 && s.Read < s.Size {
		left := time.Duration(float64(taken) * float64(s.Size-s.Read) / float64(s.Read))
		parts = append(parts, duration(left)+" left")
	}
	if s.Failures > 0 {
		parts = append(parts, thousands(s.Failures)+" failures")
	}
	return strings.Join(parts, ", ")
}

func unitOf(n int64) (float64, string) {
	if n >= 1e9 {
		return 1e9, "GB"
	}
	return 1e6, "MB"
}

func duration(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds())+1)
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes())+1)
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}

func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
