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
