package parser

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// slowEntries reads text, line by line or in one block. If known, entries whose stack has been met are not parsed.
func slowEntries(t *testing.T, text []byte, blocks, known bool) (records []*Record, again int) {
	d := testDecoder()
	met := map[StackID]*Record{}
	take := func(r *Record, err error) bool {
		if err != nil {
			records = append(records, &Record{Message: []byte(err.Error())})
			return true
		}
		own := r.Clone()
		records = append(records, own)
		if r.Format == phpSlow.Name {
			met[r.Stack] = own
		}
		return true
	}
	if known {
		d.KnowStacks(func(r *Record) bool {
			before := met[r.Stack]
			if before == nil {
				return false
			}
			again++
			own := r.Clone()
			own.Message, own.Frames, own.Fields = before.Message, before.Frames, before.Fields
			records = append(records, own)
			return true
		})
	}
	s := NewStream("slow.log", phpSlow, d, take)
	b := &Block{Text: text, Fresh: true}
	if blocks {
		s.PutBlock(b)
	} else {
		for line, ok := b.Next(); ok; line, ok = b.Next() {
			s.Put(line)
		}
	}
	s.Flush()
	if b.Number != bytes.Count(text, []byte{'\n'})+min(1, len(text)-bytes.LastIndexByte(text, '\n')-1) && !bytes.Contains(text, []byte{0}) {
		t.Errorf("%q: %d lines", text, b.Number)
	}
	return records, again
}

// checkSlowEntries says how many entries were not parsed.
func checkSlowEntries(t *testing.T, text []byte) (again int) {
	t.Helper()
	want, _ := slowEntries(t, text, false, false)
	got, _ := slowEntries(t, text, true, false)
	compareSlow(t, text, got, want)
	got, again = slowEntries(t, text, true, true)
	for _, list := range [...][]*Record{got, want} { // a message has addresses in it
		for _, r := range list {
			if r.Format == phpSlow.Name {
				r.Message = nil
			}
		}
	}
	compareSlow(t, text, got, want)
	return again
}

func compareSlow(t *testing.T, text []byte, got, want []*Record) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%q: %d records, want %d", text, len(got), len(want))
	}
	for i, r := range got {
		for _, r := range [...]*Record{r, want[i]} { // an empty list is none
			if len(r.Frames) == 0 {
				r.Frames = nil
			}
			if len(r.Fields) == 0 {
				r.Fields = nil
			}
		}
		if !reflect.DeepEqual(r, want[i]) {
			t.Fatalf("%q: record %d\n%#v\nwant\n%#v", text, i, r, want[i])
		}
	}
}

const slowSample = "[22-Nov-2026 10:00:05]  [pool www] pid 4242\nscript_filename = /srv/index.php\n" +
	"[0x00007f1c2a013f80] mysqli_query() /srv/class-wpdb.php:2351\n[0x00007f1c2a013a00] [INCLUDE_OR_EVAL]() /srv/index.php:17\n\n"

// Entries that are taken whole are those that their lines make, however they are written.
func TestSlowEntries(t *testing.T) {
	for _, c := range []struct {
		old, changed string
		again        int // of 3 entries
	}{
		{"", "", 2},
		{"/srv/index.php\n", "/srv/index.php\r\n", 0},
		{":17\n\n", ":17\n\r\n", 0},
		{":17\n\n", ":17 \n\n", 0},
		{":17\n\n", ":17\n", 0},
		{":17\n\n", ":17\n\x00\x00\n", 0},
		{":17\n\n", ":17\n\n[0x00007f1c2a013a00] late() /srv/index.php:17\n\n", 2},
		{":17\n\n", ":17\n+++ dump failed\n\n", 0},
		{"script_filename = /srv/index.php\n", "", 2},
		{"[0x00007f1c2a013f80]", "[0xb6a13f80]", 2},
		{"[0x00007f1c2a013f80]", "[0x00007f] 2a013f80]", 2},
		{"[0x00007f1c2a013f80] ", "[0x00007f1c2a013f80]", 2},
		{"\n[0x00007f1c2a013f80]", "\n[0x00007f1c2a013f80", 2},
		{"[0x", "  [0x", 0},
		{"10:00:05]", "10:00:65]", 0},
		{"10:00:05]", "10:00:05 UTC]", 0},
		{"  [pool www] pid 4242\n", "  [pool www] pid 4242\n\n", 2},
	} {
		text := strings.ReplaceAll(slowSample, c.old, c.changed)
		if again := checkSlowEntries(t, []byte(strings.Repeat(text, 3))); again != c.again {
			t.Errorf("%q for %q: %d entries were known again, want %d", c.changed, c.old, again, c.again)
		}
	}
}

// Entries that differ in more than time, process and addresses are not taken for one another.
func TestStackID(t *testing.T) {
	met := map[StackID]string{}
	for _, c := range [][2]string{
		{"", ""},
		{"pool www", "pool w"},
		{"/srv/index.php\n", "/srv/index2.php\n"},
		{":17", ":18"},
		{"mysqli_query", "mysqli_quern"},
		{"class-wpdb", "class-wpdc"},
		{"[0x00007f1c2a013a00] [INCLUDE_OR_EVAL]() /srv/index.php:17\n", ""},
		{"script_filename = /srv/index.php\n", ""},
	} {
		text := strings.TrimSpace(strings.ReplaceAll(slowSample, c[0], c[1]))
		for i, same := range []string{text, strings.ReplaceAll(text, "00007f1c2a0", "00007f1c2a1"), strings.ReplaceAll(text, "10:00:05]  [", "11:00:05]  ["), strings.ReplaceAll(text, "4242", "1")} {
			var r Record
			if err := phpSlow.Parse(testDecoder(), []byte(same), &r); err != nil {
				t.Fatal(err)
			}
			if before, known := met[r.Stack]; known != (i > 0) || known && before != text {
				t.Errorf("%q: known %v, from %q", same, known, before)
			}
			met[r.Stack] = text
		}
	}
}

func TestSlowEntriesAllocs(t *testing.T) {
	d := testDecoder()
	known := 0
	d.KnowStacks(func(*Record) bool { known++; return true })
	s := NewStream("test", phpSlow, d, func(*Record, error) bool { return true })
	b := Block{}
	text := []byte(slowSample)
	put := func() {
		b.Text = text
		s.PutBlock(&b)
	}
	put()
	if n := testing.AllocsPerRun(100, put); n != 0 || known < 100 {
		t.Errorf("%v allocations, %d known", n, known)
	}
}

func FuzzSlowEntries(f *testing.F) {
	text := append(bytes.Join(fixtureLines(f, "php-slow"), []byte("\n")), '\n')
	f.Add(bytes.Repeat(text, 2))
	f.Add([]byte("[0x() 0\n[01-Nov-0000 00:00:00][pool ] pid \n[0x0\n\n0"))                                // an entry before is parsed meanwhile
	f.Add([]byte(strings.Repeat("0", 53) + "\n[0x-000-0000 00:00:00][pool ] pid 0000000000000000000\n\n")) // a head that looks like a frame
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		var all []byte
		for i := range 4 {
			own := fmt.Appendf(nil, "%s", strings.Replace(slowSample, "4242", fmt.Sprint(i), 1))
			if at := rnd.IntN(len(own)); rnd.IntN(2) == 0 {
				own[at] = "\n\r \x00]0["[rnd.IntN(7)]
			}
			all = append(all, own...)
		}
		f.Add(all)
	}
	f.Fuzz(func(t *testing.T, text []byte) { checkSlowEntries(t, text) })
}
