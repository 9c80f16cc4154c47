package discover

import (
	"bytes"
	"strings"
)

// nginxTokens calls do with the words of every directive of an nginx configuration, the line in which it begins and
// what ends it: a semicolon, an opening brace, or, without words, a closing one.
//
//	log_format timed '$remote_addr [$time_local] "$request" '
//	                 '$status';
func nginxTokens(text []byte, do func(line int, words []string, end byte)) {
	var words []string
	first, line := 0, 1
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case '\n':
			line++
			i++
		case ' ', '\t', '\r':
			i++
		case '#':
			if n := bytes.IndexByte(text[i:], '\n'); n >= 0 {
				i += n
			} else {
				i = len(text)
			}
		case ';', '{', '}':
			i++
			if len(words) > 0 && c == '{' && strings.HasSuffix(words[0], "_by_lua_block") {
				n := luaBlock(text[i:])
				line += bytes.Count(text[i:i+n], []byte{'\n'})
				i += n
			} else if len(words) > 0 || c != ';' {
				if c == '}' {
					words = nil // a directive without its semicolon
				}
				do(first, words, c)
			}
			words = nil
		default:
			if len(words) == 0 {
				first = line
			}
			word, n := nginxWord(text[i:])
			words = append(words, word)
			line += bytes.Count(text[i:i+n], []byte{'\n'})
			i += n
		}
	}
}

// luaBlock is how long the code of content_by_lua_block { … } is, its closing brace included: quotes, comments and
// braces in it are Lua's.
func luaBlock(b []byte) int {
	depth := 1
	for i := 0; i < len(b); i++ {
		switch c := b[i]; c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case '-':
			if bytes.HasPrefix(b[i:], []byte("--")) {
				if n := bytes.IndexByte(b[i:], '\n'); n >= 0 {
					i += n
				} else {
					return len(b)
				}
			}
		case '"', '\'':
			for i++; i < len(b) && b[i] != c && b[i] != '\n'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
		}
	}
	return len(b)
}

// nginxWord reads one word, bare or in quotes, and how long it is in the text. A backslash hides what ends
// the word, before other letters it stays.
func nginxWord(b []byte) (word string, n int) {
	var out strings.Builder
	end := byte(0)
	if b[0] == '\'' || b[0] == '"' {
		end, n = b[0], 1
	}
	for ; n < len(b); n++ {
		c := b[n]
		switch {
		case c == '\\' && n+1 < len(b):
			n++
			switch b[n] {
			case '"', '\'', '\\', ' ', ';', '{', '}':
				out.WriteByte(b[n])
			case 't':
				out.WriteByte('\t')
			case 'n':
				out.WriteByte('\n')
			case 'r':
				out.WriteByte('\r')
			default:
				out.WriteByte('\\')
				out.WriteByte(b[n])
			}
		case end != 0 && c == end:
			return out.String(), n + 1
		case end == 0 && c == '{' && n > 0 && b[n-1] == '$': // ${name}
			out.WriteByte(c)
			if k := bytes.IndexByte(b[n:], '}'); k > 0 {
				out.Write(b[n+1 : n+k+1])
				n += k
			}
		case end == 0 && strings.IndexByte(" \t\r\n;{}", c) >= 0:
			return out.String(), n
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), len(b)
}

// apacheLines calls do with the words of every line of an Apache configuration; a backslash at its end
// joins the next one.
//
//	LogFormat "%v:%p %h %l %u %t \"%r\" %>s %O" vhost_combined
func apacheLines(text []byte, do func(line int, words []string)) {
	line := 0
	for len(text) > 0 {
		first := line + 1
		var joined []byte
		for {
			var physical []byte
			physical, text, _ = bytes.Cut(text, []byte{'\n'})
			line++
			physical = bytes.TrimSuffix(physical, []byte{'\r'})
			more, continued := bytes.CutSuffix(physical, []byte{'\\'})
			joined = append(joined, more...)
			if !continued || len(text) == 0 {
				break
			}
		}
		if joined = bytes.TrimSpace(joined); len(joined) == 0 || joined[0] == '#' {
			continue
		}
		if words := apacheWords(joined); len(words) > 0 {
			do(first, words)
		}
	}
}

// apacheWords splits a line; inside quotes a backslash hides a quote or a backslash.
func apacheWords(b []byte) (words []string) {
	for {
		b = bytes.TrimLeft(b, " \t")
		if len(b) == 0 {
			return words
		}
		quote := b[0]
		if quote != '"' && quote != '\'' {
			n := bytes.IndexAny(b, " \t")
			if n < 0 {
				n = len(b)
			}
			words, b = append(words, string(b[:n])), b[n:]
			continue
		}
		var out strings.Builder
		i := 1
		for ; i < len(b) && b[i] != quote; i++ {
			if b[i] == '\\' && i+1 < len(b) && (b[i+1] == quote || b[i+1] == '\\') {
				i++
			}
			out.WriteByte(b[i])
		}
		words, b = append(words, out.String()), b[min(i+1, len(b)):]
	}
}
