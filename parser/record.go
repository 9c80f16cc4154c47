// Package parser turns the lines of a log into Records.
//
// The way of a line: a Source (package parser/input) yields physical lines, Detect names the Format,
// Records joins the physical lines of one entry and calls Format.Parse, which cuts the entry into the
// fields of a Record. Nothing here judges what a line means; that is package classifier's.
//
// # Files
//
//	record.go format.go decoder.go        what an entry is, what a format is, and what reading a file remembers
//	block.go records.go stream.go         lines to entries, of a file and of one that is still written
//	stamp.go clock.go year.go shape.go    times, in any zone, with and without a year
//	NAME.go, NAME_*.go                    a format and its parts: nginx_*.go, apache_*.go, access_*.go, php_fpm_*.go, redis.go …
//	envelope.go unwrap.go syslog*.go docker.go container.go journal*.go
//	                                      formats that carry the lines of others
//	php_message.go php_trace.go php_stderr.go modsecurity.go upstream.go go_dial.go
//	                                      texts that stand in several formats
//	outline.go sketch.go *_sketch.go echo.go
//	                                      lines that are like one before but for their numbers
//	paste*.go                             what mail, chat and web pages do to lines that people paste
//	own*.go                               formats that users describe
package parser

import (
	"bytes"
	"strconv"
	"time"
)

// Pos says where an entry was read: the file as the user named it, the number of its first physical
// line (from 1) and the byte offset of that line in the (uncompressed) file.
type Pos struct {
	File   string
	Line   int
	Offset int64
}

// String is the clickable "file:line".
func (p Pos) String() string { return p.File + ":" + strconv.Itoa(p.Line) }

// Level is the severity a line states; LevelNone where its format has none.
type Level uint8

// The levels, in rising order of severity.
const (
	LevelNone Level = iota
	LevelDebug
	LevelInfo
	LevelNotice
	LevelWarn
	LevelError
	LevelCrit
	LevelAlert
	LevelEmerg
)

var levelNames = [...]string{"", "debug", "info", "notice", "warn", "error", "crit", "alert", "emerg"}

func (l Level) String() string { return levelNames[l] }

// ParseLevel reads a level as any of the daemons writes it ("WARNING", "Note", "err"); LevelNone if it is none.
func ParseLevel(b []byte) Level {
	switch string(b) {
	case "debug", "DEBUG", "trace1", "trace2", "trace3", "trace4", "trace5", "trace6", "trace7", "trace8":
		return LevelDebug
	case "info", "INFO":
		return LevelInfo
	case "notice", "NOTICE", "Note", "System":
		return LevelNotice
	case "warn", "warning", "WARN", "WARNING", "Warning":
		return LevelWarn
	case "error", "err", "ERROR", "Error":
		return LevelError
	case "crit", "CRIT":
		return LevelCrit
	case "alert", "ALERT":
		return LevelAlert
	case "emerg", "EMERG":
		return LevelEmerg
	}
	return LevelNone
}

// Field is one more thing an entry says, beyond the named fields of Record. Keys are lower case with
// underscores and constant strings: they cost nothing.
type Field struct {
	Key   string
	Value []byte
}

// Frame is one level of a PHP stack, innermost first, as the slow log prints it.
type Frame struct {
	Func []byte // without "()"
	File []byte
	Line int
}

// Record is one parsed log entry. All byte slices point into buffers that live until the next
// iteration of Records; Clone keeps one. A nil slice or zero means: the entry does not say.
type Record struct {
	Pos
	Lines  int    // physical lines it took
	Format string // Name of the Format that parsed it, e.g. "nginx-error"

	Time  time.Time // log time; zero if the entry has none
	Fold  bool      // the stamp stood in the repeated hour of a clock change and could mean either
	Level Level
	PID   int
	Conn  int64 // nginx's connection serial, "*127"

	Message []byte // the free text: no envelope, no errno suffix, no context
	Errno   int    // the number in "(111: Connection refused)" or "(104)Connection reset"; 0 if none
	Phase   []byte // what follows " while " in nginx: "reading response header from upstream"

	Client   []byte // address without port
	Server   []byte // nginx's server_name
	Request  []byte // the request line as logged: `GET /a?b HTTP/1.1`
	Method   []byte // cut from Request
	URI      []byte // cut from Request, with its query
	Upstream []byte // as logged: "fastcgi://unix:/run/php.sock:"; access logs: $upstream_addr
	Host     []byte // Host header
	Referrer []byte
	Pool     []byte // PHP-FPM pool
	Vhost    []byte // virtual host, where the entry itself names it

	Status   int           // HTTP status the visitor got, where the entry states it
	Duration time.Duration // request time, "executing too slow (X sec)", Query_time; -1 if not stated

	Script []byte // PHP script or file the entry speaks about
	Frames []Frame
	Stack  StackID // of an entry of the slow log
	Fields []Field

	Raw []byte // the whole entry as read, line ends between its lines kept
}

// Field returns the value of key, nil if the record has no such field.
func (r *Record) Field(key string) []byte {
	for i := range r.Fields {
		if r.Fields[i].Key == key {
			return r.Fields[i].Value
		}
	}
	return nil
}

// Add appends a field.
func (r *Record) Add(key string, value []byte) {
	r.Fields = append(r.Fields, Field{key, value})
}

// SetRequest takes a request line and cuts method and URI from it. A garbled one leaves both unset.
func (r *Record) SetRequest(line []byte) {
	r.Request = line
	sp := 0
	for sp < len(line) && sp <= 16 && line[sp] >= 'A' && line[sp] <= 'Z' {
		sp++
	}
	if sp == 0 || sp > 16 || sp == len(line) || line[sp] != ' ' {
		return
	}
	uri := line[sp+1:]
	if i := versionStart(uri); i >= 0 {
		uri = uri[:i]
	}
	r.Method, r.URI = line[:sp], uri
}

// versionStart finds the last " HTTP/" in b, -1 if there is none. It mostly stands right before the end: " HTTP/1.1".
func versionStart(b []byte) int {
	const version = " HTTP/"
	if i := len(b) - len(" HTTP/1.1"); i >= 0 && string(b[i:i+len(version)]) == version {
		return i
	}
	return lastIndex(b, []byte(version))
}

// Reset empties r for the next entry, keeping the room of its slices.
func (r *Record) Reset() {
	frames, fields := r.Frames[:0], r.Fields[:0]
	*r = Record{} // by itself, because it is cleared in place then
	r.Frames, r.Fields, r.Duration = frames, fields, -1
}

// Clone copies r and everything it points to.
func (r *Record) Clone() *Record {
	c := *r
	for _, p := range []*[]byte{
		&c.Message, &c.Phase, &c.Client, &c.Server, &c.Request, &c.Method, &c.URI, &c.Upstream,
		&c.Host, &c.Referrer, &c.Pool, &c.Vhost, &c.Script, &c.Raw,
	} {
		*p = bytes.Clone(*p)
	}
	c.Frames = make([]Frame, len(r.Frames))
	for i, f := range r.Frames {
		c.Frames[i] = Frame{bytes.Clone(f.Func), bytes.Clone(f.File), f.Line}
	}
	c.Fields = make([]Field, len(r.Fields))
	for i, f := range r.Fields {
		c.Fields[i] = Field{f.Key, bytes.Clone(f.Value)}
	}
	return &c
}
