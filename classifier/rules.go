package classifier

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"why502/parser"
)

//go:generate go test . -run TestBuiltin -update

// Rules is a set of rules, ready to classify. It may be used by several readers at once.
type Rules struct {
	all      []*Rule
	byTag    map[Tag]*Rule
	matchers []*matcher // by format; there are so few that walking over them is quicker than a map
}

// Refusal says why a rule was not taken, in the form "file:line: what is wrong".
type Refusal struct {
	Source string // "file:line" of what is wrong
	Reason string
}

func (r *Refusal) Error() string { return r.Source + ": " + r.Reason }

// Load returns the built-in rules. Their sample lines are for the tests to run.
func Load() *Rules {
	all := make([]*Rule, len(builtin))
	own := slices.Clone(builtin[:]) // patterns remember how often they ran out of time
	for i := range own {
		all[i] = &own[i]
		all[i].pattern = lazily(own[i].Pattern)
	}
	rs, _ := assemble(nil, all)
	return rs
}

// maxFile bounds a rules file. One that is larger is something else.
const maxFile = 1 << 20

// With returns rs and the rules of path: a file, or a folder of .yaml files. A rule that is not right, or
// contradicts its own sample lines, is refused and the others still hold. The error is about reading.
func (rs *Rules) With(path string) (*Rules, []*Refusal, error) {
	names, err := ruleFiles(path)
	if err != nil {
		return nil, nil, err
	}
	var (
		added    []*Rule
		refusals []*Refusal
	)
	for _, name := range names {
		text, err := readFile(name)
		if err != nil {
			return nil, nil, err
		}
		rules, bad := decode(name, text)
		refusals = append(refusals, bad...)
		for _, r := range rules {
			if bad := r.checkSamples(); bad != nil {
				refusals = append(refusals, bad)
				continue
			}
			added = append(added, r)
		}
	}
	whole, bad := assemble(rs.all, added)
	return whole, append(refusals, bad...), nil
}

// ruleFiles lists the files of path in the order of their names.
func ruleFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); !e.IsDir() && (ext == ".yaml" || ext == ".yml") {
			names = append(names, filepath.Join(path, e.Name()))
		}
	}
	if len(names) == 0 {
		return nil, errors.New("no .yaml file in it")
	}
	return names, nil
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("%s: larger than such a file may be (%d bytes)", name, maxFile)
	}
	return text, err
}

// assemble makes a set of base and added; a tag that is taken refuses the later rule.
func assemble(base, added []*Rule) (*Rules, []*Refusal) {
	rs := &Rules{byTag: map[Tag]*Rule{}}
	var refusals []*Refusal
	for _, r := range slices.Concat(base, added) {
		if first := rs.byTag[r.Tag]; first != nil {
			refusals = append(refusals, &Refusal{r.Source, fmt.Sprintf("the tag %s is taken by the rule at %s", r.Tag, first.Source)})
			continue
		}
		rs.byTag[r.Tag] = r
		rs.all = append(rs.all, r)
	}
	for _, f := range parser.Formats {
		if !hasMessages(f.Name) {
			continue
		}
		m := &matcher{format: f.Name}
		for _, r := range rs.all {
			if len(r.Formats) == 0 || slices.Contains(r.Formats, f.Name) {
				m.rules = append(m.rules, r)
			}
		}
		rs.matchers = append(rs.matchers, m)
	}
	return rs, refusals
}

// hasMessages says whether records of a format carry text: access logs do not, their status speaks.
func hasMessages(format string) bool { return !strings.HasSuffix(format, "-access") }

// Classify appends an event for every rule that r fits, in the order of the rules' files.
func (rs *Rules) Classify(dst []Event, r *parser.Record) []Event {
	if m := rs.matcher(r.Format); m != nil {
		return m.classify(dst, r)
	}
	return dst
}

// matcher is that of a format, nil if its records have no messages.
func (rs *Rules) matcher(format string) *matcher {
	if !hasMessages(format) { // the lines of access logs are many
		return nil
	}
	for _, m := range rs.matchers {
		if m.format == format {
			return m
		}
	}
	return nil
}

// All returns the rules in the order of their files.
func (rs *Rules) All() []*Rule { return rs.all }

// Find returns the rule of that tag, nil if there is none.
func (rs *Rules) Find(tag Tag) *Rule { return rs.byTag[tag] }

// SwitchedOff returns the rules whose pattern ran out of time too often to be used any longer.
func (rs *Rules) SwitchedOff() []*Rule {
	var off []*Rule
	for _, r := range rs.all {
		if r.pattern != nil && r.pattern.off() {
			off = append(off, r)
		}
	}
	return off
}
