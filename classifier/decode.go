package classifier

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"why502/parser"
)

// decode reads a rules file: a list of rules. Every rule of it that is not right gives a refusal.
//
//	# what the area is about
//	- tag: shop/stock-service-timeout
//	  formats: [php-error, nginx-error]
//	  literal: ["StockService: timed out"]
//	  pattern: 'timed out after (?<seconds>\d+) s'
//	  why: The stock service did not answer in time.
//	  yes:
//	    - '[22-Nov-2026 10:00:00 UTC] StockService: timed out after 30 s'
func decode(name string, text []byte) ([]*Rule, []*Refusal) {
	list, bad := listOf(name, "rules", text)
	if bad != nil {
		return nil, []*Refusal{bad}
	}
	var (
		rules    []*Rule
		refusals []*Refusal
	)
	for _, item := range list {
		r := &Rule{Source: at(name, item)}
		if err := r.decode(name, item); err != nil {
			refusals = append(refusals, err)
			continue
		}
		if err := r.check(); err != nil {
			refusals = append(refusals, &Refusal{r.Source, err.Error()})
			continue
		}
		rules = append(rules, r)
	}
	return rules, refusals
}

// listOf reads a YAML file that is a list.
func listOf(name, what string, text []byte) ([]*yaml.Node, *Refusal) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, syntaxRefusal(name, err)
	}
	if doc.Kind == 0 { // an empty file, or comments alone
		return nil, nil
	}
	list := doc.Content[0]
	if list.Kind != yaml.SequenceNode {
		return nil, &Refusal{at(name, list), "not a list of " + what}
	}
	return list.Content, nil
}

func at(name string, n *yaml.Node) string { return fmt.Sprintf("%s:%d", name, n.Line) }

// syntaxRefusal reads "line 3: did not find expected key".
func syntaxRefusal(name string, err error) *Refusal {
	reason := cleanError(err)
	if rest, ok := strings.CutPrefix(reason, "line "); ok {
		if line, text, ok := strings.Cut(rest, ": "); ok {
			return &Refusal{name + ":" + line, text}
		}
	}
	return &Refusal{name + ":1", reason}
}

// cleanError takes the library's own prefixes from its messages, and keeps them to one line.
func cleanError(err error) string {
	var te *yaml.TypeError
	if errors.As(err, &te) {
		return strings.Join(te.Errors, "; ")
	}
	return strings.TrimPrefix(err.Error(), "yaml: ")
}

// decode fills r from one item of the list.
func (r *Rule) decode(name string, item *yaml.Node) *Refusal {
	var levels []string
	if bad := decodeMap(name, "a rule", item, r.keys(&levels)); bad != nil {
		return bad
	}
	for _, word := range levels {
		level := parser.ParseLevel([]byte(word))
		if level == parser.LevelNone {
			return &Refusal{r.Source, fmt.Sprintf("unknown level %q", word)}
		}
		r.Level = append(r.Level, level)
	}
	return nil
}

// keys says what a rule may state, and where it is kept.
func (r *Rule) keys(levels *[]string) map[string]any {
	return map[string]any{
		"tag": &r.Tag, "formats": &r.Formats, "literal": &r.Literal, "every": &r.Every,
		"errno": &r.Errno, "phase": &r.Phase, "upstream": &r.Upstream, "level": levels, "pattern": &r.Pattern,
		"harm": &r.Harm, "presumed": &r.Presumed, "family": &r.Family, "signal": &r.Signal, "benign": &r.Benign,
		"why": &r.Why, "fix": &r.Fix, "yes": &r.Yes, "no": &r.No,
		"fields": fieldsDecoder{&r.Fields}, "except": exceptDecoder{&r.Except},
	}
}

// keys says what an exception may state, and where it is kept.
func (e *Except) keys() map[string]any {
	return map[string]any{"literal": &e.Literal, "next": &e.Next, "errno": &e.Errno, "phase": &e.Phase, "fields": fieldsDecoder{&e.Fields}}
}

// A nodeDecoder reads a value that plain decoding cannot place.
type nodeDecoder interface {
	decode(name string, n *yaml.Node) *Refusal
}

// decodeMap decodes the values of a mapping into keys, which holds pointers and nodeDecoders.
func decodeMap(name, what string, n *yaml.Node, keys map[string]any) *Refusal {
	if n.Kind != yaml.MappingNode {
		return &Refusal{at(name, n), fmt.Sprintf("not %s: it has no keys", what)}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		to, known := keys[key.Value]
		if !known {
			return &Refusal{at(name, key), fmt.Sprintf("unknown key %q in %s", key.Value, what)}
		}
		if d, ok := to.(nodeDecoder); ok {
			if bad := d.decode(name, value); bad != nil {
				return bad
			}
			continue
		}
		if err := value.Decode(to); err != nil {
			return &Refusal{at(name, value), fmt.Sprintf("%s: %s", key.Value, cleanError(err))}
		}
	}
	return nil
}

// fieldsDecoder reads `{signal: ["11", "7"], comm: php-fpm}`: a key and its value, or values.
type fieldsDecoder struct{ to *[]FieldMatch }

func (d fieldsDecoder) decode(name string, n *yaml.Node) *Refusal {
	if n.Kind != yaml.MappingNode {
		return &Refusal{at(name, n), "fields: not keys with values"}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		m := FieldMatch{Key: n.Content[i].Value}
		value, err := n.Content[i+1], error(nil)
		if value.Kind == yaml.ScalarNode {
			m.Values = []string{value.Value}
		} else {
			err = value.Decode(&m.Values)
		}
		if err == nil && len(m.Values) == 0 {
			err = errors.New("no value")
		}
		if err != nil {
			return &Refusal{at(name, value), fmt.Sprintf("fields: %s: %s", m.Key, cleanError(err))}
		}
		*d.to = append(*d.to, m)
	}
	return nil
}

type exceptDecoder struct{ to *Except }

func (d exceptDecoder) decode(name string, n *yaml.Node) *Refusal {
	return decodeMap(name, "an exception", n, d.to.keys())
}

var (
	harms    = []string{"", "500", "502", "503", "504", "508", "truncated", "dropped"}
	families = []Family{Down, Saturated, Died, BadAnswer, App, Name, TLS, Limit, Blocked, Effect}
)

// minLiteral keeps out literals that stand in almost every line.
const minLiteral = 3

// check says what is wrong with a rule that could be read, and compiles its pattern.
func (r *Rule) check() error {
	area, rest, ok := strings.Cut(string(r.Tag), "/")
	if r.Tag == "" {
		return errors.New("it has no tag")
	}
	if !ok || !isName(area) || !isName(rest) {
		return fmt.Errorf("the tag %q is not of the form area/name in small letters, digits and hyphens", r.Tag)
	}
	for _, f := range r.Formats {
		switch {
		case parser.Lookup(f) == nil:
			return fmt.Errorf("unknown format %q", f)
		case !hasMessages(f):
			return fmt.Errorf("%s has no messages to look at", f)
		}
	}
	switch {
	case r.Every && len(r.Literal) > 0:
		return errors.New("it has a literal and every, one of which is enough")
	case r.Every && len(r.Formats) == 0:
		return errors.New("every needs formats")
	case !r.Every && len(r.Literal) == 0:
		return errors.New("it has no literal")
	}
	if r.Every && len(r.Except.Next) > 0 {
		return errors.New("next follows a literal, and it has none")
	}
	for _, l := range slices.Concat(r.Literal, r.Except.Literal) {
		if len(l) < minLiteral {
			return fmt.Errorf("the literal %q is shorter than %d bytes", l, minLiteral)
		}
	}
	switch {
	case !slices.Contains(harms, r.Harm):
		return fmt.Errorf("unknown harm %q", r.Harm)
	case r.Family != "" && !slices.Contains(families, r.Family):
		return fmt.Errorf("unknown family %q", r.Family)
	case r.Harm != "" && r.Family == "":
		return errors.New("harm needs a family")
	case r.Harm == "" && r.Presumed:
		return errors.New("presumed without harm")
	case r.Benign && (r.Harm != "" || r.Signal):
		return errors.New("benign, and yet it harms")
	}
	if r.pattern = lazily(r.Pattern); r.pattern == nil {
		return nil
	}
	if err := r.pattern.compile(); err != nil {
		return fmt.Errorf("bad pattern: %s", strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return nil
}

func isName(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return s != ""
}
