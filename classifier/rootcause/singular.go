package rootcause

import "strings"

// singular turns a sentence about "1 children were" into one about "1 child was". It knows the words of the catalogue.
func singular(text string) string {
	at := strings.Index(text, "1 ")
	if at < 0 || at > 0 && text[at-1] != ' ' && text[at-1] != '(' {
		return text
	}
	head, rest := text[:at+2], text[at+2:]
	word, tail, _ := strings.Cut(rest, " ")
	one, ok := noun(word)
	if !ok { // "slow-log entries"
		next, after, _ := strings.Cut(tail, " ")
		if one, ok = noun(next); !ok {
			return text
		}
		one, tail = word+" "+one, after
	}
	words := strings.Split(tail, " ")
	for i, w := range words {
		if v, ok := verbs[w]; ok {
			words[i] = v
			break
		}
	}
	return strings.TrimRight(head+one+" "+strings.Join(words, " "), " ")
}

// noun is the word for one of what a word names, with the mark behind it: "reports)", "times:".
func noun(word string) (one string, ok bool) {
	bare := strings.TrimRight(word, ",:;.)")
	one, ok = nouns[bare]
	return one + word[len(bare):], ok
}

var nouns = map[string]string{
	"children": "child", "connections": "connection", "requests": "request", "visitors": "visitor", "answers": "answer", "scripts": "script",
	"processes": "process", "crashes": "crash", "failures": "failure", "entries": "entry", "clients": "client", "units": "unit",
	"accesses": "access", "sessions": "session", "programs": "program", "times": "time", "pages": "page", "reports": "report",
	"queries": "query", "lines": "line", "handshakes": "handshake", "sockets": "socket", "bodies": "body", "problems": "problem", "errors": "error",
	"exceptions": "exception", "timeouts": "timeout", "writes": "write", "files": "file", "exchanges": "exchange", "workers": "worker",
}

var verbs = map[string]string{
	"were": "was", "have": "has", "wait": "waits", "are": "is",
}
