//go:build linux

package main

import (
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

var bars = flag.Int64("bars", 0, "measure against ripgrep with logs of so many `MB`; bench.sh does")

// rival is what the bars are measured against: one search for ten of the literals that tags are found by.
const rival = `rg -c 'upstream timed out|connect\(\) (to|failed)|recv\(\) failed|prematurely closed|FastCGI sent in stderr|no live upstreams|limiting requests|SSL_do_handshake|max_children|AH01075'`

// bar is one line of the table: what is run, and against what.
type bar struct {
	name    string
	files   string // glob
	workers int
	rival   string
	want    float64 // of the rival's speed
}

// TestBars prints how fast the command is, measured in turn with ripgrep: medians of five, wall time and CPU time, because
// on a machine that does other work only the latter says much.
func TestBars(t *testing.T) {
	if *bars == 0 {
		t.Skip("no -bars")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "why502")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as it is shipped
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for kind := range genKinds {
		writeLog(t, filepath.Join(dir, kind+".log"), kind, 1, *bars<<20, false)
		writeLog(t, filepath.Join(dir, kind+".log.gz"), kind, 1, *bars<<20, true)
	}
	for i := range 8 {
		writeLog(t, filepath.Join(dir, fmt.Sprintf("many-%d.gz", i)), "nginx-error", uint64(i), *bars<<20/8, true)
	}
	small := filepath.Join(dir, "domlogs")
	if err := os.Mkdir(small, 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range 5000 {
		writeLog(t, filepath.Join(small, fmt.Sprintf("shop%d.example", i)), "nginx-access", uint64(i), 4<<10, false)
	}
	const zcat = "zcat %s | " + rival
	plain := rival + " %s"
	fmt.Printf("%-28s %8s %8s %8s %8s %8s %8s\n", "", "MB/s", "rival", "ratio", "by CPU", "bar", "peak MiB")
	for _, b := range []bar{
		{"nginx error log, 1 core", "nginx-error.log", 1, plain, 0.45},
		{"nginx error log, 2 cores", "nginx-error.log", 2, plain, 0.80},
		{"access log, 2 cores", "nginx-access.log", 2, plain, 0.40},
		{"Apache error log, 2 cores", "apache-error.log", 2, plain, 0.50},
		{"FPM log, 2 cores", "php-fpm.log", 2, plain, 0.50},
		{"slow log, 1 core", "php-slow.log", 1, plain, 0.33},
		{"one .gz", "nginx-error.log.gz", 2, zcat, 2.2},
		{"many .gz, 2 cores", "many-*.gz", 2, zcat, 4},
		{"5,000 small files", "domlogs", 2, plain, 0.67},
	} {
		measureBar(t, dir, program, &b)
	}
}

func measureBar(t *testing.T, dir, program string, b *bar) {
	t.Helper()
	own := fmt.Sprintf("%s --workers %d --timezone UTC --format json %s", program, b.workers, b.files)
	var walls, cpus, rivalWalls, rivalCPUs []time.Duration
	var peak int64
	for range 5 {
		wall, cpu, rss := timed(t, dir, b.workers, own)
		walls, cpus, peak = append(walls, wall), append(cpus, cpu), max(peak, rss)
		wall, cpu, _ = timed(t, dir, b.workers, fmt.Sprintf(b.rival, b.files))
		rivalWalls, rivalCPUs = append(rivalWalls, wall), append(rivalCPUs, cpu)
	}
	wall, other := median(walls), median(rivalWalls)
	mb := float64(textSize(t, dir, b.files)) / 1e6
	fmt.Printf("%-28s %8.0f %8.0f %8.2f %8.2f %8.2f %8d\n", b.name, mb/wall.Seconds(), mb/other.Seconds(),
		other.Seconds()/wall.Seconds(), median(rivalCPUs).Seconds()/median(cpus).Seconds(), b.want, peak>>10)
}

// timed runs a shell command on so many cores; rss is the peak of its largest process, in KiB.
func timed(t *testing.T, dir string, cores int, command string) (wall, cpu time.Duration, rss int64) {
	t.Helper()
	c := exec.Command("taskset", "-c", fmt.Sprintf("0-%d", cores-1), "sh", "-c", command)
	c.Dir = dir
	var errs strings.Builder
	c.Stderr = &errs
	began := time.Now()
	if err := c.Run(); err != nil && errs.Len() > 0 { // ripgrep's 1 is "nothing found"
		t.Fatalf("%s: %v\n%s", command, err, errs.String())
	}
	wall = time.Since(began)
	if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		rss = u.Maxrss
	}
	return wall, c.ProcessState.UserTime() + c.ProcessState.SystemTime(), rss
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func textSize(t *testing.T, dir, glob string) (n int64) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, glob))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		info, err := os.Stat(p)
		switch {
		case err != nil:
			t.Fatal(err)
		case info.IsDir():
			n += textSize(t, p, "*")
		case strings.HasSuffix(p, ".gz") && strings.Contains(p, "many-"):
			n += *bars << 20 / 8
		case strings.HasSuffix(p, ".gz"):
			n += *bars << 20
		default:
			n += info.Size()
		}
	}
	return n
}

func writeLog(t *testing.T, path, kind string, seed uint64, size int64, packed bool) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	var w io.WriteCloser = f
	if packed {
		w = gzip.NewWriter(f)
	}
	if err := genLog(w, kind, seed, size); err != nil {
		t.Fatal(err)
	}
	if packed {
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
