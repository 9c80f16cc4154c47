package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"strings"
	"sync"
	"syscall"
)

// shed gives back the pages of the program itself that were needed up to now: most belong to what packages do when they
// start. They count as memory in use. What is needed again comes from the page cache.
func shed() {
	for _, r := range ownPages() {
		r.advise(syscall.MADV_DONTNEED)
	}
}

// plenty is from how much on the heap that every megabyte counts; most runs never get there.
const plenty = 10 << 20

// shedFinely has the program's own code take half the memory from when the heap has grown to plenty: it looks each time that the
// garbage collector has run.
func shedFinely() {
	type canary struct{ _ [64]byte }
	runtime.SetFinalizer(new(canary), func(*canary) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		if metrics.Read(live); live[0].Value.Uint64() < plenty {
			shedFinely()
			return
		}
		for _, r := range ownPages() {
			r.cut()
		}
		shed()
	})
}

// cut makes the kernel bring in no more than is needed. For each page that is missing it maps the 64 KiB around it, but never beyond
// the end of a mapping: every other 8 KiB become a mapping of their own, by a flag that means nothing for them. Together with
// the pages that are then looked for it takes about 10 ms.
func (r pages) cut() {
	const piece, dontDump = 8 << 10, 16
	for at := r.from; at+piece < r.to; at += 2 * piece {
		pages{at, at + piece}.advise(dontDump)
	}
}

func (r pages) advise(advice uintptr) {
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, r.from, r.to-r.from, advice) // else they stay as they are
}

// pages are some that lie side by side.
type pages struct{ from, to uintptr }

// ownPages are those of the program itself that nobody writes to. One that may lie anywhere in memory has written to them where they
// name addresses, and keeps them.
//
//	00400000-00c48000 r-xp 00000000 fe:00 10283237                           /usr/bin/why502
var ownPages = sync.OnceValue(func() (all []pages) {
	path, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return nil
	}
	f, err := os.Open("/proc/self/maps")
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	for s := bufio.NewScanner(f); s.Scan(); {
		var r pages
		var rights string
		if _, err := fmt.Sscanf(s.Text(), "%x-%x %s", &r.from, &r.to, &rights); err == nil && rights[1] == '-' &&
			uint64(r.to) < 1<<32 && strings.HasSuffix(s.Text(), " "+path) {
			all = append(all, r)
		}
	}
	return all
})
