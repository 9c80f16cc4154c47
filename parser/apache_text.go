package parser

import "bytes"

// apacheText reads what the message of an Apache error line says beyond its words.
func apacheText(d *Decoder, r *Record) {
	text := r.Message
	if ah := ahNumber(text); ah > 0 {
		colon := bytes.IndexByte(text, ':')
		r.Add("ah", text[:colon])
		apacheNumbered(d, r, ah, bytes.TrimPrefix(text[colon+1:], []byte(" ")))
		return
	}
	if len(text) == 0 {
		return
	}
	switch text[0] {
	case 'M':
		if r.modSecurity(text) {
			r.URI, r.Vhost = r.Field("uri"), r.Field("hostname")
		}
	case 'E':
		r.scriptAfter(text, "End of script output before headers: ")
	case 'S':
		r.scriptAfter(text, "Script timed out before returning headers: ")
	case 'P':
		if !r.scriptAfter(text, "Premature end of script headers: ") {
			r.phpText(d.unescapeApache(text)) // mod_php
		}
	case 'm':
		switch {
		case bytes.HasPrefix(text, []byte("mod_fcgid: ")):
			apacheFcgid(d, r, text[len("mod_fcgid: "):])
		case bytes.HasPrefix(text, []byte("mod_hostinglimits:")):
			apacheLimits(r, text)
		default:
			// malformed header from script 'a.php': Bad header: <br />
			r.Script = between(text, "malformed header from script '", "'")
		}
	case 's':
		// script '/srv/a.php' not found or unable to stat
		r.Script = between(text, "script '", "'")
	case 'c':
		apacheSignal(r, text)
	case 'a', 'p':
		// 2.2: "proxy: HTTP: attempt to connect to …", "ap_proxy_connect_backend disabling worker for …"
		if bytes.HasPrefix(text, []byte("proxy: ")) || bytes.HasPrefix(text, []byte("ap_proxy_")) {
			apacheProxy(d, r, bytes.TrimPrefix(text, []byte("proxy: ")))
		}
	}
	if lsapiOpening(text) {
		apacheLsapi(r, text)
	}
}

// apacheNumbered reads the messages that have an AH number and say more than it does.
func apacheNumbered(d *Decoder, r *Record, ah int, text []byte) {
	switch ah {
	case 1071:
		// AH01071: Got error 'PHP message: PHP Warning:  Undefined array key 3 in /srv/a.php on line 17'
		if rest, ok := bytes.CutPrefix(text, []byte("Got error '")); ok {
			rest = d.unescapeApache(bytes.TrimSuffix(rest, []byte("'")))
			r.phpStderr(rest)
			if r.Script == nil {
				r.Script = deniedScript(rest)
			}
		}
	case 1215:
		// AH01215: PHP Fatal error:  Uncaught … on line 3: /srv/cgi-bin/a.php
		// AH01215: stderr from /srv/cgi-bin/a.php: PHP Fatal error:  …
		if rest, ok := bytes.CutPrefix(text, []byte("stderr from ")); ok {
			if _, after, ok := bytes.Cut(rest, []byte(": ")); ok {
				text = after
			}
		} else if i := lastIndex(text, []byte(": /")); i >= 0 {
			text = text[:i]
		}
		r.phpText(d.unescapeApache(text))
	case 45, 46, 47, 50, 51, 52:
		apacheSignal(r, text)
	case 1075: // Error dispatching request to : (polling)
	default:
		// The numbers below are httpd's own; other modules than these do not speak of backends.
		if module := r.Field("module"); ah >= 700 && (module == nil || begins(module, "proxy") || string(module) == "core") {
			apacheProxy(d, r, text)
		}
	}
}

// deniedScript names the script that PHP-FPM did not run:
//
//	Unable to open primary script: /srv/a.php (Permission denied)
//	Access to the script '/srv/a.php' has been denied (see security.limit_extensions)
func deniedScript(text []byte) []byte {
	if script := between(text, "Unable to open primary script: ", " ("); script != nil {
		return script
	}
	return between(text, "Access to the script '", "'")
}

// apacheSignal reads what became of a child of httpd:
//
//	child pid 1234 exit signal Segmentation fault (11), possible coredump in /tmp
//	child process 1234 still did not exit, sending a SIGTERM
//	Child 1234 returned a Fatal error... Apache is exiting!
func apacheSignal(r *Record, text []byte) {
	for _, before := range [...]string{"child pid ", "child process ", "Child "} {
		rest, ok := bytes.CutPrefix(text, []byte(before))
		if !ok {
			continue
		}
		pid, n := number(rest)
		if n == 0 {
			return
		}
		r.PID = int(pid)
		if i := bytes.Index(rest, []byte(" exit signal ")); i >= 0 {
			if open := bytes.IndexByte(rest[i:], '('); open >= 0 {
				r.addDigits("signal", rest[i+open+1:])
			}
		}
		return
	}
}

// apacheFcgid reads mod_fcgid's messages:
//
//	process /srv/php-cgi(1234) exit(communication error), get unexpected signal 11
//	read data timeout in 45 seconds
//	stderr: PHP Fatal error:  Uncaught Error: x in /srv/a.php:3
func apacheFcgid(d *Decoder, r *Record, text []byte) {
	if rest, ok := bytes.CutPrefix(text, []byte("stderr: ")); ok {
		r.phpText(d.unescapeApache(rest))
		return
	}
	if bytes.HasPrefix(text, []byte("process ")) {
		exit := bytes.Index(text, []byte(") exit("))
		if exit < 0 {
			return
		}
		if pid, n := number(text[bytes.LastIndexByte(text[:exit], '(')+1:]); n > 0 {
			r.PID = int(pid)
		}
		rest := text[exit+len(") exit("):]
		if end := bytes.IndexByte(rest, ')'); end >= 0 {
			r.Add("reason", rest[:end])
		}
		r.addNumber("signal", rest, " signal ")
		r.addNumber("code", rest, "return code: ")
		return
	}
	r.addNumber("timeout", text, "timeout in ")
}

// scriptAfter sets the script to what follows before at the start of text.
func (r *Record) scriptAfter(text []byte, before string) bool {
	if len(text) < len(before) || string(text[:len(before)]) != before {
		return false
	}
	r.Script = text[len(before):]
	return true
}

// addDigits adds the digits that b begins with, if there are any.
func (r *Record) addDigits(key string, b []byte) {
	if _, n := number(b); n > 0 {
		r.Add(key, b[:n])
	}
}

// between returns what stands between the first opening and the closing next to it; nil if they are not there.
func between(b []byte, opening, closing string) []byte {
	i := bytes.Index(b, []byte(opening))
	if i < 0 {
		return nil
	}
	b = b[i+len(opening):]
	end := bytes.Index(b, []byte(closing))
	if end < 0 {
		return nil
	}
	return b[:end]
}

// unescapeApache undoes the escaping of httpd's log writer. The result lives in the decoder until the next entry.
func (d *Decoder) unescapeApache(b []byte) []byte {
	i := bytes.IndexByte(b, '\\')
	if i < 0 {
		return b
	}
	out := append(d.out[:0], b[:i]...)
	for b = b[i:]; len(b) > 0; {
		n := bytes.IndexByte(b, '\\')
		if n < 0 || n+1 >= len(b) {
			out = append(out, b...)
			break
		}
		out = append(out, b[:n]...)
		c, width := apacheEscape(b[n+1:])
		out = append(out, c)
		b = b[n+1+width:]
	}
	d.out = out
	return out
}

// apacheEscape reads what stands behind a backslash: the byte it means and how long it is.
func apacheEscape(b []byte) (c byte, n int) {
	switch b[0] {
	case 'n':
		return '\n', 1
	case 't':
		return '\t', 1
	case 'r':
		return '\r', 1
	case 'b':
		return '\b', 1
	case 'v':
		return '\v', 1
	case '\\', '"':
		return b[0], 1
	case 'x':
		if len(b) >= 3 {
			if hi, lo := hexDigit(b[1]), hexDigit(b[2]); hi >= 0 && lo >= 0 {
				return byte(hi<<4 | lo), 3
			}
		}
	}
	return '\\', 0 // the line was cut within an escape, or a writer does not escape
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
