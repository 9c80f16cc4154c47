package parser

import "bytes"

// phpSeverities are the words PHP begins a logged error with, after "PHP " and before a colon, and the level each
// one amounts to. Core and compile errors share the words of ordinary ones.
var phpSeverities = [...]struct {
	word  string
	level Level
}{
	{"Fatal error", LevelError},
	{"Warning", LevelWarn},
	{"Notice", LevelNotice},
	{"Deprecated", LevelNotice},
	{"Parse error", LevelError},
	{"Recoverable fatal error", LevelError},
	{"Catchable fatal error", LevelError},
	{"Strict Standards", LevelNotice},
	{"Unknown error", LevelError},
}

// phpMessage reads the text of a PHP error wherever it is logged (a PHP error_log, FPM's "said into stderr", nginx's
// "FastCGI sent in stderr", Apache's AH01071): its severity and the file and line in which it was raised.
// What the text does not say is nil and 0.
//
//	PHP Warning:  Undefined array key "a" in /srv/a.php on line 3
//	PHP Fatal error:  Uncaught Error: x in /srv/a.php:3
//
// In a chain of exceptions ("Next Foo: …") the first one counts: it is the one that was raised, the others wrap it.
func phpMessage(text []byte) (severity, file []byte, line int) {
	severity, _ = phpSeverity(text)
	head := text
	// Behind "Stack trace:" come other people's files. Apache writes line ends as a backslash and an n.
	if i := indexRare(head, "Stack trace:"); i >= 0 {
		head = head[:i]
	}
	head = trimEnd(head, " \n\r")
	head = bytes.TrimSuffix(head, []byte(`\n`))
	if file, line = phpPlace(head); file == nil && len(head) < len(text) {
		// The head was spoilt: "  thrown in /srv/a.php on line 3" closes the trace.
		file, line = phpPlace(trimEnd(text, " \n\r"))
	}
	return severity, file, line
}

// phpSeverity returns the word a PHP error begins with and the level it amounts to.
func phpSeverity(text []byte) (word []byte, level Level) {
	text = bytes.TrimPrefix(text, []byte("PHP message: "))
	text = bytes.TrimPrefix(text, []byte("PHP "))
	for i := range phpSeverities {
		s := &phpSeverities[i]
		if n := len(s.word); len(text) > n && text[n] == ':' && string(text[:n]) == s.word {
			return text[:n], s.level
		}
	}
	return nil, LevelNone
}

// phpPlace reads the place at the end of text: " in FILE on line N" or " in FILE:N".
func phpPlace(text []byte) (file []byte, line int) {
	end := len(text)
	for end > 0 && text[end-1] >= '0' && text[end-1] <= '9' {
		end--
	}
	n, width := number(text[end:])
	if width == 0 {
		return nil, 0
	}
	rest, worded := bytes.CutSuffix(text[:end], []byte(" on line "))
	if !worded {
		var ok bool
		if rest, ok = bytes.CutSuffix(rest, []byte(":")); !ok {
			return nil, 0
		}
	}
	i := lastIn(rest)
	if i < 0 {
		return nil, 0
	}
	file = rest[i+len(" in "):]
	// "Unknown" stands for no file at all: "exceeds the limit of 8388608 bytes in Unknown on line 0".
	if string(file) == "Unknown" {
		return nil, 0
	}
	// A folder may hold the word: " in /srv/my in box/a.php on line 3".
	if !bytes.HasPrefix(file, []byte("/")) {
		if j := lastIndex(rest[:i], []byte(" in /")); j >= 0 {
			file = rest[j+len(" in "):]
		}
	}
	switch {
	case len(file) == 0, bytes.IndexByte(file, '\n') >= 0:
		return nil, 0
	case !worded && !bytes.ContainsAny(file, `/\`): // "done in step:3" is no place
		return nil, 0
	}
	return phpPath(file, int(n))
}

// lastIn finds the last " in ". A path stands behind it, in which blanks are rare.
func lastIn(b []byte) int {
	const in = " in"
	for i := bytes.LastIndexByte(b, ' '); i >= len(in); i = bytes.LastIndexByte(b[:i], ' ') {
		if string(b[i-len(in):i]) == in {
			return i - len(in)
		}
	}
	return -1
}

// phpPath takes the file on disk out of the names PHP gives to generated code, with the line in that file:
//
//	/srv/a.php(12) : eval()'d code
//	/srv/a.php(12) : runtime-created function
func phpPath(file []byte, line int) ([]byte, int) {
	i := indexRare(file, ") : ")
	if i < 0 {
		return file, line
	}
	open := bytes.LastIndexByte(file[:i], '(')
	if open <= 0 {
		return file, line
	}
	if n, width := number(file[open+1 : i]); width > 0 && width == i-open-1 {
		return file[:open], int(n)
	}
	return file, line
}
