package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
	"why502/parser"
	"why502/parser/input"
)

// benchSize is how much of a log a benchmark goes over at a time.
const benchSize = 32 << 20

// benchLog is a generated log of a format on disk, and its size.
func benchLog(tb testing.TB, format string, size int64) (path string) {
	tb.Helper()
	path = filepath.Join(tb.TempDir(), format+".log")
	f, err := os.Create(path)
	if err == nil {
		err = genLog(f, format, 1, size)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

// each runs a benchmark for every format, with a log of it.
func each(b *testing.B, run func(b *testing.B, format *parser.Format, path string)) {
	for _, f := range parser.Formats {
		if genKinds[f.Name] == nil {
			continue
		}
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			path := benchLog(b, f.Name, benchSize)
			b.SetBytes(benchSize)
			b.ResetTimer()
			run(b, f, path)
		})
	}
}

func opened(tb testing.TB, path string) *input.File {
	tb.Helper()
	files, errs := input.Open([]string{path}, input.Options{})
	if len(errs) > 0 {
		tb.Fatal(errs)
	}
	return files[0]
}

func benchDecoder() *parser.Decoder {
	return &parser.Decoder{Zone: time.UTC, Ref: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)}
}

// records are the parsed entries of a log, kept.
func records(tb testing.TB, f *parser.Format, path string) (all []*parser.Record) {
	tb.Helper()
	for r, err := range parser.Records(context.Background(), opened(tb, path), f, benchDecoder()) {
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, r.Clone())
	}
	return all
}

func BenchmarkLines(b *testing.B) {
	each(b, func(b *testing.B, _ *parser.Format, path string) {
		for b.Loop() {
			for range opened(b, path).Lines(context.Background()) {
			}
		}
	})
}

func BenchmarkRecords(b *testing.B) {
	each(b, func(b *testing.B, f *parser.Format, path string) {
		for b.Loop() {
			for range parser.Records(context.Background(), opened(b, path), f, benchDecoder()) {
			}
		}
	})
}

// BenchmarkClassify goes over records that stay in the caches, as the one record of a run does.
func BenchmarkClassify(b *testing.B) {
	const kept = 200
	rules := classifier.Load()
	each(b, func(b *testing.B, f *parser.Format, path string) {
		all := records(b, f, path)
		var few []*parser.Record
		size := 0
		for i := 0; i < len(all); i += max(1, len(all)/kept) {
			few, size = append(few, all[i]), size+len(all[i].Raw)
		}
		events := rules.Classify(nil, few[0])
		b.SetBytes(int64(size))
		b.ResetTimer()
		for b.Loop() {
			for _, r := range few {
				events = rules.Classify(events[:0], r)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(few)), "ns/record")
	})
}

func BenchmarkAdd(b *testing.B) {
	rules := classifier.Load()
	each(b, func(b *testing.B, f *parser.Format, path string) {
		all := records(b, f, path)
		events := make([][]classifier.Event, len(all))
		for i, r := range all {
			events[i] = rules.Classify(nil, r)
		}
		for b.Loop() {
			t := correlate.New()
			for i, r := range all {
				t.Add(r, events[i])
			}
		}
	})
}

// BenchmarkReport is the whole way from the file to the report.
func BenchmarkReport(b *testing.B) {
	each(b, func(b *testing.B, _ *parser.Format, path string) {
		for b.Loop() {
			root := newRoot()
			root.SetArgs([]string{"--timezone", "UTC", "--workers", "1", "--format", "json", path})
			root.SetOut(&bytes.Buffer{})
			if err := root.Execute(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
