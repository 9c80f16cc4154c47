package parser

import "bytes"

// foldedNginx says whether text goes on with an entry of nginx that somebody has laid out by hand, a line for each of its parts:
//
//	2026/11/22 10:00:00 [error]
//	  812#812: *14 upstream sent too big header while reading response header from upstream,
//	  client: 203.0.113.9,
//	  server: shop.test,
func foldedNginx(whole, text []byte) bool {
	text = bytes.TrimLeft(text, " \t")
	if !nginxStamped(whole) || len(text) == 0 {
		return false
	}
	if len(whole) <= nginxStamp+len(" [emerg]") { // stamp and level alone
		level, _ := nginxLevel(append(bytes.TrimLeft(bytes.Clone(whole[nginxStamp:]), " "), ' '))
		return level != LevelNone && bareWriter(text) > 0
	}
	if whole[len(whole)-1] != ',' {
		return false
	}
	for _, name := range [...]string{"client: ", "server: ", "request: ", "subrequest: ", "upstream: ", "host: ", "referrer: "} {
		if begins(text, name) {
			return true
		}
	}
	return false
}
