package mail

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"why502/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const fixtures = "../../fixtures/reports"

// mailed is a message as a mail program sees it.
type mailed struct {
	header      netmail.Header
	subject     string
	text, html  string
	attachments map[string][]byte
}

// read takes a message apart as it came. It must be made of one text, one page and attachments, each encoded.
func read(t testing.TB, raw string) *mailed {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	got := &mailed{header: m.Header, attachments: map[string][]byte{}}
	if got.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	got.part(t, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", m.Body)
	return got
}

func (m *mailed) part(t testing.TB, kind, encoding, disposition string, body io.Reader) {
	t.Helper()
	media, params, err := mime.ParseMediaType(kind)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(media, "multipart/") {
		for r := multipart.NewReader(body, params["boundary"]); ; {
			p, err := r.NextRawPart()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			m.part(t, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.Header.Get("Content-Disposition"), p)
		}
	}
	switch encoding {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	default:
		t.Errorf("%s in %q", media, encoding)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	if disposition != "" {
		_, params, err := mime.ParseMediaType(disposition)
		if err != nil {
			t.Fatal(err)
		}
		m.attachments[params["filename"]] = data
		return
	}
	switch text := strings.ReplaceAll(string(data), "\r\n", "\n"); media {
	case "text/plain":
		m.text = text
	case "text/html":
		m.html = text
	default:
		t.Errorf("a part of %s", media)
	}
}

func stored(t testing.TB, name string) *report.Report {
	t.Helper()
	f, err := os.Open(filepath.Join(fixtures, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := report.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func pack(t testing.TB, r *report.Report, o Options) *mailed {
	t.Helper()
	m, err := Report(r, o)
	if err != nil {
		t.Fatal(err)
	}
	m.To, m.id = []*Address{{Name: "Ann", Address: "ann@shop.example"}}, "fixed"
	var b strings.Builder
	if _, err := m.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return read(t, b.String())
}

// A mail says what the report says: verdict, causes, what to do.
func TestReport(t *testing.T) {
	for _, name := range []string{"two_incidents", "daily", "slow_external_http", "no_incident", "unseen_harm", "hostile_text"} {
		t.Run(name, func(t *testing.T) {
			r := stored(t, name)
			got := pack(t, r, Options{Host: "web1", Formats: []string{"html", "json"}})
			var head []string
			for k, v := range got.header {
				if k != "Content-Type" { // holds the boundary
					head = append(head, k+": "+strings.Join(v, "\n"))
				}
			}
			slices.Sort(head)
			golden(t, name+".mail.txt", strings.Join(head, "\n")+"\n\n"+got.subject+"\n\n"+got.text)
			golden(t, name+".mail.html", got.html)
			stem := "why502-web1-" + r.Day(nil)
			for suffix, format := range map[string]string{".html": "html", ".json": "json"} {
				var want bytes.Buffer
				if err := report.Lookup(format).Render(&want, r, report.Options{}); err != nil || !bytes.Equal(got.attachments[stem+suffix], want.Bytes()) {
					t.Errorf("%s%s is not the report: %v", stem, suffix, err)
				}
			}
			if n := len(got.text) + len(got.html); n > 100<<10 || len(got.attachments) != 2 {
				t.Errorf("%d bytes, %d attachments", n, len(got.attachments))
			}
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join(fixtures, name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("differs from %s (run with -update and look at git diff):\n%s", path, got)
	}
}

// The days of a host, and hosts, are threads of their own; the runs of one day are one.
func TestThread(t *testing.T) {
	r := stored(t, "two_incidents")
	thread := func(host, day string) string {
		r.History = &report.History{Date: day}
		h := pack(t, r, Options{Host: host}).header
		return h.Get("References") + h.Get("Thread-Topic")
	}
	a := thread("web1", "2026-11-22")
	if a != thread("web1", "2026-11-22") || a == thread("web1", "2026-11-23") || a == thread("web2", "2026-11-22") {
		t.Error(a)
	}
}

// What is large is packed; what there is too much of is counted.
func TestLarge(t *testing.T) {
	r := stored(t, "two_incidents")
	for len(r.Incidents) < 3000 {
		r.Incidents = append(r.Incidents, r.Incidents[:2]...)
	}
	got := pack(t, r, Options{Host: "web1", Formats: []string{"json"}})
	packed, err := gzip.NewReader(bytes.NewReader(got.attachments["why502-web1-"+r.Day(nil)+".json.gz"]))
	if err != nil {
		t.Fatal(err)
	}
	if back, err := report.Decode(packed); err != nil || len(back.Incidents) != 3000 {
		t.Errorf("%v", err)
	}
	for _, text := range []string{got.text, got.html} {
		if !strings.Contains(text, "more are in the attached report") {
			t.Error(text)
		}
	}
	if n := len(got.text) + len(got.html); n > 100<<10 {
		t.Errorf("%d bytes", n)
	}
	if !strings.HasPrefix(got.subject, "[why502] web1: 2,9") {
		t.Error(got.subject)
	}
}

// The daily facts stand in both parts.
func TestHistory(t *testing.T) {
	r := stored(t, "two_incidents")
	at := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	r.History = &report.History{
		Host: "web1", Zone: "UTC", Date: "2026-11-22",
		Days:    []report.Day{{Date: "2026-11-22", Failures: map[string]int{"502": 40, "504": 8}, Incidents: 2}},
		Against: []report.Baseline{{Name: "yesterday", Date: "2026-11-21", Failures: map[string]int{"502": 5}, Incidents: 1}},
		Moves:   []report.Move{{Kind: "plugin", Name: "acme", Change: "new", Text: "Plugin acme is new: 7 slow requests."}},
		Gaps:    []report.Gap{{Path: "/var/log/nginx/error.log.1", From: &at, Text: "deleted before it could be read to its end."}},
	}
	r.Incidents[1].Recurs = &report.Recurrence{Times: []time.Time{at}, Text: "Third night in a row at 18:05"}
	got := pack(t, r, Options{Host: "web1"})
	for _, want := range []string{
		"48 requests failed on Sunday, 2026-11-22, of which the logs cover a part: the day before 5.", "Third night in a row at 18:05", "Plugin acme is new: 7 slow requests.",
		"/var/log/nginx/error.log.1, after",
	} {
		for _, text := range []string{got.text, got.html} {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
				t.Errorf("%q is not in\n%s", want, text)
			}
		}
	}
}

// Nothing a name says becomes a line of the header, nor does an attachment leave its folder.
func TestHeaderInjection(t *testing.T) {
	const evil = "web1\r\nBcc: all@evil.example\r\n\r\n<script>x</script>\x1b[2J\u202e\x00\xff=?utf-8?q?=0d=0aBcc:_x?= ../../etc/passwd\"; x=\""
	r := stored(t, "two_incidents")
	r.Tool.Name, r.Tool.Version = evil, evil
	for i := range r.Incidents {
		r.Incidents[i].Headline = evil
		r.Incidents[i].Failures = map[string]int{evil: 7}
		for j := range r.Incidents[i].Causes {
			r.Incidents[i].Causes[j].Summary = evil + strings.Repeat(evil, 50)
		}
	}
	r.History = &report.History{Date: evil}
	got := pack(t, r, Options{Host: evil, Formats: []string{"html"}})
	if len(got.header) != 11 || got.header.Get("Bcc") != "" {
		t.Errorf("%d lines: %v", len(got.header), got.header)
	}
	for k, all := range got.header {
		for _, v := range all {
			decoded, err := new(mime.WordDecoder).DecodeHeader(v)
			if err != nil || report.Clean(decoded) != decoded || len(decoded) > 500 || strings.Contains(decoded, "\nBcc:") {
				t.Errorf("%s: %q, %v", k, decoded, err)
			}
		}
	}
	for name := range got.attachments {
		if filepath.Base(name) != name || strings.ContainsAny(name, " \"\\<") || !strings.HasSuffix(name, ".html") {
			t.Errorf("attachment %q", name)
		}
	}
	if strings.Contains(got.html, "<script") || strings.Contains(got.text, "\x1b") {
		t.Error("something came through")
	}
}

func TestAddresses(t *testing.T) {
	for list, want := range map[string]int{
		"a@b.example": 1, "a@b.example, Ann <c@d.example>": 2, "a@b.example,c@d.example": 2,
		"": 0, "a": 0, "a@b.example\r\nBcc: x@y.example": 0, `"a b"@c.example`: 0, "-oQ/tmp@b.example": 0,
	} {
		all, err := Addresses(list)
		if len(all) != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %v, %v", list, all, err)
		}
	}
}

func TestSendmail(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	write := func(script string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "sendmail"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(fmt.Sprintf("echo \"$@\" > %s/args; cat > %s/got\n", dir, dir))
	out, err := Sendmail()
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Send(t.Context(), letter("a@shop.example", "b@shop.example")); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "got"))
	if err != nil || bytes.ContainsRune(raw, '\r') {
		t.Fatalf("%v, %q", err, raw)
	}
	got := read(t, string(raw))
	if args, _ := os.ReadFile(filepath.Join(dir, "args")); string(args) != "-t -i\n" || got.header.Get("To") != "<a@shop.example>, <b@shop.example>" || got.text != "one\n.\ntwo\n" {
		t.Errorf("%s %+v", args, got)
	}
	write("echo 'no \033way' >&2; exit 75\n") // does not read what it is given
	big := letter("a@shop.example")
	big.Text = strings.Repeat("x", 1<<20)
	if err := out.Send(t.Context(), big); err == nil || !strings.HasSuffix(err.Error(), `sendmail: exit status 75: no \x1bway`) {
		t.Errorf("%v", err)
	}
}
