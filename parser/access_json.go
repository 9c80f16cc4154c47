package parser

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// jsonAccess says whether line is an object with the keys of an access log.
func jsonAccess(line []byte) bool {
	line = bytes.TrimRight(line, " \r")
	return line[len(line)-1] == '}' && bytes.Contains(line, []byte(`status"`)) &&
		(bytes.Contains(line, []byte(`"request`)) || bytes.Contains(line, []byte(`uri"`)) ||
			bytes.Contains(line, []byte(`"method"`)) || bytes.Contains(line, []byte(`remote_addr"`)))
}

// jsonVar knows the keys in use for the values of an access log.
func jsonVar(key []byte) accessVar {
	switch string(key) {
	case "time", "time_iso8601", "time_local", "@timestamp", "timestamp", "msec", "ts", "date", "datetime":
		return varAnyTime
	case "remote_addr", "client", "client_ip", "clientip", "remote_ip", "ip", "remote_host":
		return varClient
	case "remote_user", "user":
		return varUser
	case "request", "request_line":
		return varRequest
	case "method", "request_method", "verb":
		return varMethod
	case "uri", "request_uri", "url", "path":
		return varURI
	case "status", "status_code", "response_code", "http_status":
		return varStatus
	case "bytes", "body_bytes_sent", "bytes_sent", "size":
		return varBytes
	case "referer", "http_referer", "referrer", "http_referrer":
		return varReferrer
	case "ua", "agent", "user_agent", "http_user_agent":
		return varAgent
	case "host", "http_host", "h":
		return varHost
	case "server_name", "vhost", "sn", "virtual_host", "domain":
		return varServer
	case "server_port", "port":
		return varPort
	case "rt", "request_time", "duration":
		return varSpan
	case "upstream_addr", "upstream":
		return varUpstream
	case "us", "upstream_status":
		return varUpstreamStatus
	case "urt", "upstream_response_time":
		return varUpstreamTime
	case "uht", "upstream_header_time":
		return varHeaderTime
	case "uct", "upstream_connect_time":
		return varConnectTime
	case "cs", "cache", "cache_status", "upstream_cache_status":
		return varCache
	case "pid":
		return varPID
	case "connection":
		return varConn
	case "http_x_forwarded_for", "x_forwarded_for", "xff":
		return varForwarded
	case "cf_ray", "http_cf_ray", "cf-ray", "ray":
		return varRay
	}
	return varSkip
}

// parseJSON reads one object a line. Objects inside it are read as if their keys stood outside; a
// repeated key counts the first time.
//
//	{"time":"2026-11-22T18:01:15+00:00","remote_addr":"192.0.2.7","request":"GET / HTTP/1.1","status":502,"request_time":0.001}
func (r *Record) parseJSON(d *Decoder, line []byte) bool {
	have, ok := r.jsonFields(d, line, nil)
	// A client that sent no request (TLS to a plain port) leaves method and uri empty, not out.
	return ok && have&(1<<varStatus) != 0 && (r.Request != nil || r.URI != nil || have&(1<<varRequest|1<<varURI) != 0)
}

// jsonFields reads the values of keys, nil being those that are in use everywhere, and says which it had.
func (r *Record) jsonFields(d *Decoder, line []byte, keys []jsonKey) (have uint64, ok bool) {
	d.out = slices.Grow(d.out[:0], len(line)) // what is unescaped does not outgrow it
	for b := line; ; {
		key, rest, ok := nextKey(b)
		if !ok {
			return have, true
		}
		var value []byte
		if value, b, ok = d.jsonValue(rest); !ok {
			return have, false
		}
		v := varSkip
		if keys == nil {
			v = jsonVar(key)
		}
		for i := range keys {
			if keys[i].key == string(key) {
				v = keys[i].v
				break
			}
		}
		if have&(1<<v) != 0 {
			continue
		}
		have |= 1 << v
		if v == varStatus {
			if _, ok := statusCode(value); !ok {
				return have, false
			}
		}
		r.set(d, v, value)
	}
}

// nextKey finds the next `"key":`, wherever it is nested, and what follows the colon.
func nextKey(b []byte) (key, rest []byte, ok bool) {
	for {
		i := bytes.IndexByte(b, '"')
		if i < 0 {
			return nil, nil, false
		}
		key, rest = cutQuoted(b[i+1:])
		if b = bytes.TrimLeft(rest, " \t"); len(b) > 0 && b[0] == ':' {
			return key, bytes.TrimLeft(b[1:], " \t"), true
		}
	}
}

// jsonValue takes a string, a number or a word; an object or a list is opened, not read.
func (d *Decoder) jsonValue(b []byte) (value, rest []byte, ok bool) {
	if len(b) == 0 {
		return nil, nil, false
	}
	switch b[0] {
	case '"':
		value, rest = cutQuoted(b[1:])
		return d.unescapeJSON(value), rest, true
	case '{', '[':
		return nil, b[1:], true
	}
	end := bytes.IndexAny(b, ",}] \t")
	if end < 0 {
		end = len(b)
	}
	if string(b[:end]) == "null" {
		return nil, b[end:], true
	}
	return b[:end], b[end:], true
}

// unescapeJSON undoes the escapes of a JSON string, in the decoder's scratch, which has the room.
func (d *Decoder) unescapeJSON(b []byte) []byte {
	i := bytes.IndexByte(b, '\\')
	if i < 0 {
		return b
	}
	start := len(d.out)
	for i >= 0 {
		d.out = append(d.out, b[:i]...)
		b = b[i+1:]
		if len(b) == 0 {
			break
		}
		c := b[0]
		b = b[1:]
		switch c {
		case 'n':
			d.out = append(d.out, '\n')
		case 't':
			d.out = append(d.out, '\t')
		case 'r':
			d.out = append(d.out, '\r')
		case 'b':
			d.out = append(d.out, '\b')
		case 'f':
			d.out = append(d.out, '\f')
		case 'u':
			if v, ok := hex4(b); ok {
				d.out = utf8.AppendRune(d.out, v)
				b = b[4:]
				break
			}
			d.out = append(d.out, '\\', c)
		case 'x': // nginx's own escape in a log_format that lacks escape=json: not JSON, but seen
			d.out = append(d.out, '\\', c)
		default:
			d.out = append(d.out, c)
		}
		i = bytes.IndexByte(b, '\\')
	}
	d.out = append(d.out, b...)
	return d.out[start:len(d.out):len(d.out)]
}

func hex4(b []byte) (v rune, ok bool) {
	if len(b) < 4 {
		return 0, false
	}
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			v = v<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return v, true
}
