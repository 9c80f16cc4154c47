package correlate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"why502/classifier"
	"why502/parser"
)

// A field that a state neither holds nor leaves out knowingly would be lost between two runs.
func TestStateKnowsEveryField(t *testing.T) {
	known := map[reflect.Type]bool{
		reflect.TypeFor[time.Time](): true, reflect.TypeFor[time.Location](): true, reflect.TypeFor[classifier.Rule](): true,
	}
	for _, s := range shapes {
		known[reflect.TypeOf(s.of)] = true
	}
	var reach func(t *testing.T, of reflect.Type, where string)
	reach = func(t *testing.T, of reflect.Type, where string) {
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array:
			reach(t, of.Elem(), where)
		case reflect.Map:
			reach(t, of.Key(), where)
			reach(t, of.Elem(), where)
		case reflect.Struct:
			if !known[of] {
				t.Errorf("%s is a %s, of which shapes (state_shape.go) says nothing", where, of)
			}
		}
	}
	for _, s := range shapes {
		of := reflect.TypeOf(s.of)
		stored, left := strings.Fields(s.stored), strings.Fields(s.left)
		for i := range of.NumField() {
			f := of.Field(i)
			if slices.Contains(stored, f.Name) == slices.Contains(left, f.Name) {
				t.Errorf("%s.%s: shapes (state_shape.go) must say once whether a state holds it; if it does, store it in coder.timeline or what that calls", of, f.Name)
			}
			if slices.Contains(stored, f.Name) {
				reach(t, f.Type, of.String()+"."+f.Name)
			}
		}
		for _, name := range slices.Concat(stored, left) {
			if _, ok := of.FieldByName(name); !ok {
				t.Errorf("shapes (state_shape.go): there is no %s.%s", of, name)
			}
		}
	}
}

func encoded(t testing.TB, tl *Timeline) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tl.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decoded(t testing.TB, state []byte, rules *classifier.Rules) *Timeline {
	t.Helper()
	tl, err := Decode(bytes.NewReader(state), rules.Find)
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

// What is read is what was written, to the last field.
func TestState(t *testing.T) {
	rules := loadRules(t)
	tl := collected(t, rules)
	tl.sources["a.log"].Loc, tl.sources["a.log"].Error = time.FixedZone("+03:30", 12600), "its end is missing"
	tl.Profile(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), time.Time{}, false)
	state := encoded(t, tl)
	got := decoded(t, state, rules)
	for name, part := range map[string]func(*Timeline) any{
		"marks": func(t *Timeline) any { return t.Marks() }, "undated": func(t *Timeline) any { return t.undated.Marks() },
		"booted": func(t *Timeline) any { return t.booted.Marks() }, "totals": func(t *Timeline) any { return t.totals },
		"loads": func(t *Timeline) any { return t.Loads() }, "boots": func(t *Timeline) any { return t.boots },
		"slow": func(t *Timeline) any { return t.Slow() }, "stacks": func(t *Timeline) any { return slices.Collect(t.Stacks()) },
		"links":   func(t *Timeline) any { return []any{t.links.backends, t.links.pools, t.links.accounts} },
		"sources": func(t *Timeline) any { return t.sources }, "profiled": func(t *Timeline) any { return t.profiled },
		"kept": func(t *Timeline) any { return t.kept }, "counts of names": func(t *Timeline) any { return []any{t.names.count, t.names.bytes, t.names.seen} },
	} {
		if want, have := part(tl), part(got); !reflect.DeepEqual(have, want) {
			t.Errorf("%s: %s, want %s", name, words(have), words(want))
		}
	}
	if !bytes.Equal(encoded(t, got), state) {
		t.Error("written again it is another")
	}
	if !bytes.Equal(encoded(t, tl), state) {
		t.Error("writing it changes it")
	}
}

// words are those of a value behind its pointers.
func words(x any) string {
	b, err := json.Marshal(x)
	if err != nil {
		return fmt.Sprintf("%+v", x)
	}
	return string(b)
}

// Names met in another order make the same bytes.
func TestStateIsTheSameInAnyOrder(t *testing.T) {
	rules := loadRules(t)
	var records []*parser.Record
	d := &parser.Decoder{Zone: time.UTC, Ref: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	for r, err := range parser.Records(t.Context(), given(strings.TrimSuffix(snapshotLogs, "\n")), parser.Formats[0], d) {
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, r.Clone())
	}
	filled := func(order []int) *Timeline {
		tl := New()
		for _, i := range order {
			tl.Add(records[i], rules.Classify(nil, records[i]))
		}
		return tl
	}
	r := rand.New(rand.NewPCG(1, 2))
	want := encoded(t, filled(r.Perm(len(records))))
	for range 10 {
		if !bytes.Equal(encoded(t, filled(r.Perm(len(records)))), want) {
			t.Fatal("another order makes other bytes")
		}
	}
	// Part of it before the state, part of it after.
	for range 10 {
		order, n := r.Perm(len(records)), r.IntN(len(records)+1)
		tl := decoded(t, encoded(t, filled(order[:n])), rules)
		for _, i := range order[n:] {
			tl.Add(records[i], rules.Classify(nil, records[i]))
		}
		if !bytes.Equal(encoded(t, tl), want) {
			t.Fatal("what is added to a state makes another one than what is added to what it was made of")
		}
	}
}

func TestStateThatIsDamaged(t *testing.T) {
	rules := loadRules(t)
	state := encoded(t, collected(t, rules))
	fails := func(what string, b []byte, want error) {
		t.Helper()
		if tl, err := Decode(bytes.NewReader(b), rules.Find); tl != nil || !errors.Is(err, want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for n := range state {
		fails("truncated", state[:n], ErrStateDamaged)
	}
	versions := len(stateMagic) + 16
	for i := range state {
		b := slices.Clone(state)
		b[i] ^= 1 << (i % 8)
		want := ErrStateDamaged
		if i >= len(stateMagic) && i < versions {
			want = ErrStateVersion
		}
		fails("a flipped bit", b, want)
	}
	more := bytes.NewReader(append(slices.Clone(state), 'x'))
	if _, err := Decode(more, rules.Find); err != nil || more.Len() != 1 {
		t.Errorf("what follows a state: %v, %d bytes of it are left", err, more.Len())
	}
	if _, err := Decode(bytes.NewReader(state), func(classifier.Tag) *classifier.Rule { return nil }); !errors.Is(err, ErrStateVersion) {
		t.Errorf("rules that are gone: %v", err)
	}
	broken := errors.New("the disk is broken")
	if _, err := Decode(io.MultiReader(bytes.NewReader(state[:100]), brokenDisk{broken}), rules.Find); !errors.Is(err, broken) {
		t.Errorf("reading fails: %v", err)
	}
}

type brokenDisk struct{ error }

func (d brokenDisk) Read([]byte) (int, error) { return 0, d.error }

// contentOf is what the blocks of a state hold.
func contentOf(t testing.TB, state []byte) (content []byte) {
	t.Helper()
	b := &blockReader{r: bytes.NewReader(state)}
	if err := b.head(); err != nil {
		t.Fatal(err)
	}
	for {
		if err := b.next(); err != nil {
			t.Fatal(err)
		}
		if len(b.left) == 0 {
			return content
		}
		content = append(content, b.left...)
	}
}

// FuzzState reads anything, as it is and as the content of blocks that are whole.
func FuzzState(f *testing.F) {
	rules := classifier.Load()
	f.Add([]byte{})
	f.Add([]byte(stateMagic))
	state := encoded(f, collected(f, rules))
	f.Add(state)
	f.Add(contentOf(f, state))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := Decode(bytes.NewReader(b), rules.Find); err == nil && len(b) == 0 {
			t.Error("nothing is a state")
		}
		var whole bytes.Buffer
		w := &blockWriter{w: &whole}
		w.head()
		w.write(b)
		w.end()
		tl, err := Decode(&whole, rules.Find)
		if err != nil {
			return
		}
		first := encoded(t, tl)
		if !bytes.Equal(encoded(t, decoded(t, first, rules)), first) {
			t.Error("written and read again it is another")
		}
		tl.Snapshot().Marks()
		tl.Slow()
		for range tl.Stacks() {
		}
		tl.Forget(time.Unix(1e9, 0))
	})
}

// stateRoom bounds what writing a full Timeline takes on the heap in all.
const stateRoom = 6 << 20

func TestStateOfAFullTimeline(t *testing.T) {
	rules := map[classifier.Tag]*classifier.Rule{"test/refused": refused[0].Rule, "test/noticed": noticed[0].Rule}
	empty := heap()
	tl := New()
	message, start := make([]byte, 300), time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for sec := range 9000 {
		for n := range 70 {
			client, uri := strconv.AppendInt(nil, int64(n*7+sec%11), 10), strconv.AppendInt([]byte("/page/"), int64(sec%20*70+n), 36)
			r := &parser.Record{
				Pos: parser.Pos{File: "a.log", Line: sec, Offset: int64(sec) * 300}, Format: "nginx-error", Raw: message, Duration: -1,
				Client: client, URI: uri, Conn: int64(n), PID: n, Time: start.Add(time.Duration(sec) * time.Second),
			}
			if tl.Add(r, refused); sec%2 == 0 && n < 9 {
				r.File, r.URI = "c.log", nil
				tl.Add(r, noticed)
			}
			r.File, r.Format, r.URI, r.Status, r.Duration = "b.log", "nginx-access", uri, 200, 3*time.Second
			tl.Add(r, nil)
		}
	}
	full := heap() - empty
	b := bytes.NewBuffer(make([]byte, 0, 64<<20))
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before := m.TotalAlloc
	if err := tl.Encode(b); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&m)
	t.Logf("%d + %d marks, %d loads, %d pages, %d clients, %d names: %d KiB in memory, %d KiB written, %d KiB taken to write", tl.kept[failing], tl.kept[rest],
		len(tl.traffic.loads), tl.traffic.pages.len(), tl.traffic.clients.len(), len(tl.names.list), full>>10, b.Len()>>10, (m.TotalAlloc-before)>>10)
	if m.TotalAlloc-before > stateRoom {
		t.Errorf("writing takes %d KiB", (m.TotalAlloc-before)>>10)
	}
	runtime.KeepAlive(tl)
	tl = nil
	before = uint64(heap())
	got, err := Decode(b, func(tag classifier.Tag) *classifier.Rule { return rules[tag] })
	if err != nil {
		t.Fatal(err)
	}
	if again := heap() - int(before); again > full*11/10 {
		t.Errorf("what was read takes %d KiB, what was written took %d", again>>10, full>>10)
	}
	runtime.KeepAlive(got)
}
