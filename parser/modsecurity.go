package parser

import "bytes"

// modSecurity takes the action and the bracketed parts of a ModSecurity message (version 2 in Apache's
// error log, version 3 in nginx's) and says whether it was one.
//
//	ModSecurity: Access denied with code 403 (phase 2). Matched "Operator `Ge' with …" [file "/etc/x.conf"] [line "12"] [id "949110"] [msg "Inbound Anomaly Score Exceeded"] … [hostname "10.0.0.1"] [uri "/"] [unique_id "169…"]
func (r *Record) modSecurity(msg []byte) bool {
	i := bytes.Index(msg, []byte("ModSecurity: "))
	if i < 0 {
		return false
	}
	text := msg[i+len("ModSecurity: "):]
	if end := bytes.IndexByte(text, '.'); end > 0 {
		r.Add("action", text[:end])
		if at := bytes.Index(text[:end], []byte("with code ")); at >= 0 {
			if n, width := number(text[at+len("with code "):]); width == 3 {
				r.Status = int(n)
				r.Add("code", text[at+len("with code "):][:width])
			}
		}
	}
	for rest := text; ; {
		open := bytes.Index(rest, []byte(` [`))
		if open < 0 {
			return true
		}
		rest = rest[open+2:]
		name := bytes.Index(rest, []byte(` "`))
		if name < 0 {
			return true
		}
		key := modSecurityKey(rest[:name])
		if key == "" {
			continue
		}
		rest = rest[name+2:]
		end := bytes.Index(rest, []byte(`"]`))
		if end < 0 {
			return true
		}
		r.Add(key, rest[:end])
		rest = rest[end+1:]
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
