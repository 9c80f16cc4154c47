package follow

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"why502/parser"
	"why502/parser/input"
)

// JournalMark says how far the journal was consumed.
type JournalMark struct {
	After string   `json:"after"`          // the cursor of an entry; it and all before it were consumed
	Done  []string `json:"done,omitempty"` // the cursors of entries after it that were, too: others among them were held
}

// JournalName is the path of the journal among those of files.
const JournalName = "journal"

const (
	firstPause = time.Second // before journalctl is started again; it doubles
	lastPause  = 30 * time.Second
	maxEntry   = 1 << 20 // of an entry's JSON; what is longer is passed over
	maxCursors = 4096    // of entries that came after one that is held
)

// journal follows systemd's journal through journalctl.
type journal struct {
	of     input.Journal
	src    source // it has a state like a file
	file   *File
	in     chan journalLine
	cancel context.CancelFunc
	done   chan struct{}

	after string        // cursor before the first of those in since
	since []journalSeen // entries from the first one on that is held
	skip  []string      // that need not come again
}

type journalSeen struct {
	number int64 // serves as the offset of the line
	cursor string
}

// journalLine is an entry, or why there are none.
type journalLine struct {
	text []byte
	err  error
	back chan struct{} // closed when text is not needed any more
}

func newJournal(of input.Journal, m *Marks) *journal {
	j := &journal{of: of, in: make(chan journalLine), done: make(chan struct{})}
	j.src.path = JournalName
	j.src.now = State{Path: JournalName, Status: Following}
	j.file = &File{src: &j.src, path: JournalName}
	if m != nil && m.Journal != nil {
		j.after, j.skip = m.Journal.After, m.Journal.Done
	}
	return j
}

// start runs journalctl again and again until ctx ends.
func (j *journal) start(ctx context.Context) {
	ctx, j.cancel = context.WithCancel(ctx)
	cursor := j.after
	go func() {
		defer close(j.done)
		pause := firstPause
		for ctx.Err() == nil {
			begun := time.Now()
			last, err := j.run(ctx, cursor)
			if last != "" {
				cursor = last
			}
			if err == nil {
				err = errors.New("journalctl ended")
			}
			if time.Since(begun) > lastPause {
				pause = firstPause
			}
			select {
			case j.in <- journalLine{err: err}:
			case <-ctx.Done():
				return
			}
			select {
			case <-time.After(pause):
			case <-ctx.Done():
				return
			}
			pause = min(2*pause, lastPause)
		}
	}()
}

// run passes on what one journalctl prints, and returns the cursor of the last entry.
func (j *journal) run(ctx context.Context, cursor string) (last string, err error) {
	out, err := j.of.Follow(ctx, cursor)
	if err != nil {
		return "", err
	}
	defer func() { _ = out.Close() }()
	for r := bufio.NewReaderSize(out, maxEntry); ; {
		line, err := r.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = r.ReadSlice('\n')
			}
			if err != nil {
				return last, unlessEOF(err)
			}
			continue
		case err != nil: // what lacks its line end comes again
			return last, unlessEOF(err)
		}
		e := journalLine{text: bytes.TrimSuffix(line, []byte("\n")), back: make(chan struct{})}
		select {
		case j.in <- e:
		case <-ctx.Done():
			return last, nil
		}
		select {
		case <-e.back:
		case <-ctx.Done():
			return last, nil
		}
		if c := cursorOf(e.text); c != "" {
			last = c
		}
	}
}

func unlessEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// lines is where entries come from; of no journal none do.
func (j *journal) lines() <-chan journalLine {
	if j == nil {
		return nil
	}
	return j.in
}

// takeJournal hands over an entry; false if the consumer has had enough.
func (w *Watcher) takeJournal(e journalLine) bool {
	j := w.journal
	if e.err != nil {
		j.src.now.Status, j.src.now.Why = Failing, e.err.Error()
		return true
	}
	defer close(e.back)
	j.src.now.Status, j.src.now.Why = Following, ""
	cursor := cursorOf(e.text)
	if i := slices.Index(j.skip, cursor); i >= 0 && cursor != "" {
		j.skip = slices.Delete(j.skip, i, i+1)
		j.note(cursor)
		return true
	}
	j.note(cursor)
	now := time.Now()
	j.src.now.Lines++
	j.src.now.Bytes += int64(len(e.text)) + 1
	j.src.now.LastLine, j.file.spoken = now, now
	w.progress++
	return w.yield(Event{Kind: Line, Path: JournalName, File: j.file, Line: parser.Line{
		Text: e.text, Number: int(j.file.offset), Offset: j.file.offset,
	}})
}

// note remembers the cursor of the next entry; its number stands in the place of an offset.
func (j *journal) note(cursor string) {
	j.file.offset++
	if len(j.since) == maxCursors { // what is held for so long counts as handed over
		j.after = j.since[0].cursor
		j.since = j.since[1:]
	}
	j.since = append(j.since, journalSeen{j.file.offset, cursor})
}

// mark says what has been consumed, but for what is held.
func (j *journal) mark() *JournalMark {
	held := make(map[int64]bool, len(j.file.held))
	first := j.file.offset + 1
	for _, h := range j.file.held {
		for i := range int64(h.Lines) {
			held[h.Offset+i] = true
		}
		first = min(first, h.Offset)
	}
	for len(j.since) > 0 && j.since[0].number < first {
		j.after = j.since[0].cursor
		j.since = j.since[1:]
	}
	m := &JournalMark{After: j.after, Done: slices.Clone(j.skip)}
	for _, s := range j.since {
		if !held[s.number] {
			m.Done = append(m.Done, s.cursor)
		}
	}
	return m
}

// lookJournal yields that the journal has gone silent, and makes its state known.
func (w *Watcher) lookJournal(now time.Time) bool {
	j := w.journal
	if j == nil {
		return true
	}
	if !j.file.spoken.IsZero() && now.Sub(j.file.spoken) >= w.opts.Quiet {
		j.file.spoken = time.Time{}
		if !w.yield(Event{Kind: Quiet, Path: JournalName, File: j.file}) {
			return false
		}
	}
	w.publish(&j.src, now)
	return w.flush()
}

func (j *journal) close() {
	if j.cancel != nil {
		j.cancel()
		<-j.done
	}
}

func cursorOf(entry []byte) string { return string(input.CursorOf(entry)) }
