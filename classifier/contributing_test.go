package classifier

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What a rule may say stands in CONTRIBUTING.md: a row of a table for each key, every word that harm and family
// take, and an example that is a good rule.
func TestContributingTellsOfRules(t *testing.T) {
	text, err := os.ReadFile("../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n## Rules\n")
	if !ok {
		t.Fatal("CONTRIBUTING.md has no section Rules")
	}
	section, _, _ = strings.Cut(section, "\n## ")

	_, example, _ := strings.Cut(section, "```yaml\n")
	example, _, _ = strings.Cut(example, "```\n")
	rules, refusals := decode("CONTRIBUTING.md", []byte(example))
	for _, r := range rules {
		if bad := r.checkSamples(); bad != nil {
			refusals = append(refusals, bad)
		}
	}
	if len(rules) != 1 || len(refusals) > 0 {
		t.Errorf("the example is %d rules, refused: %v", len(rules), refusals)
	}

	var rows []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z]+)` \\|").FindAllStringSubmatch(section, -1) {
		rows = append(rows, m[1])
	}
	keys := new(Rule).keys(new([]string))
	for k := range keys {
		if !slices.Contains(rows, k) {
			t.Errorf("the key %s has no row", k)
		}
	}
	for _, row := range rows {
		if keys[row] == nil {
			t.Errorf("the row %s is no key", row)
		}
	}
	words := slices.Clone(harms[1:])
	for _, f := range families {
		words = append(words, string(f))
	}
	for k := range new(Except).keys() {
		words = append(words, k)
	}
	for _, w := range words {
		if !strings.Contains(section, "`"+w+"`") {
			t.Errorf("`%s` is not mentioned", w)
		}
	}
}
