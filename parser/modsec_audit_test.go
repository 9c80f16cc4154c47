package parser

import (
	"bytes"
	"testing"
)

func TestModsecAudit(t *testing.T) { golden(t, "modsec-audit", "modsec-audit", nil) }

func TestModSecurityText(t *testing.T) {
	for _, tc := range []struct {
		text, action, code, id, uri string
	}{
		{`Access denied with code 403 (phase 2). Pattern match "x" at A. [file "/a"] [line "1"] [id "12"] [uri "/b"]`, "Access denied with code 403 (phase 2)", "403", "12", "/b"},
		{`Access denied with connection close (phase 2). Pattern match "x" at A. [file "/a"] [id "12"]`, "Access denied with connection close (phase 2)", "", "12", ""},
		{`Access denied with redirection to https://ex.test/ using status 302 (phase 2). x. [file "/a"] [id "12"]`, "Access denied with redirection to https://ex.test/ using status 302 (phase 2)", "302", "12", ""},
		{`Warning. Pattern match "[id \"1\"]" at A. [file "/a"] [line 275] [id "12"] [data "\"] [id \"3"] [uri "/\\\\"]`, "Warning", "", "12", `/\\\\`},
		{`Output filter: Response body too large (over limit of 524288, total not specified). [hostname "ex.test"] [uri "/a"]`, "Output filter: Response body too large (over limit of 524288, total not specified)", "", "", "/a"},
		{`Access denied with code 403 (phase 2). [file "/a"] [id "12"] [msg "cut by the buf`, "Access denied with code 403 (phase 2)", "403", "12", ""},
	} {
		var r Record
		r.modSecurityText([]byte(tc.text))
		for _, f := range []struct{ key, want string }{{"action", tc.action}, {"code", tc.code}, {"rule_id", tc.id}, {"uri", tc.uri}} {
			if got := string(r.Field(f.key)); got != f.want {
				t.Errorf("%s = %q, want %q: %s", f.key, got, f.want, tc.text)
			}
		}
	}
}

func TestModsecAuditAllocs(t *testing.T) {
	recs, _ := readAll(t, modsecAudit, testDecoder(), string(joinLines(fixtureLines(t, "modsec-audit"))))
	for _, r := range recs {
		allocs(t, modsecAudit, string(r.Raw))
	}
}

func joinLines(lines [][]byte) []byte { return bytes.Join(lines, []byte("\n")) }

func FuzzModsecAudit(f *testing.F) { fuzzFormat(f, modsecAudit, "modsec-audit") }

// Nothing belongs to a transaction after its end, however many empty lines follow it.
func TestModsecAuditEnds(t *testing.T) {
	const entry = "--90de5520-A--\n[22/Nov/2026:18:04:41.653593 +0000] aw 203.0.113.9 1 192.0.2.1 443\n--90de5520-Z--\n\n"
	for _, end := range []string{"--90de5520-Z--", "--90de5520-Z--\n", "--90de5520-Z--\n\n\n"} {
		if continuesModsecAudit([]byte("--90de5520-A--\n"+end), []byte("Host: shop.test")) {
			t.Errorf("%q goes on", end)
		}
	}
	if recs, _ := readAll(t, modsecAudit, testDecoder(), entry+"\n"+entry); len(recs) != 2 {
		t.Errorf("%d records", len(recs))
	}
}
