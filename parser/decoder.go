package parser

import "time"

// Decoder holds what reading one file needs to know and to remember: the zone of stamps that do not
// state one, the year of stamps that lack it, and caches. One Decoder serves one file.
type Decoder struct {
	Zone *time.Location // of stamps without an offset; nil is UTC
	Ref  time.Time      // a moment not long after the last line (file time, now): gives stamps without a year theirs
	Path string         // the file's name, a hint where content leaves two readings (Apache or nginx access log)

	// Anchors are moments that other logs of the host state with their offset. They decide between the two passes of the
	// hour that is repeated when summer time ends, where a file's own order does not, and give stamps without a year
	// theirs.
	Anchors []time.Time

	// Dated are moments that logs of the host state with their year, in whatever zone. They give stamps without a year
	// theirs where there are no Anchors.
	Dated []time.Time

	Access []*AccessFormat // log_format / LogFormat definitions known for this host, tried before the built-in ones

	Own []*Format // further formats, as CompileLine makes them; they come before the built-in ones that know a line no better

	Zoned   bool   // some stamp stated its own offset
	Unzoned bool   // some stamp was read in Zone
	Guessed [2]int // the last year that stamps without one got, and the one before that

	wall      wallClock
	calendar  calendar
	cache     stampCache
	within    innerClock
	zones     map[string]*time.Location // named in stamps; nil for a name that is no zone
	mysqlLast time.Time                 // of the entry before: crashes state a time of day only
	phase     []byte                    // " while connecting to upstream" of nginx's line before
	key       []byte                    // scratch of what tells stacks apart
	out       []byte                    // scratch of parsers that must unescape
	text      []byte                    // scratch of what stands in envelopes
	envs      [2]envelope               // scratch

	echo  func(*sketch) bool // knows lines again, nil if nobody asks for it
	known func(*Record) bool // knows stacks again, nil if nobody asks for it

	hint, hintOf string // what pathHint found for this path

	uwsgiLast time.Time // of the entry before: most of uWSGI's state none
}

// afresh forgets what the order of entries has told.
func (d *Decoder) afresh() {
	d.wall, d.within, d.calendar = wallClock{}, innerClock{}, calendar{}
	d.cache.n = 0
	d.mysqlLast, d.uwsgiLast = time.Time{}, time.Time{}
}
