package parser

import "bytes"

// faults are what follows "COMM[PID" in the lines that tell of a process that the processor stopped.
var faults = [...]struct{ text, trap string }{
	{"]: segfault", ""},
	{"] general protection", "general protection"},
	{"] trap ", ""},
	{"] control protection", "control protection"},
	{"]: unhandled exception: ", ""}, // arm64
}

// kernelFault reads the death of a process by a fault of its own:
//
//	php-fpm8.3[9]: segfault at 88 ip 00007f9e1beaa96d sp 00007ffe48b145c0 error 4 in opcache.so[2aa96d,7f9e1bc00000+463000] likely on CPU 2 (core 1, socket 0)
//	lsphp[77]: segfault at 0 ip           (null) sp bfd87bdc error 4 in libc-2.17.so[110000+a000]
//	php-fpm[5]: segfault at 0 ip 0000000000000000 sp 00007ffcc8af7318 error 14 likely on CPU 6 (core 4, socket 0)
//	traps: php-fpm[1] general protection fault ip:7f12 sp:7ffd error:0 in libc.so.6[7f12+1000]
//	traps: php-fpm[1] trap invalid opcode ip:7f12 sp:7ffd error:0 in opcache.so[7f12+1000]
//	php-fpm[123]: unhandled exception: DABT (lower EL), ESR 0x0000000092000006, level 2 translation fault in libc.so.6[ffff+18c000]
//
// The name before the bracket is the thread's and may hold blanks, colons and brackets. The number after "error" is
// hexadecimal. "in FILE[…]" is missing where no file is mapped: a jump to nowhere, JIT code, the stack.
func (r *Record) kernelFault(b []byte) bool {
	at, trap := -1, ""
	for i := range faults {
		if at = bytes.Index(b, []byte(faults[i].text)); at >= 0 {
			trap = faults[i].trap
			if faults[i].text == "] trap " {
				trap = "trap"
			}
			break
		}
	}
	if at < 0 {
		return false
	}
	open := bytes.LastIndexByte(b[:at], '[')
	if open < 0 {
		return false
	}
	pid, n := number(b[open+1:])
	if n == 0 || open+1+n != at {
		return false
	}
	r.PID = int(pid)
	r.Add("comm", bytes.TrimPrefix(b[:open], []byte("traps: ")))
	rest := b[at:]
	switch trap {
	case "":
		r.addWord("addr", rest, " at ")
	case "trap": // "trap invalid opcode ip:…"
		if name := between(rest, "] trap ", " ip:"); name != nil {
			r.Add("trap", name)
		}
	default:
		r.Add("trap", rest[len("] "):len("] ")+len(trap)])
	}
	r.addWord("ip", rest, " ip", " nip")
	r.addWord("sp", rest, " sp")
	r.addWord("error", rest, " error")
	r.faultModule(rest)
	return true
}

// faultModule reads "… in opcache.so[2aa96d,7f9e1bc00000+463000]".
func (r *Record) faultModule(b []byte) {
	open := bytes.LastIndexByte(b, '[')
	if open < 0 {
		return
	}
	i := bytes.LastIndex(b[:open], []byte(" in "))
	if i < 0 {
		return
	}
	file := b[i+len(" in ") : open]
	r.Add("module", file[bytes.LastIndexByte(file, '/')+1:])
	if mapping, _, ok := bytes.Cut(b[open+1:], []byte("]")); ok {
		r.Add("mapping", mapping)
	}
}

// addWord adds the word that follows the first of the names, with blanks or a colon between.
func (r *Record) addWord(key string, b []byte, names ...string) {
	for _, name := range names {
		i := bytes.Index(b, []byte(name))
		if i < 0 {
			continue
		}
		b = b[i+len(name):]
		if len(b) == 0 || (b[0] != ' ' && b[0] != ':' && name[len(name)-1] != ' ') {
			return
		}
		b = bytes.TrimLeft(b, " :")
		if end := bytes.IndexByte(b, ' '); end >= 0 {
			b = b[:end]
		}
		if len(b) > 0 {
			r.Add(key, b)
		}
		return
	}
}
