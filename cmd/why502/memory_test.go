//go:build linux

package main

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

var memory = flag.Bool("memory", false, "hold the bar of memory; .ci/memory does")

// memoryBar is what the command may take at its peak, code and all, in KiB.
const memoryBar = 48 << 10

// heavy are inputs that take as much memory as any: each writes one into a folder.
var heavy = []struct {
	name  string
	write func(t *testing.T, dir string)
}{
	{"nginx error log, 100 MB", func(t *testing.T, dir string) {
		writeLog(t, filepath.Join(dir, "error.log"), "nginx-error", 1, 100<<20, false)
	}},
	{"access log, 100 MB", func(t *testing.T, dir string) {
		writeLog(t, filepath.Join(dir, "access.log"), "nginx-access", 1, 100<<20, false)
	}},
	{"nginx error log, gzip", func(t *testing.T, dir string) {
		writeLog(t, filepath.Join(dir, "error.log.gz"), "nginx-error", 1, 60<<20, true)
	}},
	{"a million names", func(t *testing.T, dir string) {
		writeFlood(t, filepath.Join(dir, "error.log"), 250_000, 200*time.Millisecond, (*flood).strangers)
	}},
	{"every table full", func(t *testing.T, dir string) {
		writeFlood(t, filepath.Join(dir, "error.log"), 100_000, 50*time.Millisecond, (*flood).fullErrors)
		writeFlood(t, filepath.Join(dir, "access.log"), 200_000, 50*time.Millisecond, (*flood).fullAccess)
		writeFlood(t, filepath.Join(dir, "www-slow.log"), 50_000, 200*time.Millisecond, (*flood).fullSlow)
		writeFlood(t, filepath.Join(dir, "php-fpm.log"), 100_000, 50*time.Millisecond, (*flood).fullFPM)
	}},
	{"5,000 logs of sites", func(t *testing.T, dir string) {
		for i := range 5000 {
			writeLog(t, filepath.Join(dir, fmt.Sprintf("shop%d.example", i)), "nginx-access", uint64(i), 4<<10, false)
		}
	}},
	{"5,000 sites that fail", func(t *testing.T, dir string) { writeBroken(t, dir, 5000) }},
	{"20,000 logs of sites", func(t *testing.T, dir string) {
		for i := range 20_000 {
			writeLog(t, filepath.Join(dir, fmt.Sprintf("shop%d.example", i)), "nginx-access", uint64(i), 4<<10, false)
		}
	}},
	{"20,000 sites that fail", func(t *testing.T, dir string) { writeBroken(t, dir, 20_000) }},
	{"an archive of 50,000 logs", func(t *testing.T, dir string) { writeArchive(t, filepath.Join(dir, "logs.tar.gz"), 50_000) }},
}

// writeBroken writes the error logs of sites of which each fails now and then.
func writeBroken(t *testing.T, dir string, sites int) {
	for i := range sites {
		site := fmt.Sprintf("s%d.example", i)
		writeFlood(t, filepath.Join(dir, site+".error.log"), 25, 53*time.Minute+time.Duration(i)*time.Second/2, func(f *flood) { f.broken(site) })
	}
}

// writeArchive writes an archive of small access logs, of which some say the same: to write 50,000 different ones takes more memory
// itself than the command may, and would count for it.
func writeArchive(t *testing.T, path string, logs int) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z, _ := gzip.NewWriterLevel(f, gzip.BestSpeed)
	w := tar.NewWriter(z)
	var texts [50]bytes.Buffer
	for i := range texts {
		err = cmp.Or(err, genLog(&texts[i], "nginx-access", uint64(i), 800))
	}
	for i := range logs {
		text := texts[i%len(texts)].Bytes()
		err = cmp.Or(err, w.WriteHeader(&tar.Header{Name: fmt.Sprintf("var/log/domlogs/shop%d.example", i), Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(text))}))
		if err == nil {
			_, err = w.Write(text)
		}
	}
	if err = cmp.Or(err, w.Close(), z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestMemory holds that the command, as it is shipped, takes no more memory than it may. On a busy machine the garbage collector
// comes later and it takes some MiB more: an input passes if one run of six does.
func TestMemory(t *testing.T) {
	if !*memory {
		t.Skip("no -memory")
	}
	program := filepath.Join(t.TempDir(), "why502")
	build := exec.Command("go", "build", "-trimpath", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, h := range heavy {
		dir := t.TempDir()
		h.write(t, dir)
		least := int64(0)
		for run := 0; run < 6 && (run == 0 || least > memoryBar); run++ {
			if peak := peakOf(t, program, "--timezone", "UTC", "--format", "json", dir); least == 0 || peak < least {
				least = peak
			}
		}
		fmt.Printf("%-26s %6d KiB, bar %d\n", h.name, least, memoryBar)
		if least > memoryBar {
			t.Errorf("%s: %d KiB at the peak, more than %d, in each of six runs", h.name, least, memoryBar)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}

// peakOf is the peak of a command's memory in KiB. What this process has taken itself counts for it as well, which is less.
func peakOf(t *testing.T, name string, args ...string) int64 {
	t.Helper()
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "GOGC=", "GOMEMLIMIT=", "GODEBUG=")
	c.Stdout, c.Stderr = io.Discard, os.Stderr
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatal("nothing is known of its memory")
	}
	return usage.Maxrss
}

func writeFlood(t *testing.T, path string, lines int, every time.Duration, line func(*flood)) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := genFlood(f, lines, every, line); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
