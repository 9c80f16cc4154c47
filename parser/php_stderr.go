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
	i := bytes.Index(text, []byte(mark))
	worst := LevelNone
	for i >= 0 {
		text = text[i+len(mark):]
		message := text
		if i = bytes.Index(text, []byte(mark)); i >= 0 {
			message = text[:i]
		}
		message = bytes.TrimRight(message, " \r\n")
		message = bytes.TrimSuffix(message, []byte(";"))
		r.Add("php", message)
		if _, level := phpSeverity(message); level > worst {
			worst = level
		}
	}
	r.phpWorst(worst)
}

// phpText is phpStderr for a text that is one PHP error, without the words before it.
func (r *Record) phpText(text []byte) bool {
	_, level := phpSeverity(text)
	if level == LevelNone {
		return false
	}
	r.Add("php", text)
	r.phpWorst(level)
	return true
}

// phpWorst describes the first field "php" of that level.
func (r *Record) phpWorst(level Level) {
	for _, f := range r.Fields {
		if f.Key != "php" {
			continue
		}
		word, l := phpSeverity(f.Value)
		if l != level {
			continue
		}
		if _, file, _ := phpMessage(f.Value); file != nil {
			r.Script = file
		}
		if word != nil {
			r.Add("php_severity", word)
		}
		r.phpTrace(f.Value)
		return
	}
}
