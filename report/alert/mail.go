package alert

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"os/exec"
	"strings"
)

// sendmailPaths are where the mail programs of the systems put theirs (Postfix, Exim, msmtp).
var sendmailPaths = []string{"/usr/sbin/sendmail", "/usr/lib/sendmail", "/usr/bin/sendmail"}

// newMail hands mail to the host's own mail program, which knows the way out.
func newMail(to string) (*Target, error) {
	a, err := netmail.ParseAddress(to)
	if err != nil {
		return nil, fmt.Errorf("mail: %q is no address", to)
	}
	program := ""
	for _, p := range sendmailPaths {
		if found, err := exec.LookPath(p); err == nil {
			program = found
			break
		}
	}
	if program == "" {
		return nil, errors.New("mail: this host has no sendmail (" + strings.Join(sendmailPaths, ", ") + "); install a mail program or use another target")
	}
	return &Target{Name: "mail to " + a.Address, send: func(ctx context.Context, m *Message) error {
		text, err := letter(a, m)
		if err != nil {
			return permanent{err}
		}
		return run(ctx, text, program, "-t", "-i")
	}}, nil
}

// letter writes a mail. Its header holds the recipient, which the user gave, and the subject, which is encoded as a whole: no
// log text can begin a header of its own.
func letter(to *netmail.Address, m *Message) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "To: %s\r\nSubject: %s\r\n", to, mime.QEncoding.Encode("utf-8", shorten(m.Title(), 180)))
	b.WriteString("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	w := quotedprintable.NewWriter(&b)
	if _, err := fmt.Fprintf(w, "%s\r\n\r\n%s\r\n", m.Title(), strings.Join(m.Lines(), "\r\n")); err != nil {
		return nil, err
	}
	return b.Bytes(), w.Close()
}
