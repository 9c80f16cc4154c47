package parser

import "bytes"

// phpTrace adds the frames of the first "Stack trace:" in text, innermost first, as PHP prints it. The first
// trace of a chain is the one of the exception that was raised.
//
//	Stack trace:
//	#0 /srv/a.php(9): f('x')
//	#1 [internal function]: App\{closure}(Object(Order))
//	#2 {main}
func (r *Record) phpTrace(text []byte) {
	i := indexRare(text, "Stack trace:")
	if i < 0 {
		return
	}
	text = text[i+len("Stack trace:"):]
	eol := []byte("\n")
	if bytes.IndexByte(text, '\n') < 0 {
		eol = []byte(`\n`) // as Apache writes it
	}
	for {
		_, text, _ = bytes.Cut(text, eol)
		line, _, _ := bytes.Cut(text, eol)
		f, ok := phpTraceFrame(line)
		if !ok {
			return
		}
		r.Frames = append(r.Frames, f)
	}
}

// phpTraceFrame reads "#0 /srv/a.php(9): App\Order->save('x')"; "#2 {main}" is no frame.
func phpTraceFrame(b []byte) (f Frame, ok bool) {
	if len(b) == 0 || b[0] != '#' {
		return f, false
	}
	_, n := number(b[1:])
	b, ok = bytes.CutPrefix(b[1+n:], []byte(" "))
	if n == 0 || !ok {
		return f, false
	}
	call, internal := bytes.CutPrefix(b, []byte("[internal function]: "))
	if !internal {
		// The first "): " ends the place, for "/srv/a.php(12) : eval()'d code(3): f()" too.
		end := indexRare(b, "): ")
		open := bytes.LastIndexByte(b[:max(end, 0)], '(')
		if open <= 0 {
			return f, false
		}
		line, _ := number(b[open+1:])
		f.File, f.Line = phpPath(b[:open], int(line))
		call = b[end+len("): "):]
	}
	f.Func = call[:phpNameLen(call)]
	return f, true
}

// phpNameLen is the length of the function name that call begins with. The closures of PHP 8.4 have parentheses in
// theirs: "{closure:App\Kernel::run():12}(Object(Order))".
func phpNameLen(call []byte) int {
	end := bytes.IndexByte(call, '(')
	if end < 0 {
		return len(call)
	}
	if bytes.IndexByte(call[:end], '{') >= 0 {
		if i := indexRare(call, "}("); i >= 0 {
			return i + 1
		}
	}
	return end
}

// phpTraceLine says whether line belongs to the trace of a PHP error: "Stack trace:", "#0 …", "  thrown in …",
// "Next Foo: …" or the empty line before it.
func phpTraceLine(line []byte) bool {
	if len(line) == 0 {
		return true
	}
	switch line[0] {
	case '#':
		return len(line) > 2 && line[1] >= '0' && line[1] <= '9'
	case 'S':
		return string(line) == "Stack trace:"
	case 'N':
		return bytes.HasPrefix(line, []byte("Next "))
	case ' ':
		return bytes.HasPrefix(line, []byte("  thrown in "))
	}
	return false
}
