package classifier

import (
	"strings"
	"testing"
)

func TestRefusals(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "",
		"# nothing yet":                    "",
		"tag: a/b":                         "r.yaml:1: not a list of rules",
		"- a":                              "r.yaml:1: not a rule: it has no keys",
		"- literal: [abc]":                 "r.yaml:1: it has no tag",
		"- {tag: ab, literal: [abc]}":      `r.yaml:1: the tag "ab" is not of the form area/name in small letters, digits and hyphens`,
		"- {tag: a/B, literal: [abc]}":     `r.yaml:1: the tag "a/B" is not of the form area/name in small letters, digits and hyphens`,
		"\n- tag: a/b":                     "r.yaml:2: it has no literal",
		"- {tag: a/b, literal: [ab]}":      `r.yaml:1: the literal "ab" is shorter than 3 bytes`,
		"- tag: a/b\n  litteral: [abc]":    `r.yaml:2: unknown key "litteral" in a rule`,
		"- tag: a/b\n  literal:\n    a: b": "r.yaml:3: literal: line 3: cannot unmarshal !!map into []string",
		"- {tag: a/b, literal: [abc], every: true, formats: [php-fpm]}":         "r.yaml:1: it has a literal and every, one of which is enough",
		"- {tag: a/b, every: true}":                                             "r.yaml:1: every needs formats",
		"- {tag: a/b, literal: [abc], formats: [nginx]}":                        `r.yaml:1: unknown format "nginx"`,
		"- {tag: a/b, literal: [abc], level: [loud]}":                           `r.yaml:1: unknown level "loud"`,
		"- {tag: a/b, literal: [abc], harm: 501, family: down}":                 `r.yaml:1: unknown harm "501"`,
		"- {tag: a/b, literal: [abc], family: broken}":                          `r.yaml:1: unknown family "broken"`,
		"- {tag: a/b, literal: [abc], harm: '502'}":                             "r.yaml:1: harm needs a family",
		"- {tag: a/b, literal: [abc], presumed: true}":                          "r.yaml:1: presumed without harm",
		"- {tag: a/b, literal: [abc], benign: true, signal: true}":              "r.yaml:1: benign, and yet it harms",
		"- {tag: a/b, literal: [abc], pattern: '(a'}":                           "r.yaml:1: bad pattern: error parsing regexp: missing closing ) in `(a`",
		"- {tag: a/b, literal: [abc], fields: {signal: []}}":                    "r.yaml:1: fields: signal: no value",
		"- {tag: a/b, literal: [abc], fields: [signal]}":                        "r.yaml:1: fields: not keys with values",
		"- {tag: a/b, literal: [abc], except: {tag: x}}":                        `r.yaml:1: unknown key "tag" in an exception`,
		"- {tag: a/b, every: true, formats: [php-fpm], except: {next: [abc]}}":  "r.yaml:1: next follows a literal, and it has none",
		"- {tag: a/b, literal: [abc], except: x}":                               "r.yaml:1: not an exception: it has no keys",
		"- {tag: a/b, literal: [abc], yes: ['[22-Nov-2026 10:00:00 UTC] abd']}": "r.yaml:1: it does not match this line of yes: [22-Nov-2026 10:00:00 UTC] abd",
		"- {tag: a/b, literal: [abc], yes: ['abc']}":                            "r.yaml:1: no format reads this line of yes: abc",
		"- {tag: a/b, literal: [abc], no: ['[22-Nov-2026 10:00:00 UTC] abc']}":  "r.yaml:1: it matches this line of no: [22-Nov-2026 10:00:00 UTC] abc",
		"- {tag: a/b, literal: [abc]}\n- {tag: a/b, literal: [abd]}":            "r.yaml:2: the tag a/b is taken by the rule at r.yaml:1",
		"- {tag: a/b, literal: [abc]}\n  - x":                                   "r.yaml:1: did not find expected '-' indicator",
		goodRule:                                                                "",
	} {
		var got []string
		rules, refusals := decode("r.yaml", []byte(text))
		for _, r := range rules {
			if bad := r.checkSamples(); bad != nil {
				refusals = append(refusals, bad)
			}
		}
		_, bad := assemble(nil, rules)
		for _, r := range append(refusals, bad...) {
			got = append(got, r.Error())
		}
		if s := strings.Join(got, "\n"); s != want {
			t.Errorf("%s\n got %s\nwant %s", text, s, want)
		}
	}
}

func FuzzRules(f *testing.F) {
	f.Add(goodRule)
	f.Add("- {tag: a/b, literal: [abc], except: {errno: [1], fields: {a: b}}}")
	f.Add("- {tag: a/b, literal: [abc], except: {next: [d]}, yes: ['[22-Nov-2026 10:00:00 UTC] abc d abc e']}")
	f.Add("- &a {tag: a/b, literal: [abc]}\n- *a")
	f.Add("- &a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		rules, refusals := decode("r.yaml", []byte(text))
		for _, r := range refusals {
			if !strings.HasPrefix(r.Error(), "r.yaml") || r.Reason == "" || strings.Contains(r.Reason, "\n") {
				t.Errorf("a refusal without place or reason: %q", r.Error())
			}
		}
		for _, r := range rules {
			r.checkSamples()
		}
		rs, _ := assemble(nil, rules)
		for _, r := range rs.All() {
			for _, s := range r.Yes {
				for rec := range sampleRecords(s, r.Formats) {
					if got, want := tagsOf(rs.Classify(nil, rec)), rs.naive(rec); !equalTags(got, want) {
						t.Errorf("%q\n got %v\nwant %v", s, got, want)
					}
				}
			}
		}
	})
}
