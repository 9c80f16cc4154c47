package mail

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
	"time"
)

func letter(to ...string) *Message {
	m := &Message{From: &Address{Address: "why502@web1.example"}, Subject: "[why502] web1: 412 × 502", Text: "one\n.\ntwo\n", HTML: "<p>one</p>", Host: "web1"}
	for _, a := range to {
		m.To = append(m.To, &Address{Address: a})
	}
	return m
}

// sender is one that knows the certificate of the server.
func sender(t *testing.T, s *server, address, password string) *smtp {
	t.Helper()
	out, err := SMTP(fmt.Sprintf(address, s.port()), func() (string, error) { return password, nil })
	if err != nil {
		t.Fatal(err)
	}
	o := out.(*smtp)
	o.config = &tls.Config{RootCAs: s.authority, ServerName: o.host, MinVersion: tls.VersionTLS12}
	return o
}

func TestSMTP(t *testing.T) {
	oldPause, oldWaits := pause, serverWaits
	defer func() { pause, serverWaits = oldPause, oldWaits }()
	pause, serverWaits = time.Millisecond, 5*time.Second
	const safe = "smtp://ann@localhost:%d?tls=yes"
	for name, c := range map[string]struct {
		refuse            map[string][]string
		address, password string
		to                []string
		want              int // messages taken
		sessions          int // 0: any number
		err               string
		waits             time.Duration
		plain             bool // the server knows no STARTTLS
	}{
		"taken":                   {address: safe, want: 1, sessions: 1},
		"two recipients":          {address: safe, to: []string{"a@shop.example", "b@shop.example"}, want: 1, sessions: 1},
		"fails twice":             {refuse: map[string][]string{"MAIL": {"451 4.3.0 busy", "421 4.7.0 later"}}, address: safe, want: 1, sessions: 3},
		"grey at the end of data": {refuse: map[string][]string{"END": {"450 4.2.0 greylisted"}}, address: safe, want: 1, sessions: 2},
		"gone twice":              {refuse: map[string][]string{"EHLO": {"drop", "drop"}}, address: safe, want: 1, sessions: 3},
		"busy for good": {
			refuse:  map[string][]string{"MAIL": {"451 busy", "451 busy", "451 busy", "451 busy"}},
			address: safe, sessions: 3, err: `451 "busy"; tried 3 times; try again later`,
		},
		"refused": {
			refuse:  map[string][]string{"END": {"554 5.7.1 \x1b[2Jspam\u202e"}},
			address: safe, sessions: 1, err: `554 "5.7.1 \x1b[2Jspam\u202e"; the server refuses it for good: check --mail-from and --mail-to`,
		},
		"one of two refused": {
			refuse:  map[string][]string{"RCPT TO:<a@": {"550 5.1.1 no such user", "550 5.1.1 no such user"}},
			address: safe, to: []string{"a@shop.example", "b@shop.example"}, want: 1, err: "to a@shop.example: localhost:",
		},
		"wrong password":     {address: safe, password: "SECRET", err: `535 "5.7.8 Authentication failed"; check the user in --smtp and the password`, sessions: 1},
		"no STARTTLS":        {address: safe, plain: true, err: "the server offers no STARTTLS; give smtps://", sessions: 1},
		"STARTTLS waived":    {address: "smtp://localhost:%d?tls=no", plain: true, want: 1},
		"this host":          {address: "smtp://127.0.0.1:%d", plain: true, want: 1},
		"login in the clear": {address: "smtp://ann@localhost:%d", plain: true, err: "no safe way to log in"},
		"another name":       {address: "smtp://ann@127.0.0.1:%d?tls=yes", err: "give the name that stands in the server's certificate"},
		"silent":             {refuse: map[string][]string{"EHLO": {"hang", "hang", "hang"}}, address: safe, waits: 50 * time.Millisecond, err: "; check host and port"},
		"TLS at once":        {address: "smtps://ann@localhost:%d", want: 1, sessions: 1},
		"gone once it took":  {refuse: map[string][]string{"RSET": {"drop"}, "QUIT": {"drop"}}, address: safe, want: 1, sessions: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, c.refuse, strings.HasPrefix(c.address, "smtps:"))
			s.starttls = !c.plain
			if serverWaits = 5 * time.Second; c.waits > 0 {
				serverWaits = c.waits
			}
			if c.password == "" {
				c.password = "correct horse"
			}
			if c.to == nil {
				c.to = []string{"a@shop.example"}
			}
			err := sender(t, s, c.address, c.password).Send(t.Context(), letter(c.to...))
			s.mu.Lock()
			defer s.mu.Unlock()
			if (err == nil) != (c.err == "") || err != nil && (!strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "\n")) {
				t.Errorf("error %v, want %q", err, c.err)
			}
			if len(s.got) != c.want || c.sessions > 0 && s.sessions != c.sessions {
				t.Errorf("%d taken in %d sessions, want %d in %d", len(s.got), s.sessions, c.want, c.sessions)
			}
			for _, e := range s.got {
				m, err := netmail.ReadMessage(strings.NewReader(e.text))
				if err != nil || m.Header.Get("Subject") != "=?UTF-8?q?[why502]_web1:_412_=C3=97_502?=" || e.from != "FROM:<why502@web1.example>" {
					t.Errorf("%v, from %s: %v", err, e.from, m)
				}
				if strings.Contains(c.address, "ann@") && (!e.tls || e.user != "ann") {
					t.Errorf("TLS %v, user %q", e.tls, e.user)
				}
			}
		})
	}
}

// A certificate that nobody vouches for is refused, and so is a port on which nobody listens.
func TestSMTPDistrust(t *testing.T) {
	old := pause
	defer func() { pause = old }()
	pause = time.Millisecond
	s := newServer(t, nil, false)
	out := sender(t, s, "smtp://ann@localhost:%d?tls=yes", "SECRET")
	out.config = nil
	if err := out.Send(t.Context(), letter("a@shop.example")); err == nil || !strings.Contains(err.Error(), "SSL_CERT_FILE") || len(s.got) != 0 {
		t.Errorf("%v", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	out.port = l.Addr().(*net.TCPAddr).Port
	l.Close()
	if err := out.Send(t.Context(), letter("a@shop.example")); err == nil || !strings.Contains(err.Error(), "connection refused; check host and port") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := out.Send(ctx, letter("a@shop.example")); err == nil {
		t.Error("it went out although it was not to")
	}
}

// No address shows a password, and none may stand in a command line.
func TestSMTPAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"smtp://ann:SECRET@mail.example":   "a password stands in it",
		"mail.example":                     "give smtp://",
		"http://mail.example":              "give smtp://",
		"smtp://":                          "give smtp://",
		"smtp://mail.example/x":            "give smtp://",
		"smtp://mail.example:99999":        "no port",
		"smtp://mail.example?tls=maybe":    "tls=yes and tls=no only",
		"smtp://mail.example?auth=SECRET":  "tls=yes and tls=no only",
		"smtps://mail.example?tls=no":      "contradict",
		"smtp://mail.example:SECRET":       "give smtp://",
		"smtp://ann@mail.example:587":      "",
		"smtps://ann@mail.example":         "",
		"smtp://relay.example:25?tls=no":   "",
		"smtp://[::1]:25":                  "",
		"smtp://ann%40shop.example@m.test": "",
	} {
		out, err := SMTP(address, func() (string, error) { return "SECRET", nil })
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "SECRET")) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
		if err == nil && strings.Contains(out.String(), "SECRET") {
			t.Errorf("%s is called %s", address, out)
		}
	}
}
