package mail

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// server is a mail server that takes what it is sent, but for what it is told to refuse.
type server struct {
	net.Listener
	certificate tls.Certificate
	authority   *x509.CertPool
	starttls    bool

	mu       sync.Mutex
	refuse   map[string][]string // answers by the beginning of a command, one after the other
	got      []envelope
	sessions int
	open     []net.Conn
}

type envelope struct {
	from string
	to   []string
	text string
	user string
	tls  bool
}

// newServer listens on this host, with a certificate of its own making for "localhost"; implicit: TLS from the first byte.
func newServer(t *testing.T, refuse map[string][]string, implicit bool) *server {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	own, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{certificate: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, authority: x509.NewCertPool(), starttls: true, refuse: refuse}
	s.authority.AddCert(own)
	if s.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	var sessions sync.WaitGroup
	sessions.Go(func() {
		for {
			c, err := s.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.sessions++
			s.open = append(s.open, c)
			s.mu.Unlock()
			sessions.Go(func() {
				defer c.Close()
				if implicit {
					c = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{s.certificate}})
				}
				s.serve(c, implicit)
			})
		}
	})
	t.Cleanup(func() {
		s.Close()
		s.mu.Lock()
		for _, c := range s.open {
			c.Close()
		}
		s.mu.Unlock()
		sessions.Wait()
	})
	return s
}

func (s *server) port() int { return s.Addr().(*net.TCPAddr).Port }

// refusal is the next answer to refuse a command with, "" if it is taken. "drop" ends the connection.
func (s *server) refusal(command string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, answers := range s.refuse {
		if strings.HasPrefix(command, k) && len(answers) > 0 {
			s.refuse[k] = answers[1:]
			return answers[0]
		}
	}
	return ""
}

func (s *server) serve(c net.Conn, encrypted bool) {
	t := textproto.NewConn(c)
	say := func(format string, args ...any) { _ = t.PrintfLine(format, args...) }
	say("220 localhost ESMTP")
	var e envelope
	user := ""
	for {
		l, err := t.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(l, " ")
		verb = strings.ToUpper(verb)
		switch r := s.refusal(verb + " " + rest); r {
		case "":
		case "drop":
			return
		case "hang":
			_, _ = t.ReadLine()
			return
		default:
			say("%s", r)
			continue
		}
		switch verb {
		case "EHLO":
			say("250-localhost")
			if s.starttls && !encrypted {
				say("250-STARTTLS")
			}
			if encrypted {
				say("250-AUTH PLAIN LOGIN")
			}
			say("250-ENHANCEDSTATUSCODES")
			say("250 SIZE 50000000")
		case "STARTTLS":
			say("220 go on")
			over := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{s.certificate}})
			if over.Handshake() != nil {
				return
			}
			c, encrypted = over, true
			t = textproto.NewConn(c)
		case "AUTH":
			kind, said, _ := strings.Cut(rest, " ")
			raw, err := base64.StdEncoding.DecodeString(said)
			if kind != "PLAIN" || err != nil {
				say("504 no")
				continue
			}
			parts := strings.Split(string(raw), "\x00")
			if len(parts) != 3 || parts[2] != "correct horse" {
				say("535 5.7.8 Authentication failed")
				continue
			}
			user = parts[1]
			say("235 welcome")
		case "MAIL":
			e = envelope{from: rest, user: user, tls: encrypted}
			say("250 ok")
		case "RCPT":
			e.to = append(e.to, rest)
			say("250 ok")
		case "DATA":
			say("354 go on")
			text, err := readData(t.R)
			if err != nil {
				return
			}
			e.text = text
			if r := s.refusal("END"); r != "" {
				say("%s", r)
				continue
			}
			s.mu.Lock()
			s.got = append(s.got, e)
			s.mu.Unlock()
			say("250 2.0.0 queued")
		case "RSET", "NOOP":
			say("250 ok")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("502 what?")
		}
	}
}

// readData keeps line ends as they came: a server must not see other ones than CRLF.
func readData(r *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		l, err := r.ReadString('\n')
		if err != nil {
			return "", err
		}
		if l == ".\r\n" {
			return b.String(), nil
		}
		if !strings.HasSuffix(l, "\r\n") || strings.Count(l, "\r") > 1 || len(l) > 1000 {
			return "", fmt.Errorf("line %q", l)
		}
		b.WriteString(strings.TrimPrefix(l, "."))
	}
}
