package parser

import "bytes"

// oneEntry cuts b before the second of several entries that stand in one line: a web page has made spaces of the line ends, or a
// program has written them as "\\n".
//
//	2026/11/22 10:00:00 [error] … host: "shop.test" 2026/11/22 10:00:01 [error] … host: "shop.test"
//
// One entry may well hold the time of another: PHP's messages do, behind a quote. What is before the first one stays with it.
func oneEntry(b []byte) (entry, rest []byte) {
	first := stampedEntry(b, 0)
	if first < 0 {
		return b, nil
	}
	second := stampedEntry(b, first+nginxStamp)
	if second < 0 {
		return b, nil
	}
	entry = bytes.TrimSuffix(b[:second], []byte(`\n`))
	return bytes.TrimRight(entry, " \r"), b[second:]
}

// stampedEntry finds where an entry of nginx, Apache, PHP-FPM or PHP begins with its time, from a place in b on; -1 if none does.
func stampedEntry(b []byte, from int) int {
	for i := from; i+nginxStamp < len(b); i++ {
		switch c := b[i]; {
		case c != '[' && (c < '0' || c > '9'):
			continue
		case i == 0, b[i-1] == ' ', b[i-1] == '\r', i > 1 && b[i-2] == '\\' && b[i-1] == 'n':
		default:
			continue
		}
		at := b[i:]
		if _, _, ok := nginxEnvelope(at); ok || at[0] == '[' && (sniffFPM(at) == 100 || sniffApacheError(at) == 98 || sniffPHPError(at) == 100) {
			return i
		}
	}
	return -1
}
