package parser

import (
	"bytes"
	"errors"
)

// criLog is what containerd, CRI-O and Podman keep of a container. P marks a line that goes on in the next:
//
//	2026-11-22T10:00:00.123456789Z stderr F 2026/11/22 10:00:00 [error] 29#29: *1 connect() failed …
var criLog = &Format{
	Name:  "cri",
	Doc:   "container logs as containerd, CRI-O and Podman keep them; what is inside is read as its own format",
	Paths: []string{"/var/log/pods/*/*/*.log", "/var/log/containers/*.log"},
	Sniff: func(line []byte) int {
		if _, _, _, ok := cutCRI(line); ok {
			return 95
		}
		return 0
	},
	Parse: parseEnvelope("cri", errNotContainer),

	unwrap: unwrapCRI,
}

// dockerStamped is what docker logs -t and kubectl logs --timestamps print:
//
//	2026-11-22T10:00:00.123456789Z 2026/11/22 10:00:00 [error] 29#29: *1 connect() failed …
var dockerStamped = &Format{
	Name: "docker-logs",
	Doc:  "what docker logs -t and kubectl logs --timestamps print; what is inside is read as its own format",
	Sniff: func(line []byte) int {
		n := containerStamp(line)
		if n == 0 {
			return 0
		}
		if _, _, _, ok := cutCRI(line); ok {
			return 0
		}
		return 92
	},
	Parse: parseEnvelope("docker-logs", errNotContainer),

	unwrap: unwrapStamped,
}

var errNotContainer = errors.New("no stamp of a container engine at its beginning")

// containerStamp measures RFC 3339 with nanoseconds at the start of b, 0 if there is none. Container engines alone log
// more than microseconds; some drop the zeros at the end.
func containerStamp(b []byte) int {
	const shortest = len("2026-11-22T10:00:00.1234567Z")
	if len(b) < shortest || b[10] != 'T' || b[19] != '.' {
		return 0
	}
	if _, width := number(b[20:]); width < 7 || width > 9 {
		return 0
	}
	s, n := iso8601(b)
	if !s.zoned || n < len(b) && b[n] != ' ' {
		return 0
	}
	return n
}

// cutCRI cuts behind the stamp: the stream, and whether the line is whole.
func cutCRI(b []byte) (stream []byte, partial bool, text []byte, ok bool) {
	if len(b) < 30 || b[4] != '-' || b[10] != 'T' {
		return nil, false, nil, false
	}
	s, n := iso8601(b)
	if n == 0 || !s.zoned {
		return nil, false, nil, false
	}
	rest := b[n:]
	if !bytes.HasPrefix(rest, []byte(" stdout ")) && !bytes.HasPrefix(rest, []byte(" stderr ")) {
		return nil, false, nil, false
	}
	stream, rest = rest[1:7], rest[8:]
	tags, text, _ := bytes.Cut(rest, []byte(" ")) // "F", "P", and in time more behind a colon
	switch first, _, _ := bytes.Cut(tags, []byte(":")); string(first) {
	case "F":
		return stream, false, text, true
	case "P":
		return stream, true, text, true
	}
	return nil, false, nil, false
}

func unwrapCRI(d *Decoder, entry []byte, e *envelope) bool {
	stream, partial, text, ok := cutCRI(entry)
	if !ok {
		return false
	}
	e.time, e.fold, _ = d.iso(entry)
	e.stated, e.key, e.partial, e.text = true, stream, partial, text
	e.quiet = len(text) == 0 && !partial
	return true
}

func unwrapStamped(d *Decoder, entry []byte, e *envelope) bool {
	n := containerStamp(entry)
	if n == 0 {
		return false
	}
	e.time, e.fold, _ = d.iso(entry)
	e.stated = true
	e.text = bytes.TrimPrefix(entry[n:], []byte(" "))
	e.quiet = len(e.text) == 0
	return true
}

// composeLog is what docker compose logs prints, in colour where it was copied from a terminal, and docker service logs. What starts
// several programs in a container does the same:
//
//	web_nginx.1.i4lo6342kqgk@node1    | nginx.1     | 2026/11/22 10:00:00 [error] …
//	php-1    | [22-Nov-2026 10:00:00] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it
var composeLog = &Format{
	Name:  composeName,
	Doc:   "what docker compose logs prints; what is inside is read as its own format",
	Sniff: sniffCompose,
	Parse: parseEnvelope(composeName, errNotCompose),

	unwrap: unwrapCompose,
}

const composeName = "compose"

var errNotCompose = errors.New(`no "service | " at its beginning`)

// sniffCompose is sure only where what follows is a log line: tables have bars too.
func sniffCompose(line []byte) int {
	_, text, ok := cutCompose(line)
	if !ok {
		return 0
	}
	if _, inner, ok := cutCompose(text); ok {
		text = inner
	}
	for _, f := range Formats {
		if f.Name != composeName && f.Sniff(text) >= 50 {
			return 91
		}
	}
	return 20
}

// cutCompose takes "php-1    | " off, and the colours around it.
func cutCompose(b []byte) (service, text []byte, ok bool) {
	const longest = 128
	b = cutColour(b)
	n := 0
	for n < len(b) && n < longest && (b[n] >= 'a' && b[n] <= 'z' || b[n] >= '0' && b[n] <= '9' ||
		b[n] >= 'A' && b[n] <= 'Z' || b[n] == '_' || b[n] == '-' || b[n] == '.' || b[n] == '@') {
		n++
	}
	service, b = b[:n], bytes.TrimLeft(b[n:], " ")
	if n == 0 || len(b) == 0 || b[0] != '|' {
		return nil, nil, false
	}
	if _, width := number(service); width == n {
		return nil, nil, false // the number of a line, or the rest of a time
	}
	b = cutColour(b[1:])
	return service, cutColour(bytes.TrimPrefix(b, []byte(" "))), true
}

// cutColour takes an escape sequence as "\x1b[36m" off the start of b.
func cutColour(b []byte) []byte {
	if !bytes.HasPrefix(b, []byte("\x1b[")) {
		return b
	}
	i := 2
	for i < len(b) && (b[i] == ';' || b[i] >= '0' && b[i] <= '9') {
		i++
	}
	if i < len(b) && b[i] == 'm' {
		return b[i+1:]
	}
	return b
}

func unwrapCompose(_ *Decoder, entry []byte, e *envelope) bool {
	service, text, ok := cutCompose(entry)
	if !ok {
		return false
	}
	e.key, e.text = service, text
	e.quiet = len(text) == 0
	return true
}
