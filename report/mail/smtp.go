package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// tries is how often one message is sent: a server that is busy, or does not know the sender, may take it a little later.
const tries = 3

var (
	pause       = 5 * time.Second // before it is tried again, times the number of the try
	serverWaits = time.Minute     // what connecting may take, and what sending may
)

type smtp struct {
	host     string
	port     int
	user     string
	password string
	tls      gomail.TLSPolicy
	implicit bool        // TLS from the first byte (smtps)
	config   *tls.Config // nil: the system's certificates
}

// SMTPHelp says how a server is written.
const SMTPHelp = "smtp://[USER@]HOST[:PORT], or smtps://… for TLS from the first byte"

// SMTP is the server at an address like smtp://user@mail.example:587. It demands STARTTLS, but of a server on this host;
// "?tls=no" waives it, "?tls=yes" demands it there too. password is asked for if the address names a user.
func SMTP(address string, password func() (string, error)) (Sender, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || strings.Trim(u.Path, "/") != "" || u.Fragment != "" {
		return nil, errors.New("not a mail server; give " + SMTPHelp) // what stands there may hold a password
	}
	if _, ok := u.User.Password(); ok {
		return nil, errors.New("a password stands in it, and every user of this host can read a command line; leave it out")
	}
	s := &smtp{host: u.Hostname(), port: 587, user: u.User.Username(), implicit: u.Scheme == "smtps", tls: gomail.TLSMandatory}
	local := loopback(s.host)
	switch {
	case s.implicit:
		s.port = 465
	case local:
		s.port, s.tls = 25, gomail.NoTLS
	}
	if p := u.Port(); p != "" {
		if s.port, err = strconv.Atoi(p); err != nil || s.port < 1 || s.port > 65535 {
			return nil, fmt.Errorf("%q is no port", p)
		}
	}
	for k, v := range u.Query() {
		switch {
		case k != "tls" || len(v) != 1 || v[0] != "yes" && v[0] != "no":
			return nil, errors.New("after the ? it knows tls=yes and tls=no only")
		case v[0] == "yes":
			s.tls = gomail.TLSMandatory
		case s.implicit:
			return nil, errors.New("smtps:// and tls=no contradict each other; give smtp:// for a server without TLS")
		default:
			s.tls = gomail.NoTLS
		}
	}
	if s.user != "" {
		if s.password, err = password(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

func (s *smtp) String() string { return net.JoinHostPort(s.host, strconv.Itoa(s.port)) }

// Send gives the message to the server, which gets it again if it says that it may take it later. Of several recipients one who
// is refused costs the others nothing.
func (s *smtp) Send(ctx context.Context, m *Message) error {
	err := s.try(ctx, m)
	var refused *gomail.SendError
	if len(m.To) > 1 && errors.As(err, &refused) && refused.Reason == gomail.ErrSMTPRcptTo {
		var all []error
		for _, a := range m.To {
			one := *m
			one.To = []*Address{a}
			if err := s.try(ctx, &one); err != nil {
				all = append(all, fmt.Errorf("to %s: %w", a.Address, s.explain(err)))
			}
		}
		return errors.Join(all...)
	}
	if err != nil {
		return s.explain(err)
	}
	return nil
}

func (s *smtp) try(ctx context.Context, m *Message) error {
	for i := 1; ; i++ {
		err := s.once(ctx, m)
		if err == nil || i == tries || !passing(err) {
			return err
		}
		t := time.NewTimer(time.Duration(i) * pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return err
		}
	}
}

func (s *smtp) once(ctx context.Context, m *Message) error {
	config := s.config
	if config == nil {
		config = &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
	}
	options := []gomail.Option{gomail.WithPort(s.port), gomail.WithTimeout(serverWaits), gomail.WithTLSPolicy(s.tls), gomail.WithTLSConfig(config)}
	if s.implicit {
		options = append(options, gomail.WithSSL())
	}
	if s.user != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.user), gomail.WithPassword(s.password))
	}
	c, err := gomail.NewClient(s.host, options...)
	if err != nil {
		return err
	}
	g := m.pack()
	err = c.DialAndSendWithContext(ctx, g)
	if g.IsDelivered() { // what went wrong after that is no reason to send it twice
		return nil
	}
	return err
}

// code is what a server answered, 0 if it was not the server that failed.
func code(err error) int {
	var send *gomail.SendError
	var proto *textproto.Error
	switch {
	case errors.As(err, &proto):
		return proto.Code
	case errors.As(err, &send):
		return send.ErrorCode()
	}
	return 0
}

// passing says whether another try may mend it.
func passing(err error) bool {
	if n := code(err); n > 0 {
		return n < 500
	}
	var send *gomail.SendError
	var op *net.OpError
	return errors.As(err, &op) || errors.As(err, &send) || strings.Contains(err.Error(), "EOF") // the last comes without its type
}

// explain says what went wrong, where, and what to do about it. Servers' answers are strangers' text.
func (s *smtp) explain(err error) error {
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		op        *net.OpError
		mend      string
	)
	text, _, _ := strings.Cut(err.Error(), ", affected ")
	text = line(strings.TrimPrefix(strings.TrimPrefix(text, "dial failed: "), "send failed: "), 300)
	switch n := code(err); {
	case n == 530 || n == 534 || n == 535 || n == 538:
		mend = "check the user in --smtp and the password"
	case n >= 500:
		mend = "the server refuses it for good: check --mail-from and --mail-to"
	case n >= 400:
		mend = fmt.Sprintf("tried %d times; try again later", tries)
	case errors.As(err, &authority) || errors.As(err, &name) || errors.As(err, &invalid):
		mend = "give the name that stands in the server's certificate; SSL_CERT_FILE=FILE names an authority of your own"
	case strings.Contains(text, "does not support STARTTLS"):
		text, mend = "the server offers no STARTTLS", "give smtps:// if it speaks TLS at once, or ?tls=no in a network that you trust"
	case strings.Contains(text, "AUTH"):
		mend = "it offers no safe way to log in: use TLS, or leave the user out"
	case errors.As(err, &op):
		text, mend = line(op.Err.Error(), 300), "check host and port, and whether a firewall keeps it away"
	case errors.Is(err, context.DeadlineExceeded):
		text, mend = fmt.Sprintf("no answer within %s", serverWaits), "check host and port, and whether a firewall keeps it away"
	default:
		mend = "check host, port and smtp:// or smtps://"
	}
	return fmt.Errorf("%s: %s; %s", s, text, mend)
}
