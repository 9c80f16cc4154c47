package follow

import (
	"strconv"
	"time"
)

// Status is what following a log is at.
type Status uint8

// The statuses.
const (
	Waiting   Status = iota // for the file to appear for the first time
	Following               // all is well
	Rotating                // an old generation is still read, too
	Missing                 // it was there
	Denied                  // no permission to read it
	Failing                 // the system returns other errors; Why has them
)

var statusNames = [...]string{"waiting", "following", "rotating", "missing", "denied", "failing"}

func (s Status) String() string { return statusNames[s] }

// State is how following one log goes.
type State struct {
	Path   string
	Status Status
	Why    string // what the system says, where that is the reason

	Lag      int64     // bytes that are there and not consumed yet, of all generations
	Lines    int64     // consumed since the start of the Watcher
	Bytes    int64     // the same
	LastLine time.Time // when the last one came, by this host's clock; zero: none has
	Old      int       // old generations that are still read
	Tailed   bool      // by the library; else it rests, or is read here

	Gaps     int
	GapBytes int64 // at least
}

// Gap is what cannot be read any more.
type Gap struct {
	Path  string
	Bytes int64  // at least, as far as is known; 0 if it is not
	Why   string // "the file was emptied before it was read to its end"
}

func (g Gap) String() string {
	size := "an unknown number of bytes is"
	if g.Bytes > 0 {
		size = "at least " + strconv.FormatInt(g.Bytes, 10) + " bytes are"
	}
	return g.Path + ": " + g.Why + "; " + size + " lost"
}

// States returns the state of every log, in the order in which they were found. Any goroutine may ask.
func (w *Watcher) States() []State {
	w.mu.Lock()
	defer w.mu.Unlock()
	states := make([]State, 0, len(w.order))
	for _, s := range w.order {
		states = append(states, s.state)
	}
	if w.journal != nil {
		states = append(states, w.journal.src.state)
	}
	return states
}

// publish makes the state of s known, and queues an event if its status is another.
func (w *Watcher) publish(s *source, now time.Time) {
	st := s.now
	st.Path, st.Old, st.Tailed, st.Lag = s.path, 0, false, 0
	for _, f := range s.files {
		if f != s.cur {
			st.Old++
		}
		st.Tailed = st.Tailed || f.tail != nil
		st.Lag += max(0, f.size-f.offset)
	}
	if st.Status == Following && st.Old > 0 {
		st.Status = Rotating
	}
	w.mu.Lock()
	changed := st.Status != s.state.Status || st.Why != s.state.Why || !s.published
	s.state, s.published = st, true
	w.mu.Unlock()
	if changed {
		w.queue = append(w.queue, Event{Kind: Changed, Path: s.path, State: st})
	}
}

// gap notes that something of s is lost.
func (w *Watcher) gap(s *source, bytes int64, why string) {
	s.now.Gaps++
	s.now.GapBytes += bytes
	w.queue = append(w.queue, Event{Kind: Lost, Path: s.path, Gap: Gap{Path: s.path, Bytes: bytes, Why: why}})
}
