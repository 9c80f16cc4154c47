package parser

import "bytes"

// phpStderr takes the PHP errors out of what a worker wrote to its stderr stream and a web server logged as one text.
// Three eras of PHP put a line end (up to 7.2), nothing (7.3 to 8.1.13 and 8.2.0) or "; " between the messages:
//
//	PHP message: PHP Warning:  Undefined array key 3 in /srv/a.php on line 17; PHP message: PHP Fatal error:  …
//
// Each becomes a field; severity, script and frames are those of the worst.
func (r *Record) phpStderr(text []byte) {
	const mark = "PHP message: "
	_, rest, more := bytes.Cut(text, []byte(mark))
	var worst []byte
	best := 0
	for more {
		var message []byte
		message, rest, more = bytes.Cut(rest, []byte(mark))
		message = trimEnd(message, " \r\n")
		message = bytes.TrimSuffix(message, []byte(";"))
		r.Add("php", message)
		if rank := phpRank(message); worst == nil || rank > best {
			worst, best = message, rank
		}
	}
	if worst != nil {
		r.phpWorst(worst)
	}
}

// phpText is phpStderr for a text that is one PHP error, without the words before it.
func (r *Record) phpText(text []byte) bool {
	if phpRank(text) == 0 {
		return false
	}
	r.Add("php", text)
	r.phpWorst(text)
	return true
}

// phpWorst describes the message that tells most.
func (r *Record) phpWorst(message []byte) {
	severity, file, _ := phpMessage(message)
	if file != nil {
		r.Script = file
	}
	if severity != nil {
		r.Add("php_severity", severity)
	}
	r.phpTrace(message)
}

// phpRank orders messages by what they do to a request: the first three classes end it. What an
// application logs itself has no class.
func phpRank(message []byte) int {
	word, _ := phpSeverity(message)
	switch string(word) {
	case "":
		return 0
	case "Fatal error":
		return 6
	case "Parse error":
		return 5
	case "Recoverable fatal error", "Catchable fatal error":
		return 4
	case "Unknown error":
		return 3
	case "Warning":
		return 2
	}
	return 1
}
