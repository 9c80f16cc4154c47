package correlate

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"why502/parser"
)

// Source is what one file contributed.
type Source struct {
	Path   string
	Format string        // of most of its records, or what it was taken for
	Kinds  []FormatCount // syslog files hold several
	Vhost  string        // the site a whole file is about, read off its name
	Zone   string        // of the stamps without one of their own
	Clock  string        // stated | flag | inferred | assumed
	Error  string

	// Loc is the zone in which all its stamps were read although they state none, and which may be another: nobody named
	// one for this very file. Else nil.
	Loc   *time.Location
	Doubt bool // other sources contradict the zone assumed, and none fits surely
	Moved bool // its stamps are read in another zone than was first assumed

	Bytes, Lines, Records, Unparsed int64
	From, To                        time.Time

	// Older are the formats of its entries of before the time asked for, which do not count. A log that is written only when
	// something happens began there, and was silent since.
	Older []string

	Files  int // of a Folder: of so many files it is, whose Zone is that of all
	Failed int // of these, those that could not be read to their ends

	read clockRead
}

// FormatCount is how many records of a format a file holds.
type FormatCount struct {
	Format  string
	Records int64
}

// Source returns the entry of a file, making it if need be.
func (t *Timeline) Source(name string) *Source {
	s := t.sources[name]
	if s == nil {
		s = &Source{Path: name, Vhost: t.siteOf(name)}
		t.sources[name] = s
	}
	return s
}

// addSource counts what s holds under a name.
func (t *Timeline) addSource(name string, s *Source) {
	if have := t.sources[name]; have != nil {
		have.Add(s)
	} else {
		t.sources[name] = s
	}
}

// siteOf is the site that a whole file is about.
func (t *Timeline) siteOf(file string) string {
	return cmp.Or(t.wiring.vhostOfFile(file), vhostOfPath(file))
}

// Sources returns all of them, by path.
func (t *Timeline) Sources() []*Source {
	if o := t.ordered.sources; o != nil && len(o) == len(t.sources) {
		return o
	}
	all := make([]*Source, 0, len(t.sources))
	for _, s := range t.sources {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *Source) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// read counts a record under its source.
func (t *Timeline) read(r *parser.Record) {
	in := &t.reading
	if in.Source == nil || in.file != r.File {
		t.turnTo(r.File)
	}
	in.Records++
	if in.place >= len(in.Kinds) || in.Kinds[in.place].Format != r.Format {
		in.place = in.kindAt(r.Format)
	}
	in.Kinds[in.place].Records++
	switch {
	case r.Time == in.To, r.Time.IsZero():
	case in.From.IsZero():
		in.From, in.To = r.Time, later(in.To, r.Time)
	case r.Time.After(in.To):
		in.To = r.Time
	case r.Time.Before(in.From):
		in.From = r.Time
	}
}

// turnTo makes a file the one that is being read.
func (t *Timeline) turnTo(file string) {
	if f := &t.folding; f.source != "" && f.file == file {
		all := t.Source(f.source)
		t.reading = current{
			Source: cmp.Or(f.own, all), file: file, hash: hash([]byte(file)),
			path: t.names.idString(fixed, f.source), vhost: t.names.idString(fixed, t.siteOf(file)),
		}
		return
	}
	s := t.Source(file)
	site := t.names.idString(fixed, s.Vhost)
	t.reading = current{Source: s, file: s.Path, hash: hash([]byte(s.Path)), path: t.names.idString(fixed, s.Path), vhost: site, own: site}
}

// kindAt is the place in Kinds, which are in order, of a format. It is put there if need be.
func (s *Source) kindAt(format string) int {
	i, found := slices.BinarySearchFunc(s.Kinds, format, func(k FormatCount, format string) int { return strings.Compare(k.Format, format) })
	if !found {
		s.Kinds = slices.Insert(s.Kinds, i, FormatCount{Format: format})
	}
	return i
}

// Began notes an entry of a format of before the time asked for.
func (s *Source) Began(format string) {
	if !slices.Contains(s.Older, format) {
		s.Older = append(s.Older, format)
	}
}

// Add adds what else a file contributed.
func (s *Source) Add(o *Source) {
	s.Bytes += o.Bytes
	s.Lines += o.Lines
	s.Records += o.Records
	s.Unparsed += o.Unparsed
	s.Files += o.Files
	s.Failed += o.Failed
	s.From, s.To = earlier(s.From, o.From), later(s.To, o.To)
	if s.Format == "" {
		s.Format = o.Format
	}
	for _, k := range o.Kinds {
		s.Kinds[s.kindAt(k.Format)].Records += k.Records
	}
	for _, format := range o.Older {
		s.Began(format)
	}
	if s.Error == "" {
		s.Error = o.Error
	}
	if s.Zone == "" {
		s.Zone, s.Clock, s.Loc = o.Zone, o.Clock, o.Loc
	}
	if !s.read.known {
		s.read = o.read
	}
}

// Kind is the format of most of its records; a tie goes to the first by name.
func (s *Source) Kind() string {
	best := FormatCount{Format: s.Format}
	for _, k := range s.Kinds {
		if k.Format == s.Format {
			best = k
		}
	}
	for _, k := range s.Kinds {
		if k.Records > best.Records || k.Records == best.Records && k.Format < best.Format {
			best = k
		}
	}
	return best.Format
}

// vhostOfPath reads the site off the name of a log that holds one site only, as panels lay them out:
//
//	domlogs/shop.example              logs/shop.example-ssl_log         nginx/domains/shop.example
//	vhosts/system/shop.example/logs/access_ssl_log                      shop.example.access.log.2.gz
//	logs/shop.example-Nov-2026.gz
func vhostOfPath(p string) string {
	base := strings.ToLower(path.Base(p))
	for _, suffix := range []string{".gz", ".xz", ".zst", ".bz2"} {
		base = strings.TrimSuffix(base, suffix)
	}
	if n := len(base) - len("-nov-2026"); n > 0 && base[n] == '-' { // cPanel's months
		if _, err := time.Parse("-Jan-2006", base[n:]); err == nil {
			base = base[:n]
		}
	}
	base = strings.TrimRight(base, "0123456789.-")
	if i := strings.LastIndex(base, "-ssl_log"); i > 0 {
		base = base[:i]
	}
	for again := true; again; {
		again = false
		for _, s := range []string{".log", ".access", ".error", "-access", "-error", "_access", "_error", ".ssl", "-ssl", "_log", "-bytes_log"} {
			if rest, ok := strings.CutSuffix(base, s); ok {
				base, again = rest, true
			}
		}
	}
	for _, s := range []string{"access.", "access-", "access_", "error.", "error-", "ssl."} {
		base = strings.TrimPrefix(base, s)
	}
	if site(base) {
		return base
	}
	if _, rest, ok := strings.Cut(p, "/vhosts/system/"); ok {
		if dir, _, ok := strings.Cut(rest, "/"); ok && site(dir) {
			return dir
		}
	}
	return ""
}

// site says whether a name looks like a domain: labels joined by dots, the last one letters only and no file ending.
func site(name string) bool {
	i := strings.LastIndexByte(name, '.')
	if i <= 0 || hostname([]byte(name)) == nil || strings.Contains(name, "..") {
		return false
	}
	switch top := name[i+1:]; top {
	case "log", "err", "txt", "json", "out", "php", "old", "conf", "cnf", "stderr", "stdout", "service":
		return false
	default:
		for _, c := range top {
			if c < 'a' || c > 'z' {
				return false
			}
		}
		return len(top) >= 2 && !strings.HasPrefix(name, "php")
	}
}
