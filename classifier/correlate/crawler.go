package correlate

import (
	"bytes"
	"time"

	"why502/parser"
)

// CrawlerMark begins the names of crawlers among the clients of TopClient: no address begins so.
const CrawlerMark = "crawler "

// asker is who asked for a page. A crawler asks from hundreds of addresses, and is one all the same.
func (t *Timeline) asker(r *parser.Record) []byte {
	name := crawler(r.Field("agent"))
	if name == nil {
		return r.Client
	}
	t.traffic.crawler = append(append(t.traffic.crawler[:0], CrawlerMark...), name...)
	return t.traffic.crawler
}

// crawler names the program that asks if it says where its owner explains it, which browsers and tools do not:
//
//	meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)
//	Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)
//	Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)
func crawler(agent []byte) []byte {
	at := bytes.Index(agent, []byte("+http"))
	if at < 0 {
		return nil
	}
	name := agent
	if i := bytes.LastIndex(agent[:at], []byte("compatible; ")); i >= 0 {
		name = agent[i+len("compatible; "):]
	} else if bytes.HasPrefix(agent, []byte("Mozilla/")) {
		return nil
	}
	if end := bytes.IndexAny(name, "/;() "); end > 0 {
		return name[:end]
	}
	return nil
}

// PagesOf counts the page requests of one client of a time, by the name that TopClient gives it, and those of all.
func (t *Timeline) PagesOf(client string, from, to time.Time) (n, all int) {
	for _, e := range t.clientsOf(from, to) {
		if all += int(e.n); t.names.list[e.client] == client {
			n += int(e.n)
		}
	}
	return n, all
}
