// Package host measures this machine: its memory and processors, and what the children of PHP-FPM take of them.
//
// It reads what the kernel shows below /proc and /sys. What cannot be read is left at zero, for others to do without.
package host

import (
	"bytes"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Host is what a machine has. Sizes are bytes.
type Host struct {
	Memory    int64 // of the machine
	Available int64 // of it that can be had without swapping
	CPUs      int
	Limit     int64              // that the cgroup of PHP-FPM may use, if it has one below Memory
	PHP       int64              // what all processes of PHP-FPM hold together
	Children  map[string][]int64 // the size of each running child, by the name of its pool
	Exact     bool               // sizes are shares of each page (PSS); else the pages that no other process has
}

// maxProcesses bounds the processes of PHP-FPM that are measured: reading one costs the kernel a walk over its memory.
const maxProcesses = 2000

// Measure reads the machine that root shows: os.DirFS("/") is this one.
func Measure(root fs.FS) *Host {
	h := &Host{Children: map[string][]int64{}, Exact: true}
	info := meminfo(read(root, "proc/meminfo"))
	h.Memory, h.Available = info["MemTotal"], info["MemAvailable"]
	h.CPUs = processors(read(root, "proc/cpuinfo"))
	entries, err := fs.ReadDir(root, "proc")
	if err != nil {
		return h
	}
	group := ""
	measured := 0
	for _, e := range entries {
		dir := path.Join("proc", e.Name())
		if _, err := strconv.Atoi(e.Name()); err != nil || measured >= maxProcesses {
			continue
		}
		pool, ok := title(read(root, path.Join(dir, "cmdline")))
		if !ok {
			continue
		}
		measured++
		size, exact := resident(root, dir)
		h.Exact = h.Exact && exact
		h.PHP += size
		if pool == "" || size == 0 { // the master
			continue
		}
		if group == "" {
			group = cgroup(read(root, path.Join(dir, "cgroup")))
		}
		h.Children[pool] = append(h.Children[pool], size)
	}
	if limit := memoryLimit(root, group); limit > 0 && (h.Memory == 0 || limit < h.Memory) {
		h.Limit = limit
	}
	return h
}

// maxFile bounds what is read of a file below /proc.
const maxFile = 1 << 20

func read(root fs.FS, name string) []byte {
	f, err := root.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	b := make([]byte, 0, 4096)
	for len(b) < maxFile {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := f.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err != nil || n == 0 {
			break
		}
	}
	return b
}

// meminfo reads sizes that stand in kilobytes behind a name:
//
//	MemTotal:        8035152 kB
//	Pss:               23124 kB
func meminfo(b []byte) map[string]int64 {
	sizes := map[string]int64{}
	for line := range bytes.Lines(b) {
		name, rest, ok := bytes.Cut(line, []byte{':'})
		words := bytes.Fields(rest)
		if !ok || len(words) != 2 || string(words[1]) != "kB" {
			continue
		}
		n, err := strconv.ParseInt(string(words[0]), 10, 64)
		if err != nil || n < 0 || n > 1<<40 {
			continue
		}
		sizes[string(name)] = n << 10
	}
	return sizes
}

// processors counts those of /proc/cpuinfo:
//
//	processor	: 0
func processors(b []byte) (n int) {
	for line := range bytes.Lines(b) {
		if name, _, ok := bytes.Cut(line, []byte{':'}); ok && string(bytes.TrimSpace(name)) == "processor" {
			n++
		}
	}
	return n
}

// title reads the name of a process of PHP-FPM, which is all of its command line; pool is "" for a master.
//
//	php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)
//	php-fpm: pool shop
func title(cmdline []byte) (pool string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimRight(string(cmdline), "\x00 "), "php-fpm: ")
	if !ok {
		return "", false
	}
	if name, child := strings.CutPrefix(rest, "pool "); child {
		return strings.TrimSpace(name), true
	}
	return "", strings.HasPrefix(rest, "master process")
}

// resident is the memory that a process holds: its share of each page where that may be read, which takes the rights of root,
// else the pages that are its own.
func resident(root fs.FS, dir string) (size int64, exact bool) {
	if sizes := meminfo(read(root, path.Join(dir, "smaps_rollup"))); sizes["Pss"] > 0 {
		return sizes["Pss"], true
	}
	return meminfo(read(root, path.Join(dir, "status")))["RssAnon"], false
}

// cgroup is the place of a process in the tree of cgroups:
//
//	0::/system.slice/php8.2-fpm.service
//	9:memory:/system.slice/php-fpm.service
func cgroup(b []byte) (place string) {
	for line := range bytes.Lines(b) {
		parts := strings.SplitN(strings.TrimSpace(string(line)), ":", 3)
		switch {
		case len(parts) != 3 || !strings.HasPrefix(parts[2], "/"):
		case parts[1] == "memory":
			return "memory" + path.Clean(parts[2])
		case parts[0] == "0":
			place = path.Clean(parts[2])
		}
	}
	return place
}

// memoryLimit is the least limit from a cgroup up to the root of the tree; 0 if there is none.
func memoryLimit(root fs.FS, group string) (least int64) {
	for at := path.Join("sys/fs/cgroup", group); len(at) >= len("sys/fs/cgroup"); at = path.Dir(at) {
		for _, name := range [...]string{"memory.max", "memory.limit_in_bytes"} {
			n, err := strconv.ParseInt(strings.TrimSpace(string(read(root, path.Join(at, name)))), 10, 64)
			if err == nil && n > 0 && n < 1<<60 && (least == 0 || n < least) {
				least = n
			}
		}
	}
	return least
}
