package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Whatever mail, chat, consoles, log stores and web pages put around log lines, they are read as they stood.
func TestWrappings(t *testing.T) {
	var logged []string
	for i := range 3 {
		logged = append(logged, fmt.Sprintf(`2026/11/20 10:00:0%d [error] 812#812: *%d upstream sent too big header while reading response header from upstream, client: 203.0.113.9, server: shop.test, request: "GET /account HTTP/2.0", upstream: "fastcgi://unix:/run/php/php8.2-fpm.sock:", host: "shop.test"`, i, i+1))
	}
	each := func(f func(i int, l string) string) string {
		var out []string
		for i, l := range logged {
			out = append(out, f(i, l))
		}
		return strings.Join(out, "\n")
	}
	before := func(prefix string) string {
		return each(func(i int, l string) string { return strings.ReplaceAll(prefix, "#", fmt.Sprint(i)) + l })
	}
	around := func(prefix, suffix string) string {
		return each(func(_ int, l string) string { return prefix + l + suffix })
	}
	wrapped := func(width int, first, next string) string {
		return each(func(_ int, l string) string {
			text := first
			for len(l) > width {
				text, l = text+l[:width]+"\n"+next, l[width:]
			}
			return text + l
		})
	}
	entities := strings.NewReplacer(`"`, "&quot;", "<", "&lt;", ">", "&gt;").Replace
	csv := func(l string) string { return strings.ReplaceAll(l, `"`, `""`) }
	values := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, text := range map[string]string{
		"as it is": before(""),
		"grep in colour": each(func(_ int, l string) string {
			return "\x1b[35m\x1b[K/var/log/nginx/error.log\x1b[m\x1b[K\x1b[36m\x1b[K:\x1b[m\x1b[K" + l
		}),
		"journal":           before("2026-11-20T10:00:0#+0000 web1 nginx[812]: "),
		"syslog":            before("Nov 20 10:00:0# web1 nginx: "),
		"ts":                before("Nov 20 10:00:0# "),
		"multitail":         before("01] "),
		"list":              before("1#. "),
		"in parentheses":    before("(#) "),
		"bullets":           before("• "),
		"quoted by bars":    before("| "),
		"diff":              before("+"),
		"apostrophes":       around("'", "'"),
		"code in a line":    around("`", "`"),
		"fences in a line":  around("```", "```"),
		"wiki":              around("{{", "}}"),
		"yaml":              "logs:\n" + around("  - '", "'"),
		"chat":              "admin  10:04 AM\n" + before("") + "\n:thread: 3 replies",
		"reply":             "On Fri, Nov 20, 2026 at 10:04 AM Bob <bob@x.test> wrote:\n" + before("> > "),
		"bulletin board":    "[code]" + before("") + "[/code]",
		"issue tracker":     "{noformat}\n" + before("") + "\n{noformat}",
		"tilde fence":       "~~~text\n" + before("") + "\n~~~",
		"literal block":     "::\n\n" + before("    "),
		"html table":        "<table>" + around("<tr><td>nginx</td><td>", "</td></tr>") + "</table>",
		"html paragraphs":   each(func(_ int, l string) string { return "<p>" + entities(l) + "</p>" }),
		"padded":            each(func(_ int, l string) string { return fmt.Sprintf("%-400s", l) }),
		"80 columns":        wrapped(80, "", ""),
		"quoted 72 columns": wrapped(72, "> ", "> "),
		"no-break spaces":   strings.ReplaceAll(before(""), " ", "\u00a0"),
		"byte order mark":   "\ufeff" + strings.ReplaceAll(before(""), "\n", "\r\n"),
		"carriage returns":  strings.ReplaceAll(before(""), "\n", "\r"),
		"spaces for ends":   strings.ReplaceAll(before(""), "\n", " "),
		"written line ends": strings.ReplaceAll(before(""), "\n", `\n`),
		"json array":        "[\n  " + each(func(_ int, l string) string { return values(l) + "," }) + "\n]",
		"json, docker":      each(func(_ int, l string) string { return values(map[string]string{"log": l + "\n", "stream": "stderr"}) }),
		"json, log store": each(func(_ int, l string) string {
			return values(map[string]any{"_source": map[string]string{"message": l}})
		}),
		"csv": "timestamp,source,message\n" + each(func(i int, l string) string { return fmt.Sprintf(`2026-11-20T10:00:0%d.000Z,web1,"%s"`, i, csv(l)) }),
		"csv of words": "Date,Host,Message\n" + each(func(i int, l string) string {
			return fmt.Sprintf(`"Nov 20, 2026 @ 10:00:0%d.123","web1","%s"`, i, csv(l))
		}),
		"semicolons":       "Datum;Quelle;Meldung\n" + each(func(i int, l string) string { return fmt.Sprintf(`20.11.2026 10:00:0%d;nginx;"%s"`, i, csv(l)) }),
		"tabs":             before("web1\tnginx\t"),
		"container stamps": before("2026-11-20T10:00:0#.123456789Z "),
		"labels":           before(`2026-11-20T10:00:0#Z {container="nginx", namespace="prod", pod="web-6c9f8"} `),
		"stream names":     before("2026-11-20T10:00:0#.123000+00:00 nginx/web/0a1b2c3d4e5f "),
		"pods":             before("web-7d9c8b6f5-x2k4p nginx "),
		"process manager":  before("0|nginx  | "),
		"foreman":          before("10:00:0# nginx.1  | "),
		"swarm":            before("web_proxy.1.i4lo6342kqgk@node1    | nginx.1     | "),
		"console":          each(func(i int, l string) string { return fmt.Sprintf("2026-11-20 10:00:0%d.120 UTC\nERROR\n%s", i, l) }),
		"supervisor": each(func(i int, l string) string {
			return fmt.Sprintf("2026-11-20 10:00:0%d,123 DEBG 'nginx' stderr output:\n%s", i, l)
		}),
		"cut": each(func(_ int, l string) string { return l[:120] + "…" }),
	} {
		t.Run(name, func(t *testing.T) {
			r := pasted(t, []byte(text))
			if len(r.Incidents) != 1 {
				t.Fatalf("%d incidents", len(r.Incidents))
			}
			in := &r.Incidents[0]
			for key, want := range map[string]string{"cause": "upstream_header_too_big", "failures": "3"} {
				if got, ok := answers(in, key, want); !ok {
					t.Errorf("%s: %s, want %s", key, got, want)
				}
			}
			if got := in.Start.UTC().Format(time.DateTime); got != "2026-11-20 10:00:00" {
				t.Errorf("it begins %s", got)
			}
		})
	}
}
