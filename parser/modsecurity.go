package parser

import "bytes"

// modSecurity reads a ModSecurity message (version 2 in Apache's error log, version 3 in nginx's) and says
// whether it was one.
//
//	ModSecurity: Access denied with code 403 (phase 2). Matched "Operator `Ge' with …" [file "/etc/x.conf"] [line "12"] [id "949110"] [msg "Inbound Anomaly Score Exceeded"] … [hostname "10.0.0.1"] [uri "/"] [unique_id "169…"]
func (r *Record) modSecurity(msg []byte) bool {
	text := afterWords(msg, "ModSecurity: ")
	if text == nil {
		return false
	}
	r.modSecurityText(text)
	return true
}

// modSecurityText takes the action and the bracketed parts of what follows "ModSecurity: ".
func (r *Record) modSecurityText(text []byte) {
	action := text
	if i := bytes.Index(action, []byte(". ")); i >= 0 {
		action = action[:i]
	}
	if i := bytes.Index(action, []byte(" [")); i >= 0 { // version 3 may leave out the full stop
		action = action[:i]
	}
	r.Add("action", bytes.TrimRight(action, "."))
	// Access denied with redirection to https://ex.test/ using status 302 (phase 2).
	if code := afterWords(action, " with code ", " using status "); code != nil {
		if n, width := number(code); width == 3 {
			r.Status = int(n)
			r.Add("code", code[:width])
		}
	}
	// The pattern before them may hold brackets too; a rule's parts begin with its file.
	for _, first := range [...]string{` [file "`, ` [id "`, ` [hostname "`} {
		if i := bytes.Index(text, []byte(first)); i >= 0 {
			r.modSecurityParts(text[i:])
			return
		}
	}
}

// modSecurityParts reads ` [line "12"] [id "949110"] …`.
func (r *Record) modSecurityParts(b []byte) {
	for len(b) > 2 && b[0] == ' ' && b[1] == '[' {
		name, value, ok := bytes.Cut(b[2:], []byte(" "))
		if !ok {
			return
		}
		end := bytes.IndexByte(value, ']')
		if rest, quoted := bytes.CutPrefix(value, []byte{'"'}); quoted {
			value = rest
			if end = quoteEnd(value); end >= 0 {
				if key := modSecurityKey(name); key != "" {
					r.Add(key, value[:end])
				}
				end++
			}
		}
		if end < 0 {
			return // cut by the buffer of the log
		}
		b = value[end+1:]
	}
}

// quoteEnd finds the quote before "]" that ends a value. A quote within is escaped; Apache's log escapes the backslash
// once more.
func quoteEnd(b []byte) int {
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte(`"]`))
		if i < 0 {
			return -1
		}
		i += from
		slashes := 0
		for slashes < i && b[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%4 == 0 {
			return i
		}
		from = i + 1
	}
}

func modSecurityKey(name []byte) string {
	switch string(name) {
	case "id":
		return "rule_id"
	case "msg":
		return "msg"
	case "uri":
		return "uri"
	case "hostname":
		return "hostname"
	case "unique_id":
		return "unique_id"
	}
	return ""
}
