package parser

import (
	"bytes"
	"errors"
	"slices"
)

// dockerLog is what the json-file driver of Docker keeps of a container, also under Kubernetes:
//
//	{"log":"2026/11/22 10:00:00 [error] 29#29: *1 connect() failed …\n","stream":"stderr","time":"2026-11-22T10:00:00.123456789Z"}
var dockerLog = &Format{
	Name:  "docker",
	Doc:   "container logs as Docker's json-file driver keeps them; what is inside is read as its own format",
	Paths: []string{"/var/lib/docker/containers/*/*-json.log", "/var/log/containers/*.log", "/var/log/pods/*/*/*.log"},
	Sniff: sniffDocker,
	Parse: parseEnvelope("docker", errNotDocker),

	unwrap: unwrapDocker,
}

var errNotDocker = errors.New("no object with log and time")

func sniffDocker(line []byte) int {
	if len(line) < 16 || line[0] != '{' {
		return 0
	}
	switch stamped := bytes.Contains(line, []byte(`"time":"2`)); {
	case stamped && bytes.HasPrefix(line, []byte(`{"log":"`)):
		return 95
	case stamped && bytes.Contains(line, []byte(`"log":"`)) && bytes.Contains(line, []byte(`"stream":"std`)):
		return 92 // other writers order the keys otherwise
	}
	return 0
}

// unwrapDocker reads the object. A line longer than 16 KiB is kept in pieces, of which the last alone ends in a line end.
func unwrapDocker(d *Decoder, entry []byte, e *envelope) bool {
	d.out = slices.Grow(d.out, len(entry))
	var log, stream, stamp []byte
	for b := entry; ; {
		key, rest, ok := nextKey(b)
		if !ok {
			break
		}
		want := (*[]byte)(nil)
		switch string(key) {
		case "log":
			want = &log
		case "stream":
			want = &stream
		case "time":
			want = &stamp
		}
		if want == nil || *want != nil {
			if b, ok = skipJSON(rest); !ok {
				return false
			}
			continue
		}
		if *want, b, ok = d.jsonValue(rest); !ok {
			return false
		}
	}
	s, n := iso8601(stamp)
	if log == nil || n == 0 || !s.zoned {
		return false
	}
	e.time, e.fold = d.moment(s)
	e.stated, e.encoded, e.key = true, true, stream
	e.text, e.partial = bytes.CutSuffix(log, []byte("\n"))
	e.partial = !e.partial
	e.text = bytes.TrimSuffix(e.text, []byte("\r"))
	e.quiet = len(e.text) == 0
	return true
}

// skipJSON passes over a value; an object or a list is opened.
func skipJSON(b []byte) (rest []byte, ok bool) {
	switch {
	case len(b) == 0:
		return nil, false
	case b[0] == '"':
		_, rest = cutQuoted(b[1:])
		return rest, true
	}
	return b[1:], true
}
