package parser

import "bytes"

// retyped puts what people quote of a message in the words in which its daemon logs it; b as it is if it is no such thing.
// Each of these is said by one program only, whatever stands around it.
//
//	failed (111: Connection refused) while connecting to upstream
//	connect() failed (111: Connection refused) while connecting to upstream
//
//	The log says: /srv/shop/.htaccess: Options not allowed here
//	[core:alert] /srv/shop/.htaccess: Options not allowed here
//
//	session_write_close(): Write failed: No space left on device (28)
//	PHP Warning:  session_write_close(): Write failed: No space left on device (28)
//
//	An exception occurred in the driver: SQLSTATE[HY000] [1040] Too many connections
//	PHP message: SQLSTATE[HY000] [1040] Too many connections
func retyped(b []byte) []byte {
	switch {
	case halfConnect(b):
		return append([]byte("connect() "), b...)
	case bareScript(b):
		return append([]byte("[core:error] "), b...)
	case phpCall(b):
		return append([]byte("PHP Warning:  "), b...)
	}
	if i := bytes.Index(b, []byte("SQLSTATE[")); i >= 0 && i < maxPrefix && bytes.IndexByte(b[i:], ']') > 0 {
		return append([]byte("PHP message: "), b[i:]...)
	}
	if i := bytes.Index(b, []byte(".htaccess: ")); i >= 0 && htaccessFault(b[i+len(".htaccess: "):]) {
		path := bytes.LastIndexAny(b[:i], " `\"'") + 1
		return append([]byte("[core:alert] "), b[path:]...)
	}
	return b
}

// translated are what a translator of web pages makes of nginx' punctuation.
var translated = []struct{ from, to []byte }{
	{[]byte(" # "), []byte("#")},
	{[]byte(": * "), []byte(": *")},
	{[]byte("connect () to unix: /"), []byte("connect() to unix:/")},
	{[]byte("connect () "), []byte("connect() ")},
	{[]byte(": // unix: /"), []byte("://unix:/")},
	{[]byte("fastcgi: // "), []byte("fastcgi://")},
	{[]byte("http: // "), []byte("http://")},
}

// retranslated takes the blanks out that a translator has put into an entry of nginx:
//
//	2026/11/22 10:00:00 [crit] 8 # 8: * 1 connect () to unix: /run/php.sock failed (2: No such file or directory)
func retranslated(b []byte) []byte {
	if !bytes.Contains(b, []byte("connect () ")) || !nginxStamped(b) {
		return b
	}
	for _, t := range translated {
		b = bytes.ReplaceAll(b, t.from, t.to)
	}
	return b
}

// halfConnect knows "failed (111: Connection refused) while connecting to upstream": the call that failed is left out.
func halfConnect(b []byte) bool {
	rest, ok := bytes.CutPrefix(b, []byte("failed ("))
	if !ok {
		return false
	}
	_, n := number(rest)
	return n > 0 && bytes.HasPrefix(rest[n:], []byte(": ")) && bytes.Contains(rest, []byte(") while connecting to upstream"))
}

// bareScript knows what Apache and mod_fcgid say of a script, without the head of the line.
func bareScript(b []byte) bool {
	for _, s := range [...]string{
		"mod_fcgid: ", "End of script output before headers: ", "Premature end of script headers: ", "Request exceeded the limit of 10 internal redirects",
	} {
		if begins(b, s) {
			return true
		}
	}
	return false
}

// phpCall knows a warning of PHP's without its severity: the function, and why the system refused it. Those whose names hold no
// underscore and no class may be others': nginx' recv() and connect() are.
func phpCall(b []byte) bool {
	end := bytes.Index(b[:min(len(b), 60)], []byte("(): "))
	if end <= 0 || bytes.IndexByte(b[:end], '_') < 0 && !bytes.Contains(b[:end], []byte("::")) {
		return false
	}
	for _, c := range b[:end] {
		if c != '_' && c != ':' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	rest := b[end:]
	return bytes.Contains(rest, []byte("No space left on device")) || bytes.Contains(rest, []byte("Connection refused")) || bytes.Contains(rest, []byte("(HY000/"))
}

// htaccessFault knows what Apache says of a .htaccess file that it cannot follow.
func htaccessFault(b []byte) bool {
	line := firstLine(b)
	return begins(line, "Invalid command '") || bytes.Contains(line, []byte(" not allowed here")) || bytes.Contains(line, []byte(" without matching "))
}
