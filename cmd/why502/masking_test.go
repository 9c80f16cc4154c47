package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"why502/report"
	"why502/report/mail"
	"why502/report/profile"
)

// secrets are what logs hold of anybody, found in another way than the program does.
type secrets map[string]string

var secretPlaces = map[string]*regexp.Regexp{
	"client":  regexp.MustCompile(`(?m)(?:client: |\[client |^)((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{1,4}:[0-9a-f:]*:[0-9a-f]+)[ ,:\]]`),
	"host":    regexp.MustCompile(`\b((?:[a-z0-9-]+\.)+(?:test|example|invalid))\b`),
	"machine": regexp.MustCompile(`(?m)^\d{4}-\d\d-\d\dT\S+ ([a-z0-9-]+) (?:kernel|systemd)`),
	"query":   regexp.MustCompile(`(?:GET|POST|HEAD) [^ "?]*\?([^ "]{6,})`),
	"mail":    regexp.MustCompile(`([a-z0-9.]+@[a-z0-9-]+\.[a-z]+)`),
	"account": regexp.MustCompile(`/home/([a-z0-9]+)/`),
}

func (s secrets) read(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		var in io.Reader = f
		if strings.HasSuffix(path, ".gz") {
			if in, err = gzip.NewReader(f); err != nil {
				return err
			}
		}
		data, err := io.ReadAll(io.LimitReader(in, 8<<20))
		if err != nil {
			return err
		}
		for kind, p := range secretPlaces {
			for _, m := range p.FindAllSubmatch(data, 2000) {
				if v := string(m[1]); v != "127.0.0.1" && v != "::1" {
					s[v] = kind
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Of no client, host, account or query string in the logs is anything left, in no output.
func TestAnonymize(t *testing.T) {
	cases, err := filepath.Glob("../../fixtures/incidents/*/logs")
	if err != nil || len(cases) == 0 {
		t.Fatal(err)
	}
	more, _ := filepath.Glob("../../../shared/cases/*/logs")
	found := map[string]int{}
	for _, logs := range append(cases, more...) {
		t.Run(filepath.Base(filepath.Dir(logs)), func(t *testing.T) {
			dir := t.TempDir()
			args := []string{"--anonymize", "--format", "json", "-o", filepath.Join(dir, "report.json"), "--timezone", "UTC", logs}
			if slow, _ := filepath.Glob(filepath.Join(logs, "var/log/php-fpm/*slow*")); len(slow) > 0 {
				args = append(args, "--profile", filepath.Join(dir, "slow.folded"))
			}
			var out, errs bytes.Buffer
			root := newRoot()
			root.SetOut(&out)
			root.SetErr(&errs)
			root.SetArgs(args)
			if code := finish(&errs, root.ExecuteContext(t.Context())); code == statusUsage && !strings.Contains(errs.String(), "no entry") && !strings.Contains(errs.String(), "no PHP-FPM") {
				t.Fatal(errs.String())
			}
			s := secrets{}
			s.read(t, logs)
			for _, kind := range s {
				found[kind]++
			}
			for name, text := range drawAll(t, filepath.Join(dir, "report.json")) {
				s.absent(t, name, text)
			}
			if folded, err := os.ReadFile(filepath.Join(dir, "slow.folded")); err == nil {
				s.absent(t, "profile", string(folded))
			}
		})
	}
	for _, kind := range []string{"client", "host", "query", "account"} {
		if found[kind] == 0 {
			t.Errorf("no log has a %s: the test would pass whatever is drawn", kind)
		}
	}
}

// drawAll draws a stored report in every way there is.
func drawAll(t *testing.T, path string) map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := report.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, format := range report.Formats {
		for name, o := range map[string]report.Options{"": {Width: 100}, " -v": {Width: 4000, Verbose: true, Color: true}} {
			var b strings.Builder
			if err := format.Render(&b, r, o); err != nil {
				t.Fatal(err)
			}
			out[format.Name+name] = b.String()
		}
	}
	for _, p := range profile.Formats {
		var b bytes.Buffer
		if err := p.Write(&b, r); err != nil {
			t.Fatal(err)
		}
		if z, err := gzip.NewReader(&b); err == nil {
			data, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			b = *bytes.NewBuffer(data)
		}
		out[p.Doc] = b.String()
	}
	m, err := mail.Report(r, mail.Options{Host: "host", Formats: report.Names()})
	if err != nil {
		t.Fatal(err)
	}
	out["mail"] = m.Subject + "\n" + m.Text + "\n" + m.HTML
	return out
}

// absent looks for secrets as whole words: 10.1.1.1 is not in 10.1.1.12.
func (s secrets) absent(t *testing.T, where, text string) {
	t.Helper()
	for v, kind := range s {
		for rest, at := text, 0; ; {
			i := strings.Index(rest, v)
			if i < 0 {
				break
			}
			at += i
			end := at + len(v)
			if (at == 0 || !wordPart(text[at-1])) && (end == len(text) || !wordPart(text[end])) {
				t.Errorf("%s: %s %q in %q", where, kind, v, text[max(0, at-60):min(len(text), end+30)])
				break
			}
			at, rest = end, text[end:]
		}
	}
}

func wordPart(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
