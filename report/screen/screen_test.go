package screen

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"why502/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// view is a model that no terminal shows.
func view(t testing.TB, w, h int, o Options) *model {
	t.Setenv("TERM", "xterm-256color")
	m := newModel(context.Background(), New(nil, io.Discard, o))
	m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	return m
}

// played is a view of the demo after some rounds.
func played(t testing.TB, w, h int) *model {
	m := view(t, w, h, Options{Zone: time.UTC})
	for i := range 8 {
		play(m.screen, noon.Add(time.Duration(i)*time.Second), i)
	}
	m.Update(arrived{})
	return m
}

// press presses keys by their names.
func press(m *model, keys ...string) (last tea.Cmd) {
	named := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
		"home": tea.KeyHome, "end": tea.KeyEnd, "tab": tea.KeyTab, "backspace": tea.KeyBackspace, "left": tea.KeyLeft,
	}
	for _, k := range keys {
		msg := tea.KeyPressMsg{Code: named[k]}
		switch {
		case k == "space":
			msg = tea.KeyPressMsg{Code: ' ', Text: " "}
		case strings.HasPrefix(k, "ctrl+"):
			msg = tea.KeyPressMsg{Code: rune(k[5]), Mod: tea.ModCtrl}
		case msg.Code == 0:
			msg = tea.KeyPressMsg{Code: rune(k[0]), Text: k}
		}
		_, last = m.Update(msg)
	}
	return last
}

var sgr = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// rows is what a model shows, without weight and colour.
func rows(m *model) []string {
	return strings.Split(sgr.ReplaceAllString(m.View().Content, ""), "\n")
}

func shows(t *testing.T, m *model, want string) {
	t.Helper()
	if s := strings.Join(rows(m), "\n"); !strings.Contains(s, want) {
		t.Errorf("%q is not shown:\n%s", want, s)
	}
}

func hides(t *testing.T, m *model, what string) {
	t.Helper()
	if s := strings.Join(rows(m), "\n"); strings.Contains(s, what) {
		t.Errorf("%q is shown:\n%s", what, s)
	}
}

func TestGolden(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {40, 10}} {
		for _, page := range []struct {
			name string
			keys []string
		}{
			{"overview", nil},
			{"wrapped", []string{"w", "space"}},
			{"filtered", []string{"v"}},
			{"typing", []string{"/", "t", "a", "g", ":", "s", "l", "o", "w"}},
			{"incident", []string{"down", "enter"}},
			{"advice", []string{"c"}},
			{"logs", []string{"tab"}},
			{"keys", []string{"?"}},
		} {
			name := fmt.Sprintf("%s.%dx%d", page.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				m := played(t, size[0], size[1])
				press(m, page.keys...)
				list := rows(m)
				for i, r := range list {
					list[i] = strings.TrimRight(r, " ")
				}
				got := strings.Join(list, "\n") + "\n"
				file := filepath.Join("testdata", name+".txt")
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
			})
		}
	}
}

// TestSizes holds that every page fits any terminal, exactly as many rows as it has and none wider.
func TestSizes(t *testing.T) {
	m := played(t, 80, 24)
	for _, page := range [][]string{nil, {"w"}, {"/", "x"}, {"esc", "enter"}, {"c"}, {"esc", "tab"}, {"?"}} {
		press(m, page...)
		for _, w := range []int{1, 2, 5, 20, 39, 40, 41, 49, 50, 60, 70, 80, 88, 100, 106, 130} {
			for _, h := range []int{1, 2, 3, 5, 8, 10, 14, 20, 24, 45} {
				m.Update(tea.WindowSizeMsg{Width: w, Height: h})
				list := rows(m)
				if len(list) != h {
					t.Fatalf("%q at %dx%d: %d rows", page, w, h, len(list))
				}
				for _, r := range list {
					if n := columns(r); n > w && w >= 40 {
						t.Errorf("%q at %dx%d: %d columns: %q", page, w, h, n, r)
					}
				}
			}
		}
	}
}

func TestQuiet(t *testing.T) {
	m := view(t, 80, 24, Options{Zone: time.UTC})
	shows(t, m, "reading the logs")
	press(m, "enter", "c", "t", "v", "p", "pgup", "down", "n")
	m.screen.Update(Snapshot{Now: noon, Files: logs()})
	m.Update(arrived{})
	shows(t, m, "nothing fails")
	shows(t, m, "2 not read")
	shows(t, m, "No tagged line yet")
}

func TestFilter(t *testing.T) {
	m := played(t, 100, 40)
	press(m, "v")
	shows(t, m, "only vhost blog.example.org")
	hides(t, m, "queue-full")
	press(m, "V")
	shows(t, m, "queue-full")
	press(m, "p", "t")
	shows(t, m, "tag nginx/upstream-queue-full, pool shop")
	press(m, "esc")
	shows(t, m, "as they come")
	press(m, "/", "N", "O", "space", "s", "u", "c", "h", "enter")
	hides(t, m, "queue-full")
	shows(t, m, "OPENED") // what becomes of incidents is always shown
	press(m, "esc", "/", "t", "a", "g", ":", "Q", "U", "E", "U", "x", "backspace", "enter")
	shows(t, m, "only find tag:QUEU")
	shows(t, m, "queue-full")
	hides(t, m, "upstream-timeout")
	press(m, "/", "q")
	if shows(t, m, "tag:QUEUq"); press(m, "q") != nil {
		t.Error("q quits while a filter is typed")
	}
}

func TestPause(t *testing.T) {
	m := view(t, 80, 24, Options{Zone: time.UTC})
	feed := func(from, to int) {
		for i := from; i < to; i++ {
			m.screen.Feed(Line{Time: noon, Tags: []string{"a/b"}, Text: fmt.Sprintf("line %d.", i)})
		}
		m.Update(arrived{})
	}
	feed(0, 100)
	shows(t, m, "line 99.")
	press(m, "space")
	feed(100, 2*keepLines)
	shows(t, m, "line 99.")
	shows(t, m, "paused")
	shows(t, m, "newer")
	press(m, "pgup")
	hides(t, m, "line 99.")
	press(m, "home")
	shows(t, m, "line 0.")
	press(m, "pgdown")
	hides(t, m, "line 0.")
	press(m, "end")
	shows(t, m, fmt.Sprintf("line %d.", 2*keepLines-1))
}

func TestIncidents(t *testing.T) {
	m := played(t, 100, 30)
	open, closed := sample(noon)
	press(m, "down", "enter")
	shows(t, m, "2 of 3, goes on")
	shows(t, m, "mega-menu-builder")
	press(m, "n")
	shows(t, m, "3 of 3, over")
	press(m, "N", "N")
	shows(t, m, "1 of 3, goes on")
	press(m, "end")
	shows(t, m, "What would tell more")
	press(m, "c", "esc")
	shows(t, m, "What would tell more")

	// It ends while it is looked at, and another one is withdrawn.
	m.screen.Change(report.Change{Kind: report.Closed, Time: noon, Text: "Over.", Incident: open[0]})
	m.screen.Change(report.Change{Kind: report.Withdrawn, Time: noon, Text: "None.", Incident: closed})
	m.screen.Update(Snapshot{Now: noon, Open: open[1:]})
	m.Update(arrived{})
	shows(t, m, "2 of 2, over")

	// An earlier line gives it another id.
	again := *open[0]
	again.ID, again.Start = "another", again.Start.Add(-time.Second)
	m.screen.Change(report.Change{Kind: report.Opened, Time: noon, Text: "Again.", Incident: open[0]})
	m.screen.Update(Snapshot{Now: noon, Open: []*report.Incident{open[1], &again}})
	m.Update(arrived{})
	if m.shown.ID != "another" || m.selected != "another" {
		t.Errorf("shown is %s, selected %s", m.shown.ID, m.selected)
	}
	m.screen.Update(Snapshot{Now: noon})
	m.Update(arrived{})
	shows(t, m, "no longer an incident of its own")
	press(m, "q")
	shows(t, m, "nothing fails")
}

// TestOwnCopy holds that whoever watches may go on to write what was shown.
func TestOwnCopy(t *testing.T) {
	m := view(t, 80, 24, Options{Zone: time.UTC})
	open, over := &report.Incident{ID: "open", Start: noon}, &report.Incident{ID: "over"}
	m.screen.Update(Snapshot{Now: noon, Open: []*report.Incident{open}})
	m.screen.Change(report.Change{Kind: report.Closed, Incident: over, Time: noon})
	m.screen.Change(report.Change{Kind: report.Closed, Incident: open, Time: noon}) // the next snapshot is without it
	open.ID, over.ID = "x", "x"
	st := m.screen.take()
	if len(st.Open) != 1 || st.Open[0].ID != "open" || len(st.closed) != 1 || st.closed[0].ID != "over" {
		t.Errorf("open %v, closed %v", st.Open, st.closed)
	}
}

func TestCopyAdvice(t *testing.T) {
	m := played(t, 80, 24)
	cmd := press(m, "c")
	if cmd == nil {
		t.Fatal("nothing is copied")
	}
	got := fmt.Sprint(cmd())
	want := `# Give the plugin's call a timeout well below fastcgi_read_timeout, and cache what it fetches.
# Caution: Checkout must cope with a missing answer: test it with the remote service blocked.
add_filter('http_request_timeout', fn () => 3);

# Bound every request, so that one slow service cannot hold the whole pool.
# Caution: Keep it above the longest request that is wanted, such as exports.
request_terminate_timeout = 30s
`
	if got != want {
		t.Errorf("got\n%s", got)
	}
	shows(t, m, "request_terminate_timeout = 30s")
}

// hostile is what visitors write into logs, to whom a terminal obeys.
const hostile = "a\x1b]0;title\x07\x1b[2J\x1b[31m\r\nb\u202e\u009b2J\u200b\xff\xfe\x00\x7f\ufe0f\t<b>漢字漢字"

// TestHostileText holds that no control byte of a log comes through, only the weights and colours of the view itself.
func TestHostileText(t *testing.T) {
	for _, color := range []bool{false, true} {
		m := view(t, 100, 30, Options{Zone: time.UTC, Color: color})
		h := strings.Repeat(hostile, 3)
		evil := report.Evidence{Tag: h, Text: h, Source: h, Line: 1, Excerpt: h, Weight: 1}
		in := &report.Incident{
			ID: h, Start: noon, End: noon, Failures: map[string]int{h: 3}, Headline: h, Scope: h, Vhosts: []report.Share{{Name: h}},
			URIs: []report.Share{{Name: h}},
			Causes: []report.Cause{{
				ID: h, Title: h, Role: h, Summary: h, Confidence: 0.9, Culprits: []report.Culprit{{Kind: h, Name: h}}, Evidence: []report.Evidence{evil},
				Against: []report.Evidence{evil}, Advice: []report.Advice{{Text: h, Config: h, Caution: h}}, Verify: []string{h},
			}},
			Timeline: []report.Moment{{Time: noon, Tag: h, Text: h, Source: h}}, Missing: []report.Missing{{Log: h, Why: h, How: h}},
		}
		for range 3 {
			m.screen.Feed(Line{Time: noon, Tags: []string{h, h}, Status: h, Vhost: h, Pool: h, Text: h, Source: h})
		}
		m.screen.Count(noon, h, h)
		m.screen.Change(report.Change{Kind: report.Opened, Time: noon, Text: h, Incident: in})
		m.screen.Write([]byte(h + "\n"))
		m.screen.Update(Snapshot{Now: noon, Open: []*report.Incident{in}, Files: []File{{Path: h, Status: h, Why: h}}})
		m.Update(arrived{})
		for _, keys := range [][]string{nil, {"w"}, {"t"}, {"v"}, {"esc", "p"}, {"enter"}, {"pgdown"}, {"end"}, {"c"}, {"esc", "esc", "tab"}} {
			cmd := press(m, keys...)
			s := m.View().Content
			if cmd != nil {
				s += fmt.Sprint(cmd())
			}
			s = sgr.ReplaceAllString(s, "")
			if bare := strings.ReplaceAll(s, "\n", ""); report.Clean(bare) != bare {
				t.Errorf("%q: %q", keys, s)
			}
			if color == false && strings.Contains(m.View().Content, "\x1b[3") {
				t.Errorf("%q: colour without being asked", keys)
			}
		}
		m.Update(tea.PasteMsg{Content: h})
		press(m, "esc", "/")
		m.Update(tea.PasteMsg{Content: h})
		if bare := strings.Join(rows(m), ""); report.Clean(bare) != bare {
			t.Errorf("pasted: %q", bare)
		}
	}
}

// TestMemory holds that a flood that nobody draws, and one that is drawn, leave next to nothing behind, and that telling does
// not wait for the drawing.
func TestMemory(t *testing.T) {
	m := view(t, 120, 40, Options{Zone: time.UTC})
	long := strings.Repeat("\x01x", 5000)
	held := func() uint64 {
		var s runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	before := held()
	for i := range 4000 {
		id := fmt.Sprint(i)
		m.screen.Feed(Line{Time: noon, Tags: []string{id + long, long}, Vhost: id + long, Pool: id + long, Text: id + long, Source: id + long})
		m.screen.Count(noon.Add(time.Duration(i)*time.Millisecond), id, id)
		if i%10 == 0 {
			m.screen.Change(report.Change{Kind: report.Closed, Time: noon, Text: id + long, Incident: &report.Incident{ID: id}})
		}
		if i == 2000 {
			m.Update(arrived{})
			press(m, "space")
		}
	}
	m.Update(arrived{})
	if grown := int64(held()) - int64(before); grown > 12<<20 {
		t.Errorf("%d MiB are kept", grown>>20)
	}
	if len(m.now.closed) > keepClosed || len(m.feed.entries.kept) > keepLines {
		t.Errorf("%d incidents, %d lines are kept", len(m.now.closed), len(m.feed.entries.kept))
	}
	shows(t, m, "came too fast to be shown")
}

// TestRun runs it with a terminal that is none: it ends with its context, with its work, and by the keys.
func TestRun(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		name, keys string
		stop       bool
		work       func(context.Context) error
		want       error
	}{
		{"key", "q", false, func(ctx context.Context) error { <-ctx.Done(); return nil }, nil},
		{"interrupt", "\x03", false, func(ctx context.Context) error { <-ctx.Done(); return nil }, nil},
		{"context", "", true, func(ctx context.Context) error { <-ctx.Done(); return nil }, nil},
		{"work ends", "", false, func(context.Context) error { return nil }, nil},
		{"work fails", "", false, func(context.Context) error { return broken }, broken},
		{"work fails late", "q", false, func(ctx context.Context) error { <-ctx.Done(); return broken }, broken},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			in, keys := io.Pipe()
			defer keys.Close()
			go func() {
				if c.keys != "" {
					_, _ = keys.Write([]byte(c.keys))
				}
				if c.stop {
					cancel()
				}
			}()
			if err := New(in, io.Discard, Options{}).Run(ctx, c.work); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if !c.stop && ctx.Err() != nil {
				t.Error("it did not end by itself")
			}
		})
	}
}

func BenchmarkView(b *testing.B) {
	m := played(b, 120, 40)
	for b.Loop() {
		m.Update(arrived{})
		_ = m.View()
	}
}

func BenchmarkFeed(b *testing.B) {
	s := New(nil, io.Discard, Options{})
	l := lines(noon)[0]
	for b.Loop() {
		s.Feed(l)
	}
}
