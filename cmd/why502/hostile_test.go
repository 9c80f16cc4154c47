package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	netmail "net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/pprof/profile"

	"why502/report"
	"why502/report/mail"
)

// payloads are what visitors write into requests, and customers into names, for those who read the logs.
var payloads = map[string]string{
	"script":      `<script>alert(1)</script>`,
	"element":     `"><img src=x onerror=alert(1)><svg onload=alert(1)>`,
	"end of code": "</pre></script><script>alert(1)//```\n```<b>",
	"terminal":    "\x1b[2J\x1b]0;title\x07\x1b]8;;http://evil.example\x07x\x1b]8;;\x07\x1b[31m",
	"C1":          "\u009b2J\u009d0;t\u009c\u0085\x9b2J",
	"bidi":        "\u202egpj.exe\u2066\u200f\u200b\ufeff\u2028\u00ad",
	"formula":     `=cmd|'/c calc'!A1`,
	"plus":        "+1+cmd|x",
	"minus":       "-2+3+cmd|x",
	"at":          "@SUM(1+1)*cmd|x",
	"link":        "[x](http://evil.example)![y](https://evil.example/p.png)<http://evil.example>",
	"markdown":    "# h **b** _i_ `c` ~~s~~ |a|b| \\| &lt;b&gt; www.evil.example",
	"fence":       "```\n# h\n~~~",
	"mail header": "x\r\nBcc: all@evil.example\r\n\r\n.\r\nQUIT",
	"encoded":     "=?utf-8?q?=0d=0aBcc:_all@evil.example?= %0d%0aBcc:%20x",
	"bytes":       "\x00\x01\xff\xfe\xc3(\xf0\x9f\x7f",
	"template":    `{{.}}{{template "x"}}${jndi:ldap://evil.example}%s%n%!d`,
	"quotes":      `"'` + "`" + `\"\\', client: x, server: y"`,
	"folded":      "a;b;c 99\n;d 7",
	"long":        strings.Repeat("A", 30000),
	"wide":        strings.Repeat("\u0301漢﷽", 3000),
}

// hostileLogs are logs of an outage with p in every field that strangers or customers fill.
func hostileLogs(p string) map[string]string {
	var nginx, access, domlog, apache, fpm, slow, php strings.Builder
	for i := range 12 {
		at := fmt.Sprintf("18:03:%02d", 2+i)
		field := func(n int, plain string) string { // one field at a time, so that the others are read; then all
			if i == n || i > 9 {
				return p
			}
			return plain
		}
		fmt.Fprintf(&nginx, "2026/11/22 %s [error] 7#7: *%d connect() to unix:/run/php/%s.sock failed (11: Resource temporarily unavailable) while connecting to upstream, client: 203.0.113.%d, server: %s, request: \"GET /%s HTTP/1.1\", upstream: \"fastcgi://unix:/run/php/%s.sock:\", host: \"%s\", referrer: \"http://%s/\"\n",
			at, i, field(0, "shop"), i, field(1, "shop.test"), field(2, "cart/"), field(3, "shop"), field(4, "shop.test"), field(5, "shop.test"))
		fmt.Fprintf(&access, "203.0.113.%d - %s [22/Nov/2026:%s +0000] \"GET /%s HTTP/1.1\" 502 12 \"%s\" \"%s\"\n", i, field(6, "-"), at, field(2, "cart/"), field(7, "-"), field(8, "Mozilla/5.0"))
		fmt.Fprintf(&domlog, "203.0.113.%d - - [22/Nov/2026:%s +0000] \"GET /%s HTTP/1.1\" 503 12 \"%s\" \"%s\"\n", i, at, field(2, "cart/"), field(7, "-"), field(8, "Mozilla/5.0"))
		fmt.Fprintf(&apache, "[Sun Nov 22 %s.000000 2026] [proxy_fcgi:error] [pid 9:tid 9] (70007)The timeout specified has expired: [client 203.0.113.%d:4000] AH01075: Error dispatching request to %s: (polling), referer: %s\n", at, i, field(0, ""), field(7, "http://shop.test/"))
		fmt.Fprintf(&fpm, "[22-Nov-2026 %s] WARNING: [pool %s] server reached pm.max_children setting (4), consider raising it\n[22-Nov-2026 %s] WARNING: [pool %s] child 8504, script '/var/www/%s/index.php' (request: \"GET /%s\") executing too slow (2.5 sec), logging\n",
			at, field(3, "shop"), at, field(4, "shop"), field(5, "shop"), field(2, "index.php"))
		fmt.Fprintf(&slow, "\n[22-Nov-2026 %s]  [pool %s] pid 8504\nscript_filename = /var/www/%s/index.php\n[0x00007fa154813890] %s() /var/www/wp-includes/http.php:8\n[0x00007fa1548137c0] %s() /var/www/wp-content/plugins/%s/api.php:9\n",
			at, field(3, "shop"), field(4, "shop"), field(5, "curl_exec"), field(6, "fetch"), field(7, "acme"))
		fmt.Fprintf(&php, "[22-Nov-2026 %s UTC] PHP Fatal error:  Uncaught Error: %s in /var/www/wp-content/plugins/%s/a.php:3\nStack trace:\n#0 /var/www/%s/b.php(4): %s('%s')\n#1 {main}\n  thrown in /var/www/wp-content/plugins/%s/a.php on line 3\n",
			at, field(0, "no"), field(1, "acme"), field(2, "shop"), field(3, "f"), field(4, "x"), field(1, "acme"))
	}
	return map[string]string{
		"error.log": nginx.String(), "access.log": access.String(), "domlogs/shop.test": domlog.String(), "error_log": apache.String(),
		"php8.2-fpm.log": fpm.String(), "shop-slow.log": slow.String(), "debug.log": php.String(),
	}
}

// Whatever stands in a log, nothing of it acts in any output.
func TestHostileLogs(t *testing.T) {
	for name, p := range payloads {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			logs := filepath.Join(dir, "logs")
			for file, text := range hostileLogs(p) {
				path := filepath.Join(logs, file)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			short := []rune(strings.NewReplacer("/", "", "\x00", "").Replace(p)) // a log is called so, too, and another that cannot be read
			evil := string(short[:min(len(short), 40)])
			if err := os.WriteFile(filepath.Join(logs, evil+".log"), []byte(hostileLogs("x")["error.log"]), 0o644); err != nil {
				t.Fatal(err)
			}
			run := func(args ...string) string {
				t.Helper()
				var out, errs bytes.Buffer
				root := newRoot()
				root.SetOut(&out)
				root.SetErr(&errs)
				root.SetArgs(args)
				if code := finish(&errs, root.ExecuteContext(t.Context())); code == statusUsage {
					t.Fatalf("%q: %s", args, errs.String())
				}
				visible(t, "stderr", errs.String())
				return out.String()
			}
			json := filepath.Join(dir, "report.json")
			pb := filepath.Join(dir, "slow.pb.gz")
			run("analyze", "--timezone", "UTC", "--profile", pb, "-o", json, logs, filepath.Join(logs, "no"+evil))
			run("analyze", "--timezone", "UTC", "--profile", filepath.Join(dir, "slow.folded"), "-o", filepath.Join(dir, "anon.json"), "--anonymize", logs)
			for _, stored := range []string{json, filepath.Join(dir, "anon.json")} {
				r := decoded(t, stored)
				plain := drawn(t, r, "text", report.Options{Width: 100, Verbose: true})
				text(t, plain)
				if got := drawn(t, r, "text", report.Options{Width: 100, Verbose: true, Color: true}); sgr.ReplaceAllString(got, "") != plain || got == plain {
					t.Error("colours change the text")
				}
				text(t, drawn(t, r, "text", report.Options{Width: 100}))
				jsonText(t, drawn(t, r, "json", report.Options{}))
				markdown(t, drawn(t, r, "md", report.Options{}))
				page(t, "html", drawn(t, r, "html", report.Options{}), 1)
			}
			for _, l := range strings.Split(strings.TrimSpace(run("tag", logs)), "\n") {
				jsonText(t, l)
			}
			for _, file := range []string{pb, filepath.Join(dir, "slow.folded")} {
				profiles(t, file)
			}
			mailed(t, json, p)
			changes(t, json)
		})
	}
}

func drawn(t *testing.T, r *report.Report, format string, o report.Options) string {
	t.Helper()
	var b strings.Builder
	if err := report.Lookup(format).Render(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// visible says that no character moves a terminal or the text around it.
func visible(t *testing.T, where, out string) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Errorf("%s: bytes that are no UTF-8", where)
	}
	for i, r := range out {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%s: %U in %q", where, r, out[max(0, i-40):min(len(out), i+20)])
			return
		}
	}
}

func text(t *testing.T, out string) {
	t.Helper()
	visible(t, "text", out)
	if !strings.Contains(out, "requests failed") {
		t.Errorf("no incident was found in these logs:\n%s", out)
	}
}

func jsonText(t *testing.T, out string) {
	t.Helper()
	visible(t, "JSON", out)
	if !json.Valid([]byte(out)) {
		t.Errorf("no JSON: %.300s", out)
	}
}

var (
	sgr       = regexp.MustCompile("\x1b\\[[0-9;]*m")
	tags      = regexp.MustCompile(`<([a-zA-Z/!][^\s>]*)((?:[^>"]|"[^"]*")*)>`)
	attribute = regexp.MustCompile(`([^\s="/]+)(?:="([^"]*)")?`)
	styleText = regexp.MustCompile(`(?s)<(style|script)>.*?</(?:style|script)>`)
	escaped   = regexp.MustCompile(`\\.`)
)

// page looks at elements and attributes: only those of the template may be there.
func page(t *testing.T, where, out string, scripts int) {
	t.Helper()
	visible(t, where, out)
	if n := strings.Count(strings.ToLower(out), "<script"); n != scripts {
		t.Errorf("%s: %d scripts", where, n)
	}
	elements := strings.Fields("!DOCTYPE html head meta title style body a header div p h1 h2 h3 main ul ol li b i svg rect line text g title path section table thead tbody tr th td details summary span meter pre code article footer script circle polyline nav small strong br tfoot caption dl dt dd figure figcaption time em col colgroup")
	for _, m := range tags.FindAllStringSubmatch(styleText.ReplaceAllString(out, "<$1>"), -1) {
		if !slices.Contains(elements, strings.TrimPrefix(m[1], "/")) {
			t.Errorf("%s: an element %q", where, m[0])
		}
		for _, a := range attribute.FindAllStringSubmatch(m[2], -1) {
			name := strings.ToLower(a[1])
			if strings.HasPrefix(name, "on") || name == "src" || name == "srcset" || name == "action" || name == "href" && !strings.HasPrefix(a[2], "#") ||
				name == "style" && strings.Contains(a[2], "url(") {
				t.Errorf("%s: %s in %q", where, a[0], m[0])
			}
		}
	}
}

// markdown looks at what is left once the escapes and the code blocks are taken out.
func markdown(t *testing.T, out string) {
	t.Helper()
	visible(t, "Markdown", out)
	fence, columns, pre := "", 0, false
	for l := range strings.Lines(out) {
		l = strings.TrimSuffix(l, "\n")
		if mark := strings.TrimSpace(l); !pre && len(mark) > 2 && strings.Trim(mark, "`") == "" && (fence == "" || mark == fence) {
			if fence == "" {
				fence = mark
			} else {
				fence = ""
			}
			continue
		}
		if fence != "" {
			continue
		}
		rest := escaped.ReplaceAllString(l, "")
		if after, ok := strings.CutPrefix(l, "  <pre>"); ok {
			pre, rest = true, after
		} else if pre {
			rest = l
		}
		if before, ok := strings.CutSuffix(rest, "</pre>"); ok && pre {
			pre, rest = false, before
		}
		for _, active := range []string{"<", "](", "://", "`", "www."} {
			if strings.Contains(rest, active) {
				t.Errorf("Markdown: %q in %q", active, l)
			}
		}
		if !strings.HasPrefix(l, "|") {
			columns = 0
			continue
		}
		if n := strings.Count(rest, "|"); columns > 0 && n != columns {
			t.Errorf("Markdown: %d columns instead of %d in %q", n-1, columns-1, l)
		} else {
			columns = n
		}
		for _, cell := range strings.Split(strings.ReplaceAll(l, `\|`, ""), "|") {
			if cell = strings.TrimSpace(cell); cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) && strings.Trim(cell, "-") != "" {
				t.Errorf("Markdown: a formula %q", cell)
			}
		}
	}
}

func profiles(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(file, ".folded") {
		visible(t, "folded", string(data))
		for l := range strings.Lines(string(data)) {
			if !regexp.MustCompile(`^[^;].* \d+\n$`).MatchString(l) {
				t.Errorf("folded: %q", l)
			}
		}
		return
	}
	p, err := profile.ParseData(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.Function {
		visible(t, "pprof", f.Name+f.SystemName+f.Filename)
	}
	for _, s := range p.Sample {
		for k, v := range s.Label {
			visible(t, "pprof", k+strings.Join(v, ""))
		}
	}
	if z, err := gzip.NewReader(bytes.NewReader(data)); err != nil {
		t.Error(err)
	} else if _, err := io.Copy(io.Discard, z); err != nil {
		t.Error(err)
	}
}

// mailed looks at a mail of a server that is called p.
func mailed(t *testing.T, stored, p string) {
	t.Helper()
	r := decoded(t, stored)
	m, err := mail.Report(r, mail.Options{Host: p, Formats: report.Names()})
	if err != nil {
		t.Fatal(err)
	}
	m.To = []*mail.Address{{Address: "ann@shop.example"}}
	visible(t, "mail text", m.Text)
	page(t, "mail HTML", m.HTML, 0)
	for _, load := range []string{" href=", "@import", "url("} {
		if strings.Contains(m.HTML, load) {
			t.Errorf("mail HTML: %s", load)
		}
	}
	if n := len(m.Text) + len(m.HTML); n > 100<<10 {
		t.Errorf("mail: %d bytes", n)
	}
	for _, l := range strings.Split(m.Text, "\n") {
		if utf8.RuneCountInString(l) > 80 {
			t.Errorf("mail text: a line of %d characters", utf8.RuneCountInString(l))
		}
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	got, err := netmail.ReadMessage(&b)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Auto-Submitted", "Content-Type", "Date", "Message-Id", "Mime-Version", "References", "Subject", "Thread-Topic", "To", "X-Auto-Response-Suppress", "X-Mailer"}
	for k, v := range got.Header {
		decoded, err := new(mime.WordDecoder).DecodeHeader(v[0])
		if !slices.Contains(want, k) || len(v) != 1 || err != nil || len(decoded) > 500 {
			t.Errorf("header %s: %q, %v", k, v, err)
		}
		visible(t, "header "+k, decoded)
	}
	for _, f := range m.Files {
		if filepath.Base(f.Name) != f.Name || strings.Trim(f.Name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") != "" {
			t.Errorf("attachment %q", f.Name)
		}
	}
}

func decoded(t *testing.T, path string) *report.Report {
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
	return r
}

// changes looks at the lines of tail, its JSON, and what Prometheus gets.
func changes(t *testing.T, stored string) {
	t.Helper()
	r := decoded(t, stored)
	g := newGauges()
	for i := range r.Incidents {
		in := &r.Incidents[i]
		c := &report.Change{Kind: report.Opened, Time: in.Start, Text: in.Headline, Incident: in}
		var b strings.Builder
		if err := c.WriteLine(&b, report.Options{}); err != nil {
			t.Fatal(err)
		}
		visible(t, "tail", b.String())
		if strings.Count(b.String(), "\n") != 1 {
			t.Errorf("tail: %q", b.String())
		}
		b.Reset()
		if err := c.WriteJSON(&b); err != nil {
			t.Fatal(err)
		}
		jsonText(t, strings.TrimSuffix(b.String(), "\n"))
		g.change(c)
		for _, v := range in.Vhosts {
			g.failures[failure{"access", "502", v.Name}]++
		}
	}
	g.set(r, nil, nil, time.Now())
	var b strings.Builder
	if err := g.write(&b); err != nil {
		t.Fatal(err)
	}
	visible(t, "Prometheus", b.String())
	for l := range strings.Lines(b.String()) {
		if !regexp.MustCompile(`^(# (HELP|TYPE) .*|[a-z0-9_]+(\{([a-z]+="([^"\\]|\\.)*",?)*\})? \S+)\n$`).MatchString(l) {
			t.Errorf("Prometheus: %q", l)
		}
	}
}
