package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// A stored report decodes to what was rendered, so that why502 render can redraw it.
func TestJSONRoundTrip(t *testing.T) {
	for name, r := range fixtureReports(t) {
		var first, second bytes.Buffer
		if err := renderJSON(&first, r, Options{}); err != nil {
			t.Fatal(err)
		}
		firstBytes := bytes.Clone(first.Bytes())
		back, err := Decode(&first)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := withoutNulls(*r)
		if err := renderJSON(&second, back, Options{}); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(withoutNulls(*back), want) {
			t.Errorf("%s: decoded is not what was encoded", name)
		}
		if !bytes.Equal(firstBytes, second.Bytes()) {
			t.Errorf("%s: the second rendering differs", name)
		}
	}
}

// Lists are never null, not even those the analysis had nothing for; the report given is left as it was.
func TestJSONHasNoNulls(t *testing.T) {
	r := &Report{
		Schema: Schema, Incidents: []Incident{{Causes: []Cause{{}}}},
		History: &History{Days: []Day{{}}, Against: []Baseline{{}}, Moves: []Move{{}}}, Capacity: &Capacity{Pools: []PoolCapacity{{}}},
	}
	var buf bytes.Buffer
	if err := renderJSON(&buf, r, Options{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(buf.String(), "null") {
		t.Errorf("null in\n%s", buf.String())
	}
	if r.Tags != nil || r.History.Days[0].Failures != nil || r.Capacity.Pools[0].Bounds != nil || r.Incidents[0].Vhosts != nil || r.Incidents[0].Causes[0].Verify != nil {
		t.Error("rendering changed the report")
	}
}

// What is written piece by piece is what encoding/json makes of the whole, whatever stands in it.
func TestJSONInPiecesIsTheWhole(t *testing.T) {
	odd := "a\n    \"sources\": []\n  \"incidents\": []\u202e\x7f<b>"
	one := Incident{ID: odd, Causes: []Cause{{ID: odd, Evidence: []Evidence{{Excerpt: odd}}}}}
	reports := fixtureReports(t)
	reports["empty"] = &Report{}
	reports["odd"] = &Report{
		Notes: []string{odd}, Tool: Tool{odd, odd}, Tags: []TagCount{{Tag: odd}}, Incidents: []Incident{one, {}, one},
		Coverage: Coverage{Sources: []Source{{Path: odd}, {Error: odd}}, Folded: []Folded{{Kind: odd}}},
	}
	reports["no sources"] = &Report{Incidents: []Incident{one}}
	for name, r := range reports {
		whole, err := json.MarshalIndent(withoutNulls(*r), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		want := string(escapeInvisible(whole)) + "\n"
		var got strings.Builder
		if err := renderJSON(&got, r, Options{}); err != nil {
			t.Fatal(err)
		}
		if got.String() != want {
			t.Errorf("%s: pieces are\n%s\nwant\n%s", name, got.String(), want)
		}
	}
}

// A report of thousands of incidents is not held a second time as text.
func TestJSONIsWrittenAsItGoes(t *testing.T) {
	r := &Report{Incidents: make([]Incident, 2000)}
	for i := range r.Incidents {
		r.Incidents[i].Headline = strings.Repeat("x", 1000)
	}
	var most largest
	if err := renderJSON(&most, r, Options{}); err != nil {
		t.Fatal(err)
	}
	if most > 16<<10 {
		t.Errorf("%d bytes are written at once", most)
	}
}

// largest is the most that was written to it at once.
type largest int

func (n *largest) Write(b []byte) (int, error) {
	*n = max(*n, largest(len(b)))
	return len(b), nil
}

func TestEscapeInvisible(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"},
		{"a\u009b31m\x7fb", `a\u009b31m\u007fb`},
		{"é 日本 \u202e", `é 日本 \u202e`},
		{"\U000e0041", `\udb40\udc41`},
	} {
		if got := string(escapeInvisible([]byte(c.in))); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.in, got, c.want)
		}
	}
}

func TestDecodeSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", "empty"},
		{"[22-Nov-2026 18:03:02] NOTICE", "not JSON"},
		{`{"schema": 1, "incidents": [`, "not all of it"},
		{"2026/11/22 18:03:04 [error]", `states no "schema"`},
		{`{"a": 1}`, `states no "schema"`},
		{`[1, 2]`, `states no "schema"`},
		{`{"schema": "one"}`, `states no "schema"`},
		{`{"schema": 2, "incidents": "other"}`, "schema 2"},
		{`{"schema": 1, "incidents": "none"}`, "incidents is a string"},
		{`{"schema": 1, "generated": "yesterday"}`, "not a report"},
		{`{"schema": 1}{"schema": 1}`, "more follows"},
	} {
		_, err := Decode(strings.NewReader(c.in))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Decode(%q): %v, want an error that says %q", c.in, err, c.want)
		}
	}
	if r, err := Decode(strings.NewReader(`{"schema": 1, "a_later_field": {}}`)); err != nil || r.Schema != 1 {
		t.Errorf("a field added later: %v", err)
	}
}
