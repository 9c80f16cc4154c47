package main

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"why502/parser"
)

// What the README shows is what the command prints now; `go test ./cmd/why502 -run README -update` writes it anew.
func TestREADME(t *testing.T) {
	t.Chdir("../..") // the README speaks to somebody who stands there
	t.Setenv("COLUMNS", "80")
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(text)
	for block, want := range map[string]string{
		"report":  fenced(shownReport(t, readme)),
		"formats": formatTable(),
		"exit":    fenced(strings.TrimPrefix(exitHelp, "Exit status:\n")),
	} {
		begin, end := "<!-- "+block+" -->\n", "<!-- /"+block+" -->"
		before, rest, ok := strings.Cut(readme, begin)
		got, after, closed := strings.Cut(rest, end)
		switch {
		case !ok || !closed:
			t.Errorf("no %s…%s", begin, end)
		case got != want && *update:
			readme = before + begin + want + end + after
		case got != want:
			t.Errorf("%s (-update writes it anew)\n got:\n%s\nwant:\n%s", block, got, want)
		}
	}
	if readme != string(text) {
		if err := os.WriteFile("README.md", []byte(readme), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// shownReport runs the README's first command.
func shownReport(t *testing.T, readme string) string {
	t.Helper()
	m := regexp.MustCompile(`(?m)^    go run \./cmd/why502 (.*)$`).FindStringSubmatch(readme)
	if m == nil {
		t.Fatal("README.md names no command")
	}
	var out, errs bytes.Buffer
	root := newRoot()
	root.SetOut(&out)
	root.SetErr(&errs)
	root.SetArgs(strings.Fields(m[1]))
	if code := finish(&errs, root.ExecuteContext(t.Context())); code != statusDone || errs.Len() > 0 {
		t.Fatalf("status %d: %s", code, errs.String())
	}
	return out.String()
}

func fenced(text string) string { return "```text\n" + text + "```\n" }

// formatTable lists what can be read, as the parsers say it of themselves.
func formatTable() string {
	var b strings.Builder
	b.WriteString("| format | what it is | usual place |\n|---|---|---|\n")
	for _, f := range parser.Formats {
		var paths []string
		for _, p := range f.Paths {
			paths = append(paths, "`"+p+"`")
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", f.Name, f.Doc, strings.Join(paths, ", "))
	}
	return b.String()
}
