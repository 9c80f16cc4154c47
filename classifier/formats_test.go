package classifier

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"why502/parser"
)

// readFormats reads texts as files a.yaml, b.yaml, …; refusals are told without their folder.
func readFormats(t *testing.T, texts ...string) (formats []*OwnFormat, refused []string) {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for i, text := range texts {
		paths = append(paths, filepath.Join(dir, string(rune('a'+i))+".yaml"))
		if err := os.WriteFile(paths[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	formats, bad, err := ReadFormats(paths)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bad {
		refused = append(refused, strings.ReplaceAll(b.Error(), dir+string(filepath.Separator), ""))
	}
	return formats, refused
}

// The example of CONTRIBUTING.md is one of every kind.
func TestContributingTellsOfFormats(t *testing.T) {
	text, err := os.ReadFile("../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Formats of your own\n")
	section, _, _ = strings.Cut(section, "\n## ")
	_, example, _ := strings.Cut(section, "```yaml\n")
	example, _, _ = strings.Cut(example, "```\n")
	formats, refused := readFormats(t, example)
	var kinds []string
	for _, f := range formats {
		if f.Access != nil {
			kinds = append(kinds, f.Access.Source)
		} else {
			kinds = append(kinds, f.Errors.Name)
		}
	}
	if strings.Join(kinds, " ") != "nginx apache json shop-app" || refused != nil {
		t.Errorf("%v, refused: %q", kinds, refused)
	}
}

func TestReadFormatsRefuses(t *testing.T) {
	const good = "\n- {name: good, nginx: $status}"
	for text, want := range map[string]string{
		"name: x":                   "a.yaml:1: not a list of formats",
		"- name: [":                 "a.yaml:1: did not find expected node content",
		"- a" + good:                "a.yaml:1: not a format: it has no keys",
		"- {nginx: $status}" + good: `a.yaml:1: the name "" is none; use small letters, digits and hyphens`,
		"- {name: x}" + good:        "a.yaml:1: not one of nginx, apache, json, line; give one of them",
		"- {name: x, nginx: $status, apache: '%s'}" + good:           "a.yaml:1: not one of nginx, apache, json, line; give one of them",
		"- name: x\n  ngnix: $status" + good:                         `a.yaml:2: unknown key "ngnix" in a format`,
		"- name: x\n  nginx: $status $" + good:                       "a.yaml:2: nginx: column 9: a $ without the name of a variable",
		"- name: x\n  apache: '%s %'" + good:                         "a.yaml:2: apache: column 4: % without a letter",
		"- name: x\n  json: [a]" + good:                              "a.yaml:2: json: not fields with keys; write {status: code, time: ts}",
		"- name: x\n  json: {status: a}" + good:                      "a.yaml:2: json: the keys of status and time are missing; add them",
		"- name: x\n  json:\n    uri: {kee: a}" + good:               `a.yaml:3: unknown key "kee" in a field of json`,
		"- {name: x, line: '{time} {message}'}" + good:               "a.yaml:1: line without like; name the format whose rules its messages get: php-error, php-fpm, nginx-error, apache-error",
		"- {name: x, nginx: $status, like: php-fpm}" + good:          "a.yaml:1: like belongs to line; leave it out",
		"- name: x\n  like: php-fpm\n  line: '{message}'" + good:     "a.yaml:3: line: column 1: neither a time nor a status in it: any line would fit",
		"- {name: x, like: kernel, line: '{time} {message}'}" + good: `a.yaml:1: line: like: "kernel" is none; give one of php-error, php-fpm, nginx-error, apache-error`,
		"- {name: php-fpm, nginx: $status}" + good:                   "a.yaml:1: the name php-fpm is taken by a built-in format; give another",
		good + good: "a.yaml:3: the name good is taken by the format at a.yaml:2; give another",
	} {
		formats, refused := readFormats(t, text)
		if len(refused) != 1 || refused[0] != want {
			t.Errorf("%s\n got %q\nwant %q", text, refused, want)
		}
		if strings.HasSuffix(text, good) && len(formats) != 1 {
			t.Errorf("%s: the other format is gone", text)
		}
	}
}

func TestReadFormats(t *testing.T) {
	formats, refused := readFormats(t, "- {name: x, nginx: $status}", "# none", "- {name: x, nginx: $status}")
	if len(formats) != 1 || len(refused) != 1 || !strings.HasPrefix(refused[0], "c.yaml:1: the name x is taken by the format at ") {
		t.Errorf("%d formats, refused: %q", len(formats), refused)
	}
	if _, _, err := ReadFormats([]string{filepath.Join(t.TempDir(), "missing")}); err == nil {
		t.Error("a missing file gave no error")
	}
	path := filepath.Join(t.TempDir(), "x.yaml")
	if err := os.WriteFile(path, []byte("- {name: x, nginx: $}"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, bad, _ := ReadFormats([]string{path})
	var at *parser.PatternError
	if len(bad) != 1 || !errors.As(bad[0], &at) || at.Pattern != "$" || at.Column != 1 {
		t.Errorf("got %v", bad)
	}
}
