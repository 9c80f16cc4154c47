package correlate

import "testing"

func TestCrawler(t *testing.T) {
	for agent, want := range map[string]string{
		"meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)":                       "meta-externalagent",
		"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)":                                              "AhrefsBot",
		"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)":          "GPTBot",
		"Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1)":                                                              "",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36": "",
		"Mozilla/5.0 (X11; Linux x86_64) Chrome/90 +https://example.org":                                                  "",
		"curl/8.5.0": "",
		"":           "",
		"+http":      "",
	} {
		if got := string(crawler([]byte(agent))); got != want {
			t.Errorf("%q: %q, want %q", agent, got, want)
		}
	}
}

// A crawler's addresses count as one client; those of visitors do not.
func TestCrawlersAreOneClient(t *testing.T) {
	tl := New()
	for i := range 60 {
		r := accessLine("shop.test", "/", 200, i, -1)
		r.Client = []byte{'1', '0', '.', '0', '.', '0', '.', byte('0' + i%10)}
		if i%2 == 0 {
			r.Add("agent", []byte("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"))
		}
		tl.Add(r, nil)
	}
	from, to := accessLine("", "", 200, 0, -1).Time, accessLine("", "", 200, 60, -1).Time
	name, n, all := tl.TopClient(from, to)
	if name != CrawlerMark+"AhrefsBot" || n != 30 || all != 60 {
		t.Errorf("%q made %d of %d", name, n, all)
	}
	if n, all := tl.PagesOf(name, from, to); n != 30 || all != 60 {
		t.Errorf("%d of %d", n, all)
	}
}
