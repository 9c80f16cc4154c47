package report

import (
	"strconv"
	"testing"

	"why502/parser/discover"
)

func TestFill(t *testing.T) {
	advice := []Advice{{Text: "Switch PLUGIN off.", Config: "wp plugin deactivate PLUGIN\nphp /var/www/SITE/index.php"}}
	verify := []string{"curl -sI https://SITE/PAGE answers 200", "curl -sI https://SITE/ answers 200", "no error for a day"}
	for _, c := range []struct {
		name                string
		vhosts, uris        []string
		kind, culprit       string
		config, first, next string
	}{
		{
			"all",
			[]string{"shop.test"},
			[]string{"/cart/"},
			"plugin", "acme-rates",
			"wp plugin deactivate acme-rates\nphp /var/www/SITE/index.php", "curl -sI https://shop.test/cart/ answers 200", "curl -sI https://shop.test/ answers 200",
		},
		{
			"the page of which site is not known",
			[]string{"shop.test", "blog.test"},
			[]string{"/cart/"},
			"theme", "acme",
			"wp plugin deactivate PLUGIN\nphp /var/www/SITE/index.php", "curl -sI https://shop.test/PAGE answers 200", "curl -sI https://shop.test/ answers 200",
		},
		{
			"a family of pages is none",
			[]string{"shop.test"},
			[]string{"/product/*"},
			"", "",
			"wp plugin deactivate PLUGIN\nphp /var/www/SITE/index.php", "curl -sI https://shop.test/PAGE answers 200", "curl -sI https://shop.test/ answers 200",
		},
		{
			"words of a shell",
			[]string{"$(id).test"},
			[]string{"/a;id"},
			"plugin", "-x`id`",
			advice[0].Config, verify[0], verify[1],
		},
		{
			"options",
			[]string{"-o.test"},
			[]string{"/-a"},
			"plugin", "--all",
			advice[0].Config, verify[0], verify[1],
		},
		{"no site", []string{"_"}, nil, "", "", advice[0].Config, verify[0], verify[1]},
	} {
		b := builder{shelf: newShelf()}
		var in Incident
		for _, v := range c.vhosts {
			in.Vhosts = append(in.Vhosts, Share{v, 1})
		}
		for _, u := range c.uris {
			in.URIs = append(in.URIs, Share{u, 1})
		}
		for range 2 { // the second is taken from the shelf
			cause := Cause{ID: "php_segfault", Culprits: []Culprit{{c.kind, c.culprit, 1}}, Advice: advice, Verify: verify}
			b.fill(&in, &cause, discover.Package{})
			if a := cause.Advice[0]; a.Config != c.config || a.Text != advice[0].Text || cause.Verify[0] != c.first || cause.Verify[1] != c.next {
				t.Errorf("%s: %+v %q", c.name, a, cause.Verify)
			}
		}
		other := Cause{ID: "php_segfault", Culprits: []Culprit{{c.kind, c.culprit, 1}}, Advice: []Advice{{Text: "another"}}, Verify: verify}
		if b.fill(&in, &other, discover.Package{}); other.Advice[0].Text != "another" {
			t.Errorf("%s: other advice became %+v", c.name, other.Advice)
		}
	}
	if advice[0].Config != "wp plugin deactivate PLUGIN\nphp /var/www/SITE/index.php" || verify[0] != "curl -sI https://SITE/PAGE answers 200" {
		t.Error("what all incidents share was changed")
	}
}

// However many sites there are, what is kept for them is bounded; the rest shares the lines without names.
func TestFillRoom(t *testing.T) {
	b := builder{shelf: newShelf()}
	verify := []string{"curl -sI https://SITE/ answers 200"}
	for i := range 2 * fillRoom {
		cause := Cause{ID: "php_segfault", Verify: verify}
		b.fill(&Incident{Vhosts: []Share{{"s" + strconv.Itoa(i) + ".test", 1}}}, &cause, discover.Package{})
		if got := &cause.Verify[0] != &verify[0]; got != (i < fillRoom) {
			t.Fatalf("%d: %q", i, cause.Verify)
		}
	}
}

// The rule and the crawler of an incident stand in what is to be written into the configuration, unless a visitor may have made them up.
func TestFillNames(t *testing.T) {
	const line = `ModSecurity: Access denied with connection close (phase 2). Pattern match "x" at ARGS. [file "/a.conf"] [line "1"] [id "930120"] [msg "y"]`
	for _, c := range []struct {
		name string
		c    Cause
		want string
	}{
		{"rule", Cause{ID: "waf_block_or_odd_response", Evidence: []Evidence{{Tag: "nginx/upstream-closed"}, {Tag: "waf/modsec-drop", Excerpt: line}}}, "SecRuleRemoveById 930120 (NAME|gptbot)"},
		{"two ids", Cause{ID: "waf_block_or_odd_response", Evidence: []Evidence{{Tag: "waf/modsec-drop", Excerpt: `(Value: "] [id "1"] ` + line}}}, ""},
		{"no number", Cause{ID: "waf_block_or_odd_response", Evidence: []Evidence{{Tag: "waf/modsec-drop", Excerpt: `[line "1"] [id "9;x"]`}}}, ""},
		{"not the firewall's line", Cause{ID: "waf_block_or_odd_response", Evidence: []Evidence{{Tag: "nginx/upstream-closed", Excerpt: line}}}, ""},
		{"crawler", Cause{ID: "bot_or_bruteforce_flood", Culprits: []Culprit{{Kind: "client", Name: "Ahrefs-Bot"}}}, "SecRuleRemoveById RULE_ID (Ahrefs-Bot|gptbot)"},
		{"an address", Cause{ID: "bot_or_bruteforce_flood", Culprits: []Culprit{{Kind: "client", Name: "192.0.2.7"}}}, ""},
		{"a pattern", Cause{ID: "bot_or_bruteforce_flood", Culprits: []Culprit{{Kind: "client", Name: "a|.*"}}}, ""},
	} {
		b := builder{shelf: newShelf()}
		c.c.Advice = []Advice{{Text: "By its name (NAME).", Config: "SecRuleRemoveById RULE_ID (NAME|gptbot)"}}
		b.fill(&Incident{}, &c.c, discover.Package{})
		want := c.want
		if want == "" {
			want = "SecRuleRemoveById RULE_ID (NAME|gptbot)"
		}
		if got := c.c.Advice[0].Config; got != want {
			t.Errorf("%s: %q, want %q", c.name, got, want)
		}
		if got := c.c.Advice[0].Text; c.name == "crawler" && got != "By its name (Ahrefs-Bot)." {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
