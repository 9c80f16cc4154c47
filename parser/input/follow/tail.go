package follow

import (
	"log"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/hpcloud/tail"
	"github.com/hpcloud/tail/util"
)

// What the library may be trusted with: one inode, at the end of which it waits for more. It looks for growth every
// 250 ms by a goroutine of its own.
const (
	pumpRoom   = 256                    // lines on their way
	maxTails   = 128                    // at once; further logs are read here
	hotTime    = time.Minute            // for which a log is tailed after it grew
	stuckTime  = 700 * time.Millisecond // after which the library is not waited for
	farBehind  = 1 << 20                // bytes: catching up is faster here
	mostFailed = 3                      // tails of one file that ended by themselves
	firstHuman = 1000                   // user ids of people begin here
)

// item is a line that the library read, or the end of its reading.
type item struct {
	file  *File
	epoch int
	text  string
	end   bool
}

type libraryTail struct {
	*tail.Tail
	stop chan struct{}
}

// Of a stat that fails with anything but "no such file" the library says so on this logger and ends the process. Its
// goroutine ends there instead; that it yields nothing any more is noticed like any other silence.
func init() { util.LOGGER = &util.Logger{Logger: log.New(lastWords{}, "", 0)} }

type lastWords struct{}

func (lastWords) Write([]byte) (int, error) {
	runtime.Goexit()
	return 0, nil
}

// listener is the logger of a tail. It is told before a file that became shorter is opened anew, which is not the
// library's to do: it cannot know what of the old text it missed. The tail ends there.
type listener struct{}

func (listener) Printf(format string, _ ...any) {
	if strings.HasPrefix(format, "Re-opening") {
		runtime.Goexit()
	}
}
func (listener) Print(...any)          {}
func (listener) Println(...any)        {}
func (listener) Fatal(...any)          { runtime.Goexit() }
func (listener) Fatalf(string, ...any) { runtime.Goexit() }
func (listener) Fatalln(...any)        { runtime.Goexit() }
func (listener) Panic(...any)          { runtime.Goexit() }
func (listener) Panicf(string, ...any) { runtime.Goexit() }
func (listener) Panicln(...any)        { runtime.Goexit() }

// attach lets the library follow f from its end on, if it is the current generation, has begun and was written to lately.
func (w *Watcher) attach(s *source, f *File, now time.Time) {
	if f.tail != nil || f.offset == 0 || f != s.cur || f.solo || f.within || w.tails >= maxTails || now.Sub(f.grown) > hotTime || !s.trusted {
		return
	}
	t, err := tail.TailFile(tailName(f), tail.Config{
		Location: &tail.SeekInfo{Offset: f.offset}, Follow: true, Poll: true, MustExist: true, Logger: listener{},
	})
	if err != nil {
		f.solo = true
		return
	}
	f.epoch++
	lib := &libraryTail{t, make(chan struct{})}
	f.tail, f.seen, f.stuck = lib, f.offset, time.Time{}
	w.tails++
	end := item{file: f, epoch: f.epoch, end: true}
	w.pumps.Go(func() { pump(lib, end, w.in) })
}

// pump passes the lines of a tail on until the tail ends. It ends only if all its lines are taken.
func pump(t *libraryTail, it item, in chan<- item) {
	line := it
	line.end = false
	for l := range t.Lines {
		if l.Err != nil {
			continue
		}
		line.text = l.Text
		select {
		case in <- line:
		case <-t.stop:
		}
	}
	select {
	case in <- it:
	case <-t.stop:
	}
}

// detach stops the tail of f, if there is one. What it read and was not handed over is read here.
func (w *Watcher) detach(f *File) {
	if f.tail == nil {
		return
	}
	close(f.tail.stop)
	f.tail.Kill(nil)
	f.tail = nil
	f.epoch++
	w.tails--
}

// lags says whether the tail of f is not to be waited for any longer; logs that rest need none.
func (w *Watcher) lags(f *File, now time.Time) bool {
	behind := f.size - f.offset
	if f.offset != f.seen || behind == 0 {
		f.seen, f.stuck = f.offset, time.Time{}
	} else if f.stuck.IsZero() {
		f.stuck = now
	}
	switch {
	case behind == 0 && now.Sub(f.grown) > hotTime:
		w.detach(f)
		return false
	case behind > farBehind:
		return true
	}
	return !f.stuck.IsZero() && now.Sub(f.stuck) >= stuckTime
}

// tailName is a path that leads to the inode of f whatever becomes of its name.
func tailName(f *File) string {
	if runtime.GOOS == "linux" {
		return "/proc/self/fd/" + strconv.Itoa(int(f.file.Fd()))
	}
	return f.path
}

// trusted says whether the library may read what belongs to this user. It keeps a line in memory however long it is, so a
// user of a shared server could fill the memory by a log of his own.
func trusted(owner int) bool {
	return owner < firstHuman || owner == os.Getuid()
}

// take hands over it and what else waits; false if the consumer has had enough.
func (w *Watcher) take(it item) bool {
	items := append(w.items[:0], it)
	for more := true; more && len(items) < pumpRoom; {
		select {
		case it := <-w.in:
			items = append(items, it)
		default:
			more = false
		}
	}
	w.items = items
	for len(items) > 0 {
		f, n := items[0].file, 1
		for n < len(items) && items[n].file == f {
			n++
		}
		if !w.accept(f, items[:n]) {
			return false
		}
		items = items[n:]
	}
	clear(w.items)
	return w.flush()
}

// accept hands over lines of the tail of f. If what stands before them is not what was consumed, the file was emptied, and they
// are in part of the new text, read from the middle.
func (w *Watcher) accept(f *File, batch []item) bool {
	for len(batch) > 0 && (batch[0].epoch != f.epoch || f.tail == nil) {
		batch = batch[1:]
	}
	if len(batch) == 0 {
		return true
	}
	whole := f.same()
	if !whole {
		batch = oldPart(f, batch)
	}
	for _, it := range batch {
		if it.end {
			w.detach(f)
			f.failed++
			f.solo = f.failed >= mostFailed
			break
		}
		w.raw = append(append(w.raw[:0], it.text...), '\n')
		f.advance(w.raw)
		f.size = max(f.size, f.offset)
		f.grown = time.Now()
		if !w.hand(f, w.raw, f.offset-int64(len(w.raw))) {
			return false
		}
	}
	if !whole {
		f.src.more = w.emptied(f.src, f, time.Now()) || f.src.more
	}
	return true
}

// oldPart leaves of batch the lines that were read before the file was emptied: those at the end that stand there now are new.
func oldPart(f *File, batch []item) []item {
	at := f.offset
	for _, it := range batch {
		if !it.end {
			at += int64(len(it.text)) + 1
		}
	}
	for len(batch) > 0 {
		it := batch[len(batch)-1]
		if it.end {
			batch = batch[:len(batch)-1]
			continue
		}
		at -= int64(len(it.text)) + 1
		buf := make([]byte, len(it.text))
		if n, _ := f.file.ReadAt(buf, at); string(buf[:n]) != it.text {
			break
		}
		batch = batch[:len(batch)-1]
	}
	return batch
}
