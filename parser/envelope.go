package parser

import (
	"bytes"
	"time"
)

// envelope is what a logger writes around the line of a program: syslog, the journal, container engines.
type envelope struct {
	time   time.Time
	fold   bool
	stated bool // time is certain: the envelope states its offset
	level  Level
	ident  []byte // the program, "kernel" for the kernel
	pid    int
	unit   []byte // systemd's, where the envelope names it
	key    []byte // who writes: lines of different writers do not continue each other
	text   []byte // what the program wrote; may be several lines

	partial bool // the line goes on in the next envelope of the same writer
	encoded bool // text is no part of the entry as read: it was escaped
	quiet   bool // nothing in it
}

// maxEnvelopes bounds how many envelopes are taken off one line: a syslog line that a container prints, and a prefix of
// docker compose before its stamp.
const maxEnvelopes = 3

// unwrap takes all envelopes off entry. What an outer one says stands where an inner one is silent.
func (d *Decoder) unwrap(f *Format, entry []byte, e *envelope) bool {
	*e = envelope{}
	// The text must outlive the parsing of entries that it completes, which unescape too: it has a scratch of its own.
	d.out, d.text = d.text[:0], d.out
	defer func() { d.out, d.text = d.text, d.out }()
	if !f.unwrap(d, entry, e) {
		return false
	}
	for range maxEnvelopes - 1 {
		f = wrappedIn(firstLine(e.text))
		if f == nil {
			break
		}
		inner := &d.envs[1]
		*inner = envelope{}
		if !f.unwrap(d, e.text, inner) || inner.partial {
			break
		}
		e.within(inner)
	}
	return true
}

// wrappedIn names the envelope around line.
func wrappedIn(line []byte) *Format {
	for _, f := range envelopes {
		if f.Sniff(line) >= 90 {
			return f
		}
	}
	return nil
}

// within puts inner, which was found in the text of e, in the place of e.
func (e *envelope) within(inner *envelope) {
	if inner.time.IsZero() {
		inner.time, inner.fold, inner.stated = e.time, e.fold, e.stated
	}
	if inner.level == LevelNone {
		inner.level = e.level
	}
	if inner.pid == 0 {
		inner.pid = e.pid
	}
	if inner.ident == nil {
		inner.ident = e.ident
	}
	if inner.unit == nil {
		inner.unit = e.unit
	}
	if inner.key == nil {
		inner.key = e.key
	}
	inner.partial, inner.encoded = e.partial, e.encoded || inner.encoded
	*e = *inner
}

// parseEnvelope is the Parse of a format that holds others.
func parseEnvelope(name string, bad error) func(*Decoder, []byte, *Record) error {
	return func(d *Decoder, entry []byte, r *Record) error {
		b := bytes.TrimRight(entry, " \t\r\n")
		if len(b) == 0 {
			return errSkip
		}
		e := &d.envs[0]
		if !d.unwrap(Lookup(name), b, e) {
			return bad
		}
		if e.quiet {
			return errSkip
		}
		if e.encoded {
			r.Raw = e.text
		}
		return d.enveloped(e, d.inside(e), r)
	}
}

// inside names the format of the text in an envelope, if a format is sure enough of it, or if the program that wrote it
// is known and its format does not object; nil if it is plain text.
func (d *Decoder) inside(e *envelope) *Format {
	line := firstLine(e.text)
	for _, own := range d.Own {
		if own.Sniff(line) > 0 {
			return own
		}
	}
	f, sure := bestFormat(line)
	if own := Lookup(formatOf(e.ident)); own != nil && own != f {
		// "[NOTICE] ready to handle connections" could be Apache's, too
		if s := own.Sniff(line); s > 0 && (sure < 90 || s >= sure) {
			f = own
		}
	}
	if f == nil && len(d.Access) > 0 {
		f = nginxAccess // it knows the formats of this host's configuration
	}
	if f != nil && (f.unwrap != nil || f.Name == kernelName) {
		return nil // a line passed on twice, or somebody quotes the kernel
	}
	return f
}

// enveloped reads the text of an envelope by the format it is in; nil is plain text.
func (d *Decoder) enveloped(e *envelope, f *Format, r *Record) error {
	r.Time, r.Fold, r.Level, r.PID = e.time, e.fold, e.level, e.pid
	switch {
	case len(e.text) == 0:
		return errSkip
	case string(e.ident) == kernelName:
		r.kernelText(e.text)
		return nil
	case string(e.ident) == systemdName:
		r.Format = systemdName
		r.Add("ident", e.ident)
		r.systemdText(e.text)
		if e.unit != nil && r.Field("unit") == nil {
			r.Add("unit", e.unit)
		}
		return nil
	case f != nil && d.inner(e, f, r):
		return nil
	}
	r.Format = syslogName
	r.Message = e.text
	if e.ident != nil {
		r.Add("ident", e.ident)
	}
	r.syslogText(e.ident, e.text)
	return nil
}

// inner reads the text of an envelope as f. The inner time goes before the envelope's.
func (d *Decoder) inner(e *envelope, f *Format, r *Record) bool {
	outer, unzoned := *r, d.Unzoned
	d.Unzoned = false
	r.Format, r.Time, r.Fold, r.Level, r.PID = f.Name, time.Time{}, false, LevelNone, 0
	d.turnClocks()
	err := f.Parse(d, e.text, r)
	d.turnClocks()
	if err != nil {
		*r, d.Unzoned = outer, unzoned
		return false
	}
	switch {
	case r.Time.IsZero():
		r.Time, r.Fold = outer.Time, outer.Fold
	case e.stated && d.Unzoned:
		if t, ok := inZoneOf(r.Time, e.time); ok {
			r.Time, r.Fold, d.Unzoned = t, false, false
		}
	}
	d.Unzoned = d.Unzoned || unzoned
	if r.Level == LevelNone {
		r.Level = outer.Level
	}
	if r.PID == 0 {
		r.PID = outer.PID
	}
	if e.ident != nil {
		r.Add("ident", e.ident)
	}
	return true
}

// innerClock is what the stamps inside of envelopes have shown.
type innerClock struct {
	wall  wallClock
	cache stampCache
}

// turnClocks puts the clock of the stamps inside of envelopes in the place of the outer one, or back: the next envelope
// may have shown the end of summer time before an entry is complete.
func (d *Decoder) turnClocks() {
	d.wall, d.within.wall = d.within.wall, d.wall
	d.cache, d.within.cache = d.within.cache, d.cache
}

// inZoneOf moves t, which was read in a zone that is only assumed, by the quarters of an hour that part it from the
// moment at which the logger got the line: containers keep another zone than their host.
func inZoneOf(t, logged time.Time) (time.Time, bool) {
	const (
		quarter  = 15 * time.Minute
		furthest = 26 * time.Hour
		late     = 2 * time.Minute
	)
	away := logged.Sub(t)
	if away.Abs() > furthest {
		return t, false
	}
	zone := away.Round(quarter)
	if (away - zone).Abs() > late {
		return t, false
	}
	return t.Add(zone), true
}

// firstLine is b up to its first line end.
func firstLine(b []byte) []byte {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[:i]
	}
	return b
}

// formatOf names the format in which the program behind a syslog tag or a systemd unit writes.
func formatOf(ident []byte) string {
	ident = bytes.TrimSuffix(ident, []byte(".service"))
	switch {
	case string(ident) == "nginx":
		return "nginx-error"
	case string(ident) == "httpd", string(ident) == "apache2", string(ident) == "apachectl", string(ident) == "apache2ctl",
		string(ident) == "restartsrv_httpd":
		return "apache-error"
	case bytes.HasPrefix(ident, []byte("php-fpm")), bytes.HasPrefix(ident, []byte("ea-php")),
		bytes.HasPrefix(ident, []byte("php")) && bytes.HasSuffix(ident, []byte("-fpm")):
		return "php-fpm"
	case string(ident) == "php":
		return "php-error"
	case string(ident) == "mysqld", string(ident) == "mysql", string(ident) == "mariadbd", string(ident) == "mariadb":
		return "mysql-error"
	case string(ident) == "haproxy":
		return "haproxy"
	case string(ident) == "varnishd":
		return "varnish"
	case string(ident) == "gunicorn":
		return "gunicorn"
	case string(ident) == "uwsgi":
		return "uwsgi"
	case string(ident) == "supervisord":
		return "supervisor"
	}
	return ""
}
