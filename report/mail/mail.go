// Package mail sends mail: through the host's own mail program, which knows the way out, or by SMTP.
//
// What is sent is made of log text, which strangers write. Header lines are therefore built here and nowhere else: every text that
// comes into one is cleaned, bounded and encoded as a whole, so that none can begin a line of its own. Passwords never stand in a
// command line nor in a message of this program.
package mail

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"why502/report"
)

// Address is of one person or program.
type Address = netmail.Address

// Message is a mail.
type Message struct {
	From    *Address // nil: whoever sends it puts it in
	To      []*Address
	Subject string
	Text    string
	HTML    string // "" if there is none
	Files   []File
	Date    time.Time
	Host    string // of the Message-ID
	Thread  string // what it belongs to: mails of one thread are shown together; "": it stands alone
	Mailer  string // the program and its version

	id string // what tells it from others, once it was packed: who gets it twice sees it once
}

// File is an attachment.
type File struct {
	Name, Type string
	Data       []byte
}

// Sender is a way out.
type Sender interface {
	Send(ctx context.Context, m *Message) error
	String() string // names it in messages; holds no secret
}

// Addresses reads a list like "a@b, c@d".
func Addresses(list string) ([]*Address, error) {
	all, err := netmail.ParseAddressList(list)
	if err != nil {
		return nil, fmt.Errorf("%q is no address", report.Clean(list))
	}
	for _, a := range all {
		// A part that is quoted may hold anything; servers and programs read it in ways of their own.
		if strings.ContainsAny(a.Address, " \t\r\n\"<>,;:\\") || strings.HasPrefix(a.Address, "-") {
			return nil, fmt.Errorf("%q is no address that can be used", report.Clean(a.Address))
		}
	}
	return all, nil
}

// subjectBytes bounds a subject, before it is encoded.
const subjectBytes = 400

// line makes text fit for a header. What it holds of encoded words is taken apart: "=?utf-8?q?=0ABcc:?=" in a host name would be
// decoded by who shows it.
func line(s string, most int) string {
	s = strings.ReplaceAll(strings.TrimSpace(report.Clean(s)), "=?", "= ?")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most-len("…")], "") + "…"
	}
	return s
}

// plain makes a name fit for a file and for the parts of a header that cannot be encoded.
func plain(s, instead string) string {
	s = strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '.':
			return r
		}
		return '-'
	}, s), "-.")
	if s == "" {
		return instead
	}
	return s[:min(len(s), 100)]
}

// pack makes the message as it is sent.
func (m *Message) pack() *gomail.Msg {
	g := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if m.From != nil {
		g.FromMailAddress(m.From)
	}
	g.ToMailAddress(m.To...)
	g.Subject(line(m.Subject, subjectBytes))
	date := m.Date
	if date.IsZero() {
		date = time.Now()
	}
	g.SetDateWithValue(date)
	host := plain(m.Host, "localhost")
	if m.id == "" {
		m.id = date.UTC().Format("20060102150405") + "." + strings.ToLower(rand.Text())
	}
	g.SetMessageIDWithValue("why502." + m.id + "@" + host)
	// RFC 3834: no vacation message answers it; the second line says so to Exchange.
	g.SetGenHeader("Auto-Submitted", "auto-generated")
	g.SetGenHeader("X-Auto-Response-Suppress", "All")
	if m.Mailer != "" {
		g.SetGenHeader(gomail.HeaderXMailer, line(m.Mailer, 100))
	}
	if m.Thread != "" {
		// A message that all of a thread refer to, and no other thread does, parts them in programs that go by it; Outlook goes
		// by the topic, and both else by the subject.
		thread := plain(m.Thread, "report")
		g.SetGenHeader("References", "<why502."+thread+"@"+host+">")
		g.SetGenHeader("Thread-Topic", "why502 "+thread)
	}
	g.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		g.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	for _, f := range m.Files {
		g.AttachReadSeeker(plain(f.Name, "report"), bytes.NewReader(f.Data), gomail.WithFileContentType(gomail.ContentType(f.Type)))
	}
	return g
}

// WriteTo writes the message as it is sent.
func (m *Message) WriteTo(w io.Writer) (int64, error) { return m.pack().WriteTo(w) }
