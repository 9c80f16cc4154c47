// Command why502 says why visitors of a PHP site got a 502, 504, 503 or 500.
//
// # Files
//
//	root.go errors.go version.go     the command itself, exit statuses
//	analyze.go tail*.go daily*.go tag*.go logs.go doctor.go render.go rules.go causes.go formats.go man.go
//	                                 a subcommand each
//	flags.go window.go moment.go zones.go masking.go mailing.go sizing.go slowprofile.go
//	                                 what flags that several of them have say
//	pipeline.go                      the one way from lines to a report, and its steps:
//	discovery.go survey.go conf.go glance.go early.go generations.go folders.go paste.go
//	                                 which files there are, what they hold, which are one log
//	work.go gathering.go onefile.go echo.go counted.go beside.go
//	                                 their lines onto a Timeline, by one or several workers
//	*notes.go                        what the reader of the report must know besides
//	follow.go live*.go marksfile.go  the same for logs that are still written
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
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

	// It runs on servers that are short of memory already: beyond what large logs take anyway, a third less of it is worth a twentieth
	// more time. Near the limit the collector runs oftener still. What is kept has bounds of its own; the limit is there for what is not kept.
	if os.Getenv("GOGC") == "" {
		collectFrom(24 << 20)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	runtime.MemProfileRate = 0 // its table takes more than a megabyte, and nobody asks for it
	shedFinely()
	root := newRoot()
	return finish(root.ErrOrStderr(), execute(ctx, root))
}

// collectFrom leaves the collector out of it as long as less than so many bytes are taken: most runs end before, and the others need
// more anyway. Beyond that a half more than is in use may lie around.
func collectFrom(least int) {
	const usual = 4 << 20 // where it begins with a percentage of 100
	inUse := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(inUse)
	percent := 100 * least / usual
	if n := int(inUse[0].Value.Uint64()); n > 0 {
		percent = min(percent, max(50, 100*(least-n)/n))
	}
	debug.SetGCPercent(percent)
	runtime.AddCleanup(new([64]byte), collectFrom, least) // after the next collection
}
