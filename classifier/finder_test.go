package classifier

import (
	"fmt"
	"strings"
	"testing"
)

// What a finder finds does not depend on where in the text it stands, nor on what stands around it.
func TestFinderFindsEveryLiteralAnywhere(t *testing.T) {
	for _, m := range Load().matchers {
		f := newFinder(m.rules)
		for i, r := range m.rules {
			for _, l := range r.Literal {
				for before := range 2 * stride {
					for after := range 2 {
						text := strings.Repeat("x", before) + l + strings.Repeat("y", after)
						found := newRuleSet(len(m.rules))
						f.find([]byte(text), found)
						if found[i/64]&(1<<(i%64)) == 0 {
							t.Errorf("%s: %s is not found in %q", m.format, r.Tag, text)
						}
					}
				}
			}
		}
	}
}

func FuzzFinder(f *testing.F) {
	f.Add("abcde abc  abcdefgh", "xxabcdeabcdefghyy")
	f.Add("aaaaa aaaaaa", "aaaaaaa")
	f.Fuzz(func(t *testing.T, words, text string) {
		var rules []*Rule
		for w := range strings.SplitSeq(words, " ") {
			if len(w) >= minLiteral && len(rules) < 200 {
				rules = append(rules, &Rule{Literal: []string{w}})
			}
		}
		found := newRuleSet(len(rules))
		newFinder(rules).find([]byte(text), found)
		for i, r := range rules {
			if got, want := found[i/64]&(1<<(i%64)) != 0, strings.Contains(text, r.Literal[0]); got != want {
				t.Errorf("%q in %q: found %v, want %v", r.Literal[0], text, got, want)
			}
		}
	})
}

func TestRuleSetGivesRulesInOrder(t *testing.T) {
	s := newRuleSet(130)
	for _, i := range []int{129, 0, 64, 63, 64} {
		s.add(i)
	}
	var got []int
	for i, ok := s.pop(); ok; i, ok = s.pop() {
		got = append(got, i)
	}
	if fmt.Sprint(got) != "[0 63 64 129]" {
		t.Errorf("got %v", got)
	}
}

func TestLiteralWithout(t *testing.T) {
	r := &Rule{Literal: []string{"error: "}}
	for text, want := range map[string]bool{
		"Fatal error:  Uncaught x":                           true,
		"Fatal error:  Out of memory":                        false,
		"Fatal error: ":                                      true,
		"Fatal error:  Out of memory; Fatal error: Uncaught": true,
		"nothing": false,
	} {
		if got := r.literalWithout([]string{"Out of memory"}, []byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
