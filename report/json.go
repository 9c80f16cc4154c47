package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// renderJSON writes one incident, and one source, after the other: all of them at once would take several times the room of
// the report itself.
func renderJSON(w io.Writer, r *Report, _ Options) error {
	frame := *r
	frame.Coverage.Sources, frame.Incidents = nil, nil
	frame = withoutNulls(frame)
	var text jsonText
	if err := text.encode(&frame, ""); err != nil {
		return err
	}
	rest := bytes.Clone(text.Bytes())
	out := bufio.NewWriter(w)
	lists := []struct {
		name, indent string
		items        int
		item         func(i int) any
	}{
		{"sources", "    ", len(r.Coverage.Sources), func(i int) any { return &r.Coverage.Sources[i] }},
		{"incidents", "  ", len(r.Incidents), func(i int) any {
			in := r.Incidents[i]
			in.withoutNulls()
			return &in
		}},
	}
	for _, l := range lists {
		if l.items == 0 {
			continue
		}
		// No string holds a line break of its own, so this is the list.
		head, tail, _ := bytes.Cut(rest, []byte("\n"+l.indent+`"`+l.name+`": []`))
		rest = tail
		out.Write(escapeInvisible(head))
		fmt.Fprintf(out, "\n%s%q: [", l.indent, l.name)
		for i := range l.items {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString("\n" + l.indent + "  ")
			if err := text.encode(l.item(i), l.indent+"  "); err != nil {
				return err
			}
			out.Write(escapeInvisible(bytes.TrimSuffix(text.Bytes(), []byte("\n"))))
		}
		out.WriteString("\n" + l.indent + "]")
	}
	out.Write(escapeInvisible(rest))
	return out.Flush()
}

// jsonText is room for one part of a report after the other.
type jsonText struct{ bytes.Buffer }

// encode writes v, the lines after its first behind an indent.
func (b *jsonText) encode(v any, indent string) error {
	b.Reset()
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(true)
	enc.SetIndent(indent, "  ")
	return enc.Encode(v)
}

// escapeInvisible spells out what encoding/json leaves raw and a terminal or an editor obeys: DEL, the
// C1 controls (U+009B begins a control sequence) and the marks that turn the direction of text. They can
// stand only inside strings, so the text means the same. What has none of them is returned as it is.
func escapeInvisible(b []byte) []byte {
	out := b[:0:0]
	from := 0
	for i := 0; i < len(b); {
		if b[i] < 0x7f {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if !visible(r) {
			out = append(out, b[from:i]...)
			if hi, lo := utf16.EncodeRune(r); hi != utf8.RuneError {
				out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
			} else {
				out = fmt.Appendf(out, `\u%04x`, r)
			}
			from = i + n
		}
		i += n
	}
	if from == 0 {
		return b
	}
	return append(out, b[from:]...)
}

// withoutNulls gives every list of r at least an empty one: readers in other languages stumble over null.
func withoutNulls(r Report) Report {
	notNil(&r.Coverage.Sources)
	notNil(&r.Tags)
	notNil(&r.Profile.Slow.Functions)
	notNil(&r.Profile.Slow.Plugins)
	r.History, r.Capacity = r.History.withoutNulls(), r.Capacity.withoutNulls()
	r.Incidents = slices.Clone(r.Incidents)
	notNil(&r.Incidents)
	for i := range r.Incidents {
		r.Incidents[i].withoutNulls()
	}
	return r
}

// withoutNulls changes in, but nothing that it shares with others.
func (in *Incident) withoutNulls() {
	notNilMap(&in.Failures)
	notNil(&in.Vhosts)
	notNil(&in.URIs)
	notNil(&in.Pools)
	notNil(&in.Upstreams)
	notNil(&in.Timeline)
	notNil(&in.Missing)
	in.Causes = slices.Clone(in.Causes)
	notNil(&in.Causes)
	for j := range in.Causes {
		c := &in.Causes[j]
		notNil(&c.Culprits)
		notNil(&c.Evidence)
		notNil(&c.Against)
		notNil(&c.Advice)
		notNil(&c.Verify)
	}
}

func (h *History) withoutNulls() *History {
	if h == nil {
		return nil
	}
	out := *h
	out.Days, out.Against, out.Moves = slices.Clone(h.Days), slices.Clone(h.Against), slices.Clone(h.Moves)
	notNil(&out.Days)
	notNil(&out.Against)
	notNil(&out.Moves)
	for i := range out.Days {
		notNilMap(&out.Days[i].Failures)
	}
	for i := range out.Against {
		notNilMap(&out.Against[i].Failures)
	}
	for i := range out.Moves {
		notNilMap(&out.Moves[i].Was)
	}
	return &out
}

func (c *Capacity) withoutNulls() *Capacity {
	if c == nil {
		return nil
	}
	out := *c
	out.Pools = slices.Clone(c.Pools)
	notNil(&out.Pools)
	notNil(&out.From)
	for i := range out.Pools {
		notNil(&out.Pools[i].Settings)
		notNil(&out.Pools[i].Bounds)
	}
	return &out
}

func notNilMap(m *map[string]int) {
	if *m == nil {
		*m = map[string]int{}
	}
}

func notNil[T any](s *[]T) {
	if *s == nil {
		*s = []T{}
	}
}

// Decode reads a report that was written as JSON.
func Decode(r io.Reader) (*Report, error) {
	dec := json.NewDecoder(r)
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("it is empty")
		}
		return nil, fmt.Errorf("not JSON, or not all of it: %w", err)
	}

	// The schema first: a report of another one may not fit the types at all.
	var head struct {
		Schema int `json:"schema"`
	}
	if err := json.Unmarshal(raw, &head); err != nil || head.Schema <= 0 {
		return nil, errors.New(`not a report: it states no "schema"`)
	}
	if head.Schema > Schema {
		return nil, fmt.Errorf("it has schema %d, this program reads up to %d: use the why502 that wrote it, or a newer one", head.Schema, Schema)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more follows after the report")
	}
	var rep Report
	if err := json.Unmarshal(raw, &rep); err != nil {
		var typ *json.UnmarshalTypeError
		if errors.As(err, &typ) {
			return nil, fmt.Errorf("not a report: %s is a %s", typ.Field, typ.Value)
		}
		return nil, fmt.Errorf("not a report: %w", err)
	}
	return &rep, nil
}
