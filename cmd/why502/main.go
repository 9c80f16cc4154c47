// Command why502 says why visitors of a PHP site got a 502, 504, 503 or 500.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // for --timezone on systems without zone files
)

func main() { os.Exit(run()) }

// memoryLimit is a soft one, of what the program holds besides its code.
const memoryLimit = 34 << 20

// run exists so that its defers come before the exit.
func run() int {
	// The first interrupt ends the reading and the report is written of what was read; a second one kills.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)

	// It runs on servers that are short of memory already: a third less of it is worth a twentieth more time. Near the
	// limit the collector runs oftener still. What is kept has bounds of its own; the limit is there for what is not kept.
	if os.Getenv("GOGC") == "" {
		collectFrom(8 << 20)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	runtime.MemProfileRate = 0 // its table takes more than a megabyte, and nobody asks for it
	shedFinely()
	root := newRoot()
	return finish(root.ErrOrStderr(), root.ExecuteContext(ctx))
}

// collectFrom leaves the collector out of it up to so many bytes: most runs end before, and each collection while they start costs
// them as much as the reading. Then a half more than is in use may lie around.
func collectFrom(size int) {
	const usual = 4 << 20 // with a percentage of 100
	debug.SetGCPercent(100 * size / usual)
	runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, 50)
}
