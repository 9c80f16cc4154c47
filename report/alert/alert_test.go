package alert

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"why502/report"
)

// hostile is what a log line may bring into a message.
const hostile = "<!channel> @everyone [x](http://evil.example) <http://evil.example|click>\r\nBcc: all@evil.example\r\n\x1b[2J```"

func change(kind report.ChangeKind, id string) *report.Change {
	return &report.Change{
		Kind: kind, Time: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Text: "3 requests failed on " + hostile,
		Incident: &report.Incident{
			ID: id, Headline: "3 requests failed on " + hostile,
			Causes: []report.Cause{{
				ID: "x", Title: "t", Confidence: 0.9, Evidence: []report.Evidence{{Text: "line " + hostile, Source: "a.log", Line: 3}},
				Advice: []report.Advice{{Text: "do this", Caution: "but not there"}},
			}},
		},
	}
}

// server notes what is posted; it fails as often as it is told.
type server struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
	paths  []string
	fail   []int // statuses of the first answers
}

func newServer(t *testing.T, fail ...int) *server {
	s := &server{fail: fail}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.fail) > 0 {
			w.WriteHeader(s.fail[0])
			s.fail = s.fail[1:]
			return
		}
		s.bodies, s.paths = append(s.bodies, string(b)), append(s.paths, r.URL.Path)
	}))
	t.Cleanup(s.Close)
	return s
}

func one(t *testing.T, word string) *Target {
	t.Helper()
	t.Setenv("TARGET", word)
	all, err := Parse("env:TARGET")
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

// What each service is posted is JSON, holds the text, and calls nobody.
func TestServices(t *testing.T) {
	old := telegramAPI
	defer func() { telegramAPI = old }()
	for kind, c := range map[string]struct {
		word, path string
		never      []string
		text       func(map[string]any) any
	}{
		"plain":   {"URL/hook", "/hook", nil, func(m map[string]any) any { return m["title"] }},
		"slack":   {"slack+URL/services/T0/B0/x", "/services/T0/B0/x", []string{"<!channel>", "<http"}, func(m map[string]any) any { return m["text"] }},
		"discord": {"discord+URL/api/webhooks/1/x", "/api/webhooks/1/x", nil, func(m map[string]any) any { return m["content"] }},
		"teams": {"teams+URL/workflows/x", "/workflows/x", nil, func(m map[string]any) any {
			return m["attachments"].([]any)[0].(map[string]any)["content"].(map[string]any)["body"].([]any)[0].(map[string]any)["inlines"].([]any)[0].(map[string]any)["text"]
		}},
		"telegram": {"telegram:12:ab@-100", "/bot12:ab/sendMessage", []string{"parse_mode"}, func(m map[string]any) any { return m["text"] }},
		"ntfy":     {"ntfy+URL/topic", "/", nil, func(m map[string]any) any { return m["title"] }},
	} {
		t.Run(kind, func(t *testing.T) {
			s := newServer(t)
			telegramAPI = s.URL
			target := one(t, strings.ReplaceAll(c.word, "URL", s.URL))
			if strings.Contains(target.Name, "/x") || strings.Contains(target.Name, "ab") {
				t.Errorf("the name %q holds a secret", target.Name)
			}
			if err := target.send(t.Context(), &Message{Change: change(report.Opened, "a"), Host: "web1"}); err != nil {
				t.Fatal(err)
			}
			var got map[string]any
			if err := json.Unmarshal([]byte(s.bodies[0]), &got); err != nil || s.paths[0] != c.path {
				t.Fatalf("%v, posted to %s", err, s.paths[0])
			}
			text, _ := c.text(got).(string)
			if !strings.Contains(text, "why502 web1: opened: 3 requests failed") {
				t.Errorf("%q", text)
			}
			for _, n := range append(c.never, "\x1b", "\r\nBcc") {
				if strings.Contains(text, n) {
					t.Errorf("%q in %q", n, text)
				}
			}
		})
	}
	if b, _ := json.Marshal(discord(&Message{Change: change(report.Opened, "a")})); !strings.Contains(string(b), `"allowed_mentions":{"parse":[]}`) ||
		strings.Count(string(b), "```") != 2 {
		t.Errorf("%s", b)
	}
}

// A server that fails twice gets the message at the third try; one that refuses it is not asked again; no error shows where.
func TestRetry(t *testing.T) {
	for name, c := range map[string]struct {
		fail []int
		want int
		err  string
	}{
		"fails twice": {[]int{500, 503}, 1, ""},
		"refuses":     {[]int{404}, 0, "it answered 404"},
		"redirects":   {[]int{302}, 0, "it answered 302"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, c.fail...)
			target, err := parse(s.URL + "/secret")
			if err != nil {
				t.Fatal(err)
			}
			var failed error
			n := Notifier{Host: "web1", Fail: func(_ string, err error) { failed = err }}
			n.Start([]*Target{target})
			n.Tell(change(report.Opened, "a"))
			if err := n.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(s.bodies) != c.want || (c.err == "") != (failed == nil) || failed != nil && !strings.Contains(failed.Error(), c.err) {
				t.Errorf("%d told, error %v", len(s.bodies), failed)
			}
		})
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + l.Addr().String() + "/secret"
	l.Close()
	if err := post(t.Context(), address, 1); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}

// taken notes what a target is sent, and when.
type taken struct {
	mu    sync.Mutex
	texts []string
	at    []time.Duration
	fail  int
}

func (k *taken) target() *Target {
	began := time.Now()
	return &Target{Name: "test", send: func(_ context.Context, m *Message) error {
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.fail > 0 {
			k.fail--
			return errors.New("away")
		}
		k.texts, k.at = append(k.texts, string(m.Kind)+" "+m.Incident.ID), append(k.at, time.Since(began))
		return nil
	}}
}

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var k taken
		n := Notifier{}
		n.Start([]*Target{k.target()})
		for i := range 13 {
			n.Tell(change(report.Opened, string(rune('a'+i))))
			synctest.Wait()
		}
		n.Tell(change(report.Closed, "m")) // it waits still: nobody need hear that it opened
		if err := n.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		if len(k.texts) != 13 || k.texts[12] != "closed m" || k.at[9] != 0 || k.at[10] != refill || k.at[12] != 3*refill {
			t.Errorf("%q at %v", k.texts, k.at)
		}
	})
}

func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := taken{fail: 3}
		n := Notifier{}
		n.Start([]*Target{k.target()})
		n.Tell(change(report.Opened, "a"))
		time.Sleep(500 * time.Millisecond)
		n.Tell(change(report.Closed, "a"))
		if err := n.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		if len(k.texts) != 2 || k.at[0] != 7*time.Second {
			t.Errorf("%q at %v", k.texts, k.at)
		}

		k = taken{fail: 1000}
		n = Notifier{}
		var failed error
		n.Fail = func(_ string, err error) { failed = err }
		n.Start([]*Target{k.target()})
		n.Tell(change(report.Opened, "a"))
		if err := n.Close(context.Background()); err != nil || failed == nil {
			t.Errorf("%v, %v", err, failed)
		}

		n = Notifier{}
		n.Start([]*Target{k.target()})
		n.Tell(change(report.Opened, "a"))
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		if err := n.Close(ctx); err == nil {
			t.Error("an alert that was not delivered went unsaid")
		}
	})
}

// People are called when more than a failure or two came, with what changed, and when it is over.
func TestWhatIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var k taken
		n := Notifier{}
		n.Start([]*Target{k.target()})
		lone := change(report.Opened, "a")
		lone.Incident.Isolated = true
		for _, c := range []*report.Change{
			lone, change(report.Grew, "a"), change(report.Grew, "a"), change(report.CauseChanged, "a"), change(report.Closed, "a"),
			change(report.Closed, "long ago"), change(report.Withdrawn, "b"),
		} {
			n.Tell(c)
			synctest.Wait()
		}
		if err := n.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(k.texts, ", "); got != "opened a, cause a, closed a" {
			t.Error(got)
		}
	})
}

func TestCommand(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "on-502")
	if err := os.WriteFile(program, []byte("#!/bin/sh\ncat > "+dir+"/got\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	m := &Message{Change: change(report.Opened, "a"), Host: "web1"}
	if err := one(t, "command:"+program).send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "got"))
	var back struct{ Change struct{ Change string } }
	if err != nil || json.Unmarshal(got, &back) != nil || back.Change.Change != "opened" {
		t.Errorf("%v: %s", err, got)
	}
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho 'no \033way' >&2; exit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := one(t, "command:"+program).send(t.Context(), m); err == nil || !strings.Contains(err.Error(), `exit status 3: no \x1bway`) {
		t.Errorf("%v", err)
	}
}

func TestMail(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir+":/usr/bin:/bin") // what lies in $PATH goes before the host's own
	if err := os.WriteFile(filepath.Join(dir, "sendmail"), []byte("#!/bin/sh\necho \"$@\" > "+dir+"/args; cat > "+dir+"/got\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := parse("mail:nobody"); err == nil {
		t.Error("an address that is none")
	}
	if err := one(t, "mail:admin@shop.example").send(t.Context(), &Message{Change: change(report.Opened, "a"), Host: "web1"}); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, "got"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := mail.ReadMessage(bufio.NewReader(f))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || !strings.HasPrefix(subject, "why502 web1: opened: 3 requests failed on <!channel>") || strings.ContainsAny(subject, "\r\n\x1b") {
		t.Errorf("%q, %v", subject, err)
	}
	if args, _ := os.ReadFile(filepath.Join(dir, "args")); string(args) != "-t -i\n" || m.Header.Get("Bcc") != "" || m.Header.Get("To") != "<admin@shop.example>" || len(m.Header) != 11 {
		t.Errorf("%s %d %v", args, len(m.Header), m.Header)
	}
}

func TestSyslog(t *testing.T) {
	if _, err := Parse("syslog:nosuch"); err == nil {
		t.Error("a facility that is none")
	}
	if _, err := Parse("syslog:"); err != nil {
		t.Error(err)
	}
}

// No error shows a secret, and none may stand in a command line.
func TestParseErrors(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return "@" + path
	}
	t.Setenv("BAD", "gopher://SECRET")
	t.Setenv("TOKEN", "telegram:SECRET")
	for word, want := range map[string]string{
		"slack+https://hooks.slack.com/SECRET": "give @FILE",
		"telegram:1:SECRET@2":                  "give @FILE",
		"env:BAD":                              "BAD: not a target",
		"env:TOKEN":                            "telegram:TOKEN@CHAT",
		"env:NONE":                             "it is empty",
		"nowhere":                              "not a target",
		"https://":                             "not an address",
		"command:on-502":                       "whole path",
		"command:/nonexistent":                 "no such file",
		"mail:nobody":                          "no address",
		"ntfy+https://ntfy.sh":                 "TOPIC",
		file("open", "slack+https://x/SECRET", 0o644): "chmod 600",
		file("none", "# nothing\n", 0o600):            "no target",
		file("bad", "\n# x\nxmpp:SECRET\n", 0o600):    "bad:3: not a target",
		"@" + dir + "/nosuch":                         "no such file",
	} {
		_, err := Parse(word)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v, want %q", word, err, want)
		}
	}
	all, err := Parse(file("good", "# chats\nslack+https://hooks.slack.com/x\n\n  https://a.example/b\n", 0o600))
	if err != nil || len(all) != 2 {
		t.Errorf("%v, %v", all, err)
	}
}

func FuzzMessage(f *testing.F) {
	f.Add(hostile, "\xff\x00\u202e")
	f.Fuzz(func(t *testing.T, text, host string) {
		c := change(report.Opened, text)
		c.Text, c.Incident.Headline = text, text
		m := &Message{Change: c, Host: host}
		for _, s := range append(m.Lines(), m.Title()) {
			if strings.ContainsAny(s, "\r\n\x1b\x00") {
				t.Errorf("%q", s)
			}
		}
		var l strings.Builder
		if _, err := letter([]*mail.Address{{Address: "a@b.example"}}, m).WriteTo(&l); err != nil {
			t.Fatal(err)
		}
		got, err := mail.ReadMessage(strings.NewReader(l.String()))
		want := 11
		if text == "" { // no id, so no thread
			want -= 2
		}
		if err != nil || len(got.Header) != want {
			t.Errorf("%v %v", err, got)
		}
	})
}
