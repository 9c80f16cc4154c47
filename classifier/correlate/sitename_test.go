package correlate

import "testing"

func TestSiteByPattern(t *testing.T) {
	tl := New()
	tl.Configure(&Config{Sites: []Site{
		{Names: []string{"plain.test"}},
		{Names: []string{"~^(?<user>\\w+)\\.users\\.test$"}, Patterns: []string{"~^(?<user>\\w+)\\.users\\.test$", "~(?=pcre)"}},
		{Names: []string{"any"}, Patterns: []string{"~test$"}},
		{Names: []string{"all"}, Patterns: []string{"*.shop.test"}},
		{Names: []string{"deep"}, Patterns: []string{"*.a.shop.test"}},
		{Names: []string{"mail"}, Patterns: []string{"mail.*"}},
	}})
	for host, want := range map[string]string{
		"plain.test": "plain.test", "www.shop.test": "all", "x.a.shop.test": "deep", "mail.else.example": "mail", "mail.shop.test": "all",
		"bob.users.test": "~^(?<user>\\w+)\\.users\\.test$", "~^(?<user>\\w+)\\.users\\.test$": "~^(?<user>\\w+)\\.users\\.test$",
		"b-b.users.test": "any", "shop.example": "", ".shop.test": "any", "": "",
	} {
		got := ""
		if s := tl.wiring.site(host); s != nil {
			got = s.Names[0]
		}
		if got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}
