package parser

import (
	"bytes"
	"errors"
)

// phpSlow reads the slow log of a PHP-FPM pool. An entry begins after an empty line and has no end mark:
//
//	[22-Nov-2026 10:00:05]  [pool example_com] pid 4242
//	script_filename = /home/user/public_html/index.php
//	[0x00007f1c2a013f80] mysqli_query() /home/user/public_html/wp-includes/class-wpdb.php:2351
//	[0x00007f1c2a013a00] [INCLUDE_OR_EVAL]() /home/user/public_html/index.php:17
var phpSlow = &Format{
	Name:      "php-slow",
	Doc:       "PHP-FPM slow log (slowlog of a pool)",
	Paths:     []string{"/var/log/php-fpm/*-slow.log", "/opt/cpanel/ea-php*/root/usr/var/log/php-fpm/*-slow.log"},
	Sniff:     sniffPHPSlow,
	Continues: continuesPHPSlow,
	Begins:    func(line []byte) bool { return sniffPHPSlow(line) == 100 },
	Parse:     parsePHPSlow,
	entire:    entireSlow,
	light:     lightSlow,
}

var (
	slowScript = []byte("script_filename = ")
	slowFrame  = []byte("[0x")
	slowFailed = []byte("+++ dump failed")

	errNotSlow = errors.New("neither a head nor a frame")
)

func sniffPHPSlow(line []byte) int {
	_, _, ok := cutSlowHead(line)
	switch {
	case ok:
		return 100
	case bytes.HasPrefix(line, slowScript): // the file was cut, or only this much was pasted
		return 80
	case bytes.HasPrefix(line, slowFrame) && bytes.Contains(line, []byte("() ")):
		return 60
	}
	return 0
}

func continuesPHPSlow(entry, line []byte) bool {
	switch {
	case len(entry) == 0: // the empty line before an entry
		return false
	case bytes.HasPrefix(line, slowScript):
		return bytes.IndexByte(entry, '\n') < 0
	}
	return bytes.HasPrefix(line, slowFrame) || bytes.HasPrefix(line, slowFailed)
}

// cutSlowHead cuts `[22-Nov-2026 10:00:05]  [pool www] pid 4242` into the pool and the rest, "4242".
func cutSlowHead(b []byte) (pool, rest []byte, ok bool) {
	s := cutPHPStamp(b)
	if s.n == 0 || s.zone != nil {
		return nil, nil, false
	}
	b, ok = bytes.CutPrefix(bytes.TrimLeft(b[s.n:], " "), []byte("[pool "))
	if !ok {
		return nil, nil, false
	}
	return bytes.Cut(b, []byte("] pid "))
}

func parsePHPSlow(d *Decoder, entry []byte, r *Record) error {
	b := trimEnd(entry, " \r\n")
	if len(b) == 0 {
		return errSkip
	}
	r.Message = b
	head, frames, _ := bytes.Cut(b, []byte("\n"))
	if _, _, ok := cutSlowHead(head); ok {
		if !slowHead(d, head, r) {
			return errStamp
		}
		r.Message = frames
	} else if sniffPHPSlow(head) == 0 && !bytes.HasPrefix(head, slowFailed) {
		return errNotSlow
	}
	d.key = beginStack(d.key, r.Pool)
	for rest, line := r.Message, []byte(nil); len(rest) > 0; {
		line, rest = rest, nil
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line, rest = line[:i], line[i+1:]
		}
		switch {
		case bytes.HasPrefix(line, slowFrame):
			r.Frames = append(r.Frames, cutSlowFrame(line))
		case bytes.HasPrefix(line, slowScript):
			r.Script = line[len(slowScript):]
		case bytes.HasPrefix(line, slowFailed):
			r.Add("dump", line[len("+++ dump "):])
		}
		d.key = appendSlowLine(d.key, line)
	}
	r.Stack = stackOf(d.key)
	return nil
}

// slowHead reads the first line of an entry.
func slowHead(d *Decoder, line []byte, r *Record) (ok bool) {
	pool, rest, _ := cutSlowHead(line)
	pid, _ := number(rest)
	r.Pool, r.PID = pool, int(pid)
	r.Time, r.Fold, ok = cutPHPStamp(line).time(d, line)
	return ok
}

// lightSlow reads all of an entry but its frames.
func lightSlow(d *Decoder, entry []byte, r *Record) bool {
	head, rest, _ := bytes.Cut(entry, []byte{'\n'})
	if bytes.HasPrefix(rest, slowScript) {
		r.Script, _, _ = bytes.Cut(rest[len(slowScript):], []byte{'\n'})
	}
	return slowHead(d, head, r)
}

// cutSlowFrame cuts a frame; what the log's end cut off stays empty:
//
//	[0x00007f1c2a013f80] mysqli_query() /srv/class-wpdb.php:2351
//	[0x00007f1c2a013f80] {closure:App\Kernel::run():12}() /srv/my app/x.php(12) : eval()'d code:1
//	[0x00007f1c2a013f80] ??? unknown:0                                           (PHP 5.6)
func cutSlowFrame(b []byte) (f Frame) {
	i := indexRare(b, "] ")
	if i < 0 {
		return f
	}
	b = b[i+len("] "):]
	var call, place []byte
	if i = indexRare(b, "() "); i >= 0 {
		call, place = b[:i], b[i+len("() "):]
	} else {
		call, place, _ = bytes.Cut(b, []byte(" "))
		call = bytes.TrimSuffix(call, []byte("()"))
	}
	f.Func, f.File = call, place
	if i = bytes.LastIndexByte(place, ':'); i < 0 {
		return f
	}
	if n, width := number(place[i+1:]); width > 0 && i+1+width == len(place) {
		f.File, f.Line = place[:i], int(n)
	}
	return f
}
