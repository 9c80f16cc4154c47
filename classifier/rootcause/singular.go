package rootcause

import "strings"

// singular turns a sentence about "1 children were" into one about "1 child was". It knows the words of the catalogue.
func singular(text string) string {
	at := strings.Index(text, "1 ")
	if at < 0 || at > 0 && text[at-1] != ' ' {
		return text
	}
	head, rest := text[:at+2], text[at+2:]
	word, tail, _ := strings.Cut(rest, " ")
	one, ok := nouns[word]
	if !ok { // "slow-log entries"
		next, after, _ := strings.Cut(tail, " ")
		if one, ok = nouns[next]; !ok {
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

var nouns = map[string]string{
	"children": "child", "connections": "connection", "requests": "request", "visitors": "visitor", "answers": "answer", "scripts": "script",
	"processes": "process", "crashes": "crash", "failures": "failure", "entries": "entry", "clients": "client", "units": "unit",
	"accesses": "access", "sessions": "session", "programs": "program", "times": "time", "pages": "page", "reports": "report",
}

var verbs = map[string]string{
	"were": "was", "have": "has", "wait": "waits", "are": "is",
}
