package parser

import (
	"bytes"
	"encoding/json"
)

// cell takes off what stands behind an entry that was one value among others: of a table, of CSV, of JSON. prefix stands before it.
//
//	| 3 | 2026/11/22 10:00:00 [error] 812#812: *1 connect() to … host: "shop.test" |
//	2026-11-22 10:00:00	Error	203.0.113.9		812#0: *1 connect() to … while connecting to upstream		nginx error
//	"web-0","2026/11/22 10:00:00 [error] … request: ""GET / HTTP/1.1"", host: ""shop.test"""
//	"textPayload": "2026/11/22 10:00:00 [error] … request: \"GET / HTTP/1.1\", host: \"shop.test\"",
func cell(prefix, text []byte) []byte {
	switch {
	case prefix[0] == '|':
		text = bytes.TrimRight(bytes.TrimSuffix(text, []byte{'|'}), " ")
	case bytes.IndexByte(prefix, '\t') >= 0:
		text, _, _ = bytes.Cut(text, []byte{'\t'})
	case prefix[len(prefix)-1] == '"':
		text = quotedValue(text)
	}
	return text
}

// quotedValue reads text up to the quote that closes it, as it is if none does.
func quotedValue(text []byte) []byte {
	if bytes.Contains(text, []byte(`\"`)) {
		for i, c := range text {
			if c != '"' || escaped(text, i) {
				continue
			}
			var s string
			if json.Unmarshal(append(append([]byte{'"'}, text[:i]...), '"'), &s) != nil {
				return text
			}
			return []byte(s)
		}
		return text
	}
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '"':
		case i+1 < len(text) && text[i+1] == '"':
			i++
		case i+1 == len(text) || text[i+1] == ',' || text[i+1] == ';' || text[i+1] == '}' || text[i+1] == ']':
			return bytes.ReplaceAll(text[:i], []byte(`""`), []byte{'"'})
		case i > 0 && bytes.IndexByte([]byte(" ([{:=,"), text[i-1]) < 0:
			return text[:i] // prose goes on behind it: "accept4() failed (24: Too many open files)" . any idea?
		default:
			return text // it opens a value within the entry
		}
	}
	return text
}

// knownFatal knows what PHP alone says: the place at its end may be cut off, lack the line or stand on the next one.
func knownFatal(text []byte) bool {
	for _, s := range [...]string{"Maximum execution time of ", "Allowed memory size of ", "Call to undefined ", "Uncaught "} {
		if rest, ok := bytes.CutPrefix(text, []byte("Fatal error: ")); ok && begins(bytes.TrimLeft(rest, " "), s) {
			return true
		}
	}
	return false
}

// loggedPHP puts an error that PHP showed on a page or a terminal in the words in which it would log it:
//
//	Fatal error: Uncaught RedisException: Connection refused in /srv/a.php:44
//	PHP Fatal error:  Uncaught RedisException: Connection refused in /srv/a.php:44
func loggedPHP(b []byte) []byte {
	text := bytes.TrimRight(bytes.TrimLeft(b, "\" "), "\" ") // a quoted one
	text = bytes.TrimPrefix(text, []byte("( ! ) "))          // Xdebug's table
	for _, severity := range [...]string{"Fatal error: ", "Warning: ", "Parse error: "} {
		if !begins(text, severity) {
			continue
		}
		if _, file, _ := phpMessage(text); file == nil && !knownFatal(text) && !bytes.HasSuffix(text, []byte(" in Unknown on line 0")) {
			return b
		}
		return append(append([]byte("PHP "+severity), ' '), bytes.TrimLeft(text[len(severity):], " ")...)
	}
	return b
}
