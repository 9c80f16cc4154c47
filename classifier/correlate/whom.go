package correlate

import (
	"bytes"
	"encoding/binary"

	"why502/parser"
)

// subject is whom a record speaks about, as IDs.
type subject struct {
	key
	client uint64 // hash; 0 unknown
	asked  uint64 // hash of the request; 0: not made yet
}

// current is the source that is being read.
type current struct {
	*Source            // what it contributes
	file        string // its path
	path, vhost ID     // of the Source that it is counted under, and the site that it is about
	own         ID     // that site, if it is told whatever the grain
	hash        uint64 // of its path
	place       int    // in Kinds, of the last record's format
}

// upstream is what a backend, as a line spells it, means.
type upstream struct {
	backend, scheme ID
	vhost           ID // the site behind it, if it serves no other
}

// subject says whom a record speaks about. The class is that of the marks it makes.
func (t *Timeline) subject(s *subject, r *parser.Record, class uint8) {
	*s = subject{key: key{src: t.reading.path, class: class}}
	if r.Pool != nil {
		s.pool = t.names.id(ofPool, r.Pool)
	}
	if s.vhost = t.vhost(r, class); s.vhost == 0 {
		if s.vhost = t.reading.vhost; s.vhost == 0 && r.Script != nil {
			s.vhost = t.file(r.Script).vhost
		}
	}
	if name := peer(r); name != nil {
		u := t.upstream(name)
		s.backend, s.scheme = u.backend, u.scheme
		if s.vhost == 0 {
			s.vhost = u.vhost
		}
	}
	if r.Client != nil {
		s.client = hash(r.Client)
	}
}

// siteKinds are the kinds of names of sites, by the class of the marks.
var siteKinds = [classes]kind{failing: ofFailing, rest: ofSite}

// vhost is the site a record names, as Vhost finds it.
func (t *Timeline) vhost(r *parser.Record, class uint8) ID {
	for _, b := range [...][]byte{r.Vhost, r.Host, r.Server} {
		if len(b) == 0 {
			continue
		}
		id, known := t.vhosts[class].at(b)
		if !known {
			*id = t.names.id(siteKinds[class], hostname(b))
		}
		if *id != 0 {
			return *id
		}
	}
	return 0
}

func (t *Timeline) upstream(name []byte) *upstream {
	u, known := t.upstreams.at(name)
	if known {
		return u
	}
	scheme, addr := parser.Backend(name)
	if scheme == nil && bytes.HasPrefix(addr, []byte("unix:")) {
		scheme = socketScheme(addr)
	}
	*u = upstream{t.names.id(ofUpstream, addr), t.names.id(ofUpstream, scheme), t.names.idString(fixed, t.wiring.vhostOfBackend(addr))}
	return u
}

// socketScheme guesses from the name of a unix socket what is spoken there, where a line was cut off before it says so; nil if the
// name does not tell. What serves Ruby and Python is a server of its own, as behind proxy_pass.
func socketScheme(path []byte) []byte {
	for _, s := range [...]struct{ word, scheme string }{
		{"fpm", "fastcgi"},
		{"php", "fastcgi"},
		{"puma", "http"},
		{"unicorn", "http"},
		{"gunicorn", "http"},
		{"uvicorn", "http"},
		{"uwsgi", "http"},
		{"daphne", "http"},
		{"gitlab", "http"},
	} {
		if bytes.Contains(path, []byte(s.word)) {
			return []byte(s.scheme)
		}
	}
	return nil
}

// request tells requests apart: tries of one stand on one connection, by nginx's serial or Apache's port of the client. Where no
// client is named each entry stands for one.
func (t *Timeline) request(s *subject, r *parser.Record) uint64 {
	if s.asked != 0 {
		return s.asked
	}
	var number [8]byte
	if r.Client != nil {
		binary.LittleEndian.PutUint64(number[:], uint64(r.Conn))
		s.asked = hash(r.Client, r.Request, r.Host, number[:], r.Field("port"))
		return s.asked
	}
	at := uint64(r.Offset)
	if at == 0 { // an input without offsets, or its first line
		at = uint64(r.Line)
	}
	binary.LittleEndian.PutUint64(number[:], at)
	s.asked = hash(number[:]) ^ t.reading.hash
	return s.asked
}
