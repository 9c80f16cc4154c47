package progress

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestText(t *testing.T) {
	for _, c := range []struct {
		s     State
		taken time.Duration
		want  string
	}{
		{State{}, 0, "0.0 MB"},
		{State{Read: 1.2e9, Size: 3e9, Lines: 2_806_000, Failures: 1547}, 2 * time.Second, "1.2 of 3.0 GB, 1,403,000 lines/s, 4 s left, 1,547 failures"},
		{State{Read: 4e6, Size: 900e6, Lines: 900}, time.Second, "4.0 of 900.0 MB, 900 lines/s, 4 min left"},
		{State{Read: 1e6, Size: 20e9, Lines: 900}, time.Second, "0.0 of 20.0 GB, 900 lines/s, 5.6 h left"},
		{State{Read: 5e6, Size: 5e6, Lines: 10}, time.Second, "5.0 of 5.0 MB, 10 lines/s"},
		{State{Read: 12e6, Lines: 10}, time.Second, "12.0 MB, 10 lines/s"},
		{State{Read: 2e9, Size: 3e9, Doing: "comparing generations"}, 2 * time.Second, "comparing generations: 2.0 of 3.0 GB, 2 s left"},
	} {
		if got := Text(c.s, c.taken); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// screen is a buffer that may be looked at while it is written to.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// What is over soon shows no bar; what lasts shows one, and lines written meanwhile.
func TestShow(t *testing.T) {
	state := func() State { return State{Read: 30e6, Size: 60e6, Lines: 100} }
	synctest.Test(t, func(t *testing.T) {
		var out screen
		b := Show(&out, state)
		time.Sleep(patience - time.Millisecond)
		b.Write([]byte("a complaint\n"))
		b.Stop()
		if out.String() != "a complaint\n" {
			t.Errorf("%q", out.String())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		var out screen
		b := Show(&out, state)
		time.Sleep(patience + 3*refresh)
		synctest.Wait()
		if !strings.Contains(out.String(), "30.0 of 60.0 MB") {
			t.Errorf("no bar: %q", out.String())
		}
		b.Write([]byte("a complaint\n"))
		b.Stop()
		if got := out.String(); !strings.Contains(got, "a complaint\n") {
			t.Errorf("the complaint is lost: %q", got)
		}
	})
}
