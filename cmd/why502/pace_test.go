//go:build unix

package main

import (
	"bytes"
	"context"
	"os"
	"syscall"
	"testing"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
	"why502/parser"
)

// perCPU reports the speed by CPU time: on a machine that does other work the clock says little.
func perCPU(b *testing.B) func() {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	began := used()
	return func() {
		b.ReportMetric(float64(b.N)*benchSize/1e6/(used()-began).Seconds(), "cpuMB/s")
	}
}

// BenchmarkMemchr finds line ends and nothing else: what .ci/speed measures BenchmarkPipeline against, on whatever machine.
func BenchmarkMemchr(b *testing.B) {
	each(b, func(b *testing.B, _ *parser.Format, path string) {
		text, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		lines := 0
		defer perCPU(b)()
		for b.Loop() {
			for rest := text; ; lines++ {
				i := bytes.IndexByte(rest, '\n')
				if i < 0 {
					break
				}
				rest = rest[i+1:]
			}
		}
		if lines == 0 {
			b.Fatal("no line")
		}
	})
}

// BenchmarkPipeline is the way of a line, from the file to the timeline.
func BenchmarkPipeline(b *testing.B) {
	rules := classifier.Load()
	each(b, func(b *testing.B, f *parser.Format, path string) {
		var events []classifier.Event
		defer perCPU(b)()
		for b.Loop() {
			t := correlate.New()
			for r, err := range parser.Records(context.Background(), opened(b, path), f, benchDecoder()) {
				if err != nil {
					b.Fatal(err)
				}
				events = rules.Classify(events[:0], r)
				t.Add(r, events)
			}
		}
	})
}
