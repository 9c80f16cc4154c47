package parser

import "bytes"

// nginxMessage takes apart what stands between envelope and context.
func (r *Record) nginxMessage(msg []byte) {
	if text, ok := bytes.CutPrefix(msg, []byte(nginxStderr)); ok {
		r.Message = msg
		r.phpStderr(bytes.TrimSuffix(text, []byte{'"'}))
		return
	}
	if r.Conn == 0 {
		msg = r.nginxProcess(msg)
	}
	msg, r.Errno = cutErrno(whole(msg))
	r.Message = msg
	if i := indexRare(msg, "(SSL: "); i >= 0 {
		text := msg[i+len("(SSL: "):]
		if end := bytes.LastIndexByte(text, ')'); end >= 0 {
			text = text[:end]
		}
		r.Add("ssl", text)
	}
	// *1 [client 192.0.2.7] ModSecurity: Access denied with code 403 (phase 2). Matched …
	if bytes.HasPrefix(msg, []byte("[client ")) {
		if i := bytes.Index(msg, []byte("] ModSecurity: ")); i >= 0 {
			r.Message = msg[i+len("] "):]
			r.modSecurity(r.Message)
		}
	}
}

// whole takes half of " while " off the end of a message that was cut off there: "failed (111: Connection refused) wh".
func whole(msg []byte) []byte {
	const while = " while "
	for n := range min(len(while), len(msg)) {
		if i := len(msg) - n; msg[i-1] == ')' {
			if string(msg[i:]) == while[:n] {
				return msg[:i]
			}
			break
		}
	}
	return msg
}

// cutErrno takes " (111: Connection refused)" off the end of msg. The numbers of a failed name look-up
// are DNS codes and belong to the message: "api.test could not be resolved (3: Host not found)".
func cutErrno(msg []byte) ([]byte, int) {
	if len(msg) == 0 || msg[len(msg)-1] != ')' {
		return msg, 0
	}
	i := bytes.LastIndexByte(msg, '(') - 1
	for i >= 0 && msg[i] != ' ' {
		i = bytes.LastIndexByte(msg[:i+1], '(') - 1
	}
	if i < 0 {
		return msg, 0
	}
	n, width := number(msg[i+2:])
	if width == 0 || width > 6 || !bytes.HasPrefix(msg[i+2+width:], []byte(": ")) ||
		bytes.HasSuffix(msg[:i], []byte(" resolved")) || bytes.HasSuffix(msg[:i], []byte("DNS error")) {
		return msg, 0
	}
	return msg[:i], unixErrno(int(n))
}

// winsock are the numbers that Windows has for what Linux says by its own.
var winsock = [...]struct{ windows, linux int }{
	{10013, 13}, {10024, 24}, {10048, 98}, {10049, 99}, {10051, 101}, {10053, 103}, {10054, 104}, {10060, 110}, {10061, 111}, {10065, 113},
}

// unixErrno gives an error of nginx for Windows its number on Linux:
//
//	connect() failed (10061: No connection could be made because the target machine actively refused it)
func unixErrno(n int) int {
	if n < winsock[0].windows {
		return n
	}
	for _, e := range winsock {
		if e.windows == n {
			return e.linux
		}
	}
	return n
}

// nginxProcess reads what the master says: where the configuration is wrong, and which process ended.
//
//	open() "/x" failed (2: No such file or directory) in /etc/nginx/nginx.conf:12
//	worker process 31 exited on signal 11 (core dumped)
func (r *Record) nginxProcess(msg []byte) []byte {
	if i := lastIndex(msg, []byte(" in ")); i >= 0 {
		place := msg[i+len(" in "):]
		if string(place) == "command line" || confPlace(place) {
			r.Add("conf", place)
			if _, errno := cutErrno(msg[:i]); errno != 0 {
				return msg[:i]
			}
		}
		return msg
	}
	i := bytes.Index(msg, []byte(" process "))
	if i < 0 {
		return msg
	}
	pid, n := number(msg[i+len(" process "):])
	if n == 0 {
		return msg
	}
	r.PID = int(pid)
	rest := msg[i+len(" process ")+n:]
	for _, end := range [...]struct{ text, key string }{
		{" exited on signal ", "signal"}, {" exited with code ", "code"}, {" exited with fatal code ", "code"},
	} {
		if value, ok := bytes.CutPrefix(rest, []byte(end.text)); ok {
			_, n := number(value)
			r.Add(end.key, value[:n])
		}
	}
	return msg
}

// confPlace says whether b is "FILE:LINE".
func confPlace(b []byte) bool {
	colon := bytes.LastIndexByte(b, ':')
	if colon <= 0 || b[0] != '/' {
		return false
	}
	_, n := number(b[colon+1:])
	return n > 0 && colon+1+n == len(b)
}
