package history

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"time"
)

// Version is that of the format.
const Version = 1

// Bounds of what is read.
const (
	maxLine = 4 << 20
	maxFile = 256 << 20
)

// VersionError says that facts are of a version that this program does not know: of a newer one.
type VersionError struct{ Version int }

func (e *VersionError) Error() string {
	return fmt.Sprintf("it has version %d, this program reads up to %d: use the why502 that wrote it, or a newer one", e.Version, Version)
}

// DamagedError says that facts were cut off or changed.
type DamagedError struct {
	Line int
	Err  error
}

func (e *DamagedError) Error() string { return fmt.Sprintf("damaged at line %d: %v", e.Line, e.Err) }
func (e *DamagedError) Unwrap() error { return e.Err }

// ZoneError says that facts are of days in another zone.
type ZoneError struct{ Have, Want string }

func (e *ZoneError) Error() string {
	return fmt.Sprintf("its days are those of %s, not of %s", e.Have, e.Want)
}

type (
	head struct {
		Why502   string `json:"why502"`
		Version  int    `json:"version"`
		Timezone string `json:"timezone"`
	}
	dayLine struct {
		Day  string `json:"day"`
		Host string `json:"host"`
		*hostDay
	}
	incidentLine struct {
		Host     string `json:"host"`
		Incident *stub  `json:"incident"`
	}
	tail struct {
		Lines int    `json:"lines"`
		CRC32 string `json:"crc32"`
	}
)

// kind is what the first line calls the file.
const kind = "days"

// Encode writes the facts.
func (f *Facts) Encode(w io.Writer) error {
	out := bufio.NewWriter(w)
	sum := crc32.NewIEEE()
	enc := json.NewEncoder(io.MultiWriter(out, sum))
	enc.SetEscapeHTML(false)
	lines := 1
	err := enc.Encode(head{kind, Version, f.zone.String()})
	write := func(v any) {
		lines++
		err = cmp.Or(err, enc.Encode(v))
	}
	for _, k := range sortedKeys(f.days, func(a, b dayKey) int {
		return cmp.Or(cmp.Compare(a.date, b.date), cmp.Compare(a.host, b.host))
	}) {
		write(dayLine{k.date, k.host, f.days[k]})
	}
	for _, k := range sortedKeys(f.incidents, func(a, b incidentKey) int {
		return cmp.Or(cmp.Compare(f.incidents[a].Start, f.incidents[b].Start), cmp.Compare(a.host, b.host), cmp.Compare(a.id, b.id))
	}) {
		write(incidentLine{k.host, f.incidents[k]})
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "{\"lines\":%d,\"crc32\":\"%08x\"}\n", lines, sum.Sum32())
	return out.Flush()
}

func sortedKeys[K comparable, V any](m map[K]V, less func(a, b K) int) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, less)
	return keys
}

// Decode reads facts of days in a zone. Its error is a *VersionError, *ZoneError or *DamagedError, or that of reading.
func Decode(r io.Reader, zone *time.Location) (*Facts, error) {
	d := decoder{f: New(zone)}
	in := bufio.NewScanner(io.LimitReader(r, maxFile))
	in.Buffer(make([]byte, 0, 64<<10), maxLine)
	for in.Scan() {
		d.lines++
		if err := d.line(in.Bytes()); err != nil {
			return nil, err
		}
		d.sum = crc32.Update(crc32.Update(d.sum, crc32.IEEETable, in.Bytes()), crc32.IEEETable, []byte{'\n'})
	}
	switch err := in.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, &DamagedError{d.lines + 1, err}
	case err != nil:
		return nil, err
	case !d.ended:
		return nil, &DamagedError{d.lines, io.ErrUnexpectedEOF}
	}
	d.f.dropFolded()
	return d.f, nil
}

type decoder struct {
	f     *Facts
	lines int
	sum   uint32
	ended bool
}

func (d *decoder) line(b []byte) error {
	var err error
	switch {
	case d.ended:
		err = errors.New("more follows after the end")
	case d.lines == 1:
		return d.head(b)
	case bytes.HasPrefix(b, []byte(`{"day":`)):
		l := dayLine{hostDay: &hostDay{}}
		if err = strictly(b, &l); err == nil {
			err = d.day(l)
		}
	case bytes.HasPrefix(b, []byte(`{"host":`)):
		var l incidentLine
		if err = strictly(b, &l); err == nil {
			err = d.incident(l)
		}
	default:
		var l tail
		switch err = strictly(b, &l); {
		case err != nil:
		case l.Lines != d.lines-1:
			err = fmt.Errorf("%d lines where there were %d", d.lines-1, l.Lines)
		case l.CRC32 != fmt.Sprintf("%08x", d.sum):
			err = errors.New("the sum over its bytes is another")
		}
		d.ended = true
	}
	if err != nil {
		return &DamagedError{d.lines, err}
	}
	return nil
}

func (d *decoder) head(b []byte) error {
	var h head
	switch err := json.Unmarshal(b, &h); { // of a newer version it may hold more
	case err != nil:
		return &DamagedError{1, err}
	case h.Why502 != kind || h.Version < 1:
		return &DamagedError{1, errors.New("not a file of days")}
	case h.Version > Version:
		return &VersionError{h.Version}
	case h.Timezone != d.f.zone.String():
		return &ZoneError{h.Timezone, d.f.zone.String()}
	}
	return nil
}

// strictly decodes one line. A field that is not known is not passed over: it would be gone when the facts are written again.
func strictly(b []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if dec.More() {
		return errors.New("more than one value")
	}
	return nil
}

func (d *decoder) day(l dayLine) error {
	k := dayKey{l.Day, l.Host}
	if !isDate(l.Day) || d.f.days[k] != nil {
		return fmt.Errorf("%q is no day, or there twice", l.Day)
	}
	if l.Through < 0 || (l.Base != nil) != (l.Through > 0) {
		return errors.New("a base without its last run, or the reverse")
	}
	for n, s := range l.Runs {
		if n <= l.Through || s == nil {
			return fmt.Errorf("run %d cannot be", n)
		}
	}
	var err error
	l.parts(func(s *sums) { err = cmp.Or(err, s.check()) })
	d.f.days[k] = l.hostDay
	return err
}

func (d *decoder) incident(l incidentLine) error {
	s := l.Incident
	if s == nil || s.ID == "" || s.Start < 0 || s.End < s.Start || s.End > endOfTime || s.Run < 0 || !s.Gone && len(s.Days) == 0 {
		return errors.New("an incident without what it needs")
	}
	k := incidentKey{l.Host, s.ID}
	if d.f.incidents[k] != nil {
		return fmt.Errorf("incident %q is there twice", s.ID)
	}
	bad := odd(s.Vhosts, s.URIs, s.Pools) || s.Clients < 0
	for date, p := range s.Days {
		bad = bad || !isDate(date) || p.Seconds < 0 || odd(p.Failures)
	}
	if bad {
		return fmt.Errorf("incident %q counts what cannot be", s.ID)
	}
	d.f.incidents[k] = s
	return nil
}

func (s *sums) check() error {
	bad := s.Read < 0 || s.Lines < 0 || s.Records < 0 || s.Unparsed < 0 || s.Slow < 0 || odd(s.Requests, s.Tags, s.Culprits)
	for i, x := range s.Covered {
		bad = bad || x[1] < x[0] || i > 0 && x[0] <= s.Covered[i-1][1]
	}
	if f := s.Folded; f != nil {
		bad = bad || f.Incidents < 0 || f.Isolated < 0 || f.Seconds < 0 || f.Clients < 0 || odd(f.Failures) || !slices.IsSorted(f.IDs)
		for _, c := range f.Causes {
			bad = bad || c.Incidents < 0 || c.Failures < 0 || c.Seconds < 0
		}
		for _, m := range f.Names {
			bad = bad || odd(m)
		}
	}
	if bad {
		return errors.New("it counts what cannot be")
	}
	return nil
}

// endOfTime is the last second whose year has four digits.
const endOfTime = 253402300799

// maxCount is more than can be counted on a day.
const maxCount = 1 << 40

func odd(counts ...map[string]int) bool {
	for _, m := range counts {
		for _, n := range m {
			if n < 0 || n > maxCount {
				return true
			}
		}
	}
	return false
}

func isDate(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Format(time.DateOnly) == s
}
