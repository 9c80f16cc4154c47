package alert

import (
	"context"
	"errors"
	"strings"

	"why502/report/mail"
)

// newMail hands mail to the host's own mail program, which knows the way out.
func newMail(to string) (*Target, error) {
	addresses, err := mail.Addresses(to)
	if err != nil {
		return nil, errors.New("mail: " + err.Error())
	}
	out, err := mail.Sendmail()
	if err != nil {
		return nil, errors.New("mail: " + err.Error() + "; install a mail program or use another target")
	}
	return &Target{Name: "mail to " + to, send: func(ctx context.Context, m *Message) error {
		return out.Send(ctx, letter(addresses, m))
	}}, nil
}

// letter writes a mail on a change. All that is told of an incident is one thread.
func letter(to []*mail.Address, m *Message) *mail.Message {
	return &mail.Message{
		To: to, Subject: shorten(m.Title(), 180), Host: m.Host, Thread: m.Incident.ID,
		Text: m.Title() + "\n\n" + strings.Join(m.Lines(), "\n") + "\n",
	}
}
