package follow

import (
	"flag"
	"path/filepath"
	"testing"
	"time"

	"github.com/hpcloud/tail"
)

var tortureLibrary = flag.Bool("torture.library", false, "say what the library loses and doubles if it is left alone")

// TestLibraryAlone is no test: it tells what the tortures cost who tails a path with hpcloud/tail and nothing around it.
func TestLibraryAlone(t *testing.T) {
	if !*tortureLibrary {
		t.Skip("-torture.library is not given")
	}
	for name, rotate := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "error.log")
			w := newWriter(t, path)
			lib, err := tail.TailFile(path, tail.Config{Follow: true, ReOpen: true, Logger: tail.DiscardingLogger})
			must(t, err)
			over := make(chan struct{})
			go func() {
				defer close(over)
				time.Sleep(100 * time.Millisecond)
				w.run(rotate, *tortureLines, *tortureTurns)
				time.Sleep(2 * time.Second)
			}()
			c := tally{t: t, seen: map[int]int{}}
			broken := 0
			for running := true; running; {
				select {
				case l, ok := <-lib.Lines:
					if !ok {
						running = false
					} else if !c.take([]byte(l.Text)) {
						broken++
					}
				case <-over:
					running = false
				}
			}
			<-over
			lib.Kill(nil)
			lost, doubled, _ := c.sum(*tortureLines)
			t.Logf("%s: %d lines: %d lost, %d doubled, %d broken", name, *tortureLines, lost, doubled, broken)
		})
	}
}
