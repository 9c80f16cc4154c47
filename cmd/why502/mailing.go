package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/report"
	"why502/report/mail"
)

// smtpPassword is the variable that holds the password of --smtp.
const smtpPassword = "WHY502_SMTP_PASSWORD"

// mailing is what the flags say about sending a report by mail.
type mailing struct {
	to, attach   []string
	from, server string
	passwordFile string

	out mail.Sender // nil: no mail is asked for
	msg mail.Message
}

func (m *mailing) flags(c *cobra.Command) {
	under(c, "Mail", func(f *pflag.FlagSet) {
		f.StringArrayVar(&m.to, "mail-to", nil, "mail the report to `ADDRESS` (a@b,c@d: several) instead of printing it; through this host's sendmail unless --smtp is given")
		f.StringVar(&m.from, "mail-from", "", "`ADDRESS` that the mail comes from (default: what sendmail puts in; with --smtp why502@ this host)")
		f.StringSliceVar(&m.attach, "mail-attach", []string{"html"}, "`FORMATS` in which the whole report is attached: "+strings.Join(report.Names(), ", "))
		f.StringVar(&m.server, "smtp", "", "send through `SERVER`: "+mail.SMTPHelp+"; STARTTLS is a must but on this host itself (?tls=no, ?tls=yes); the password stands in $"+smtpPassword+" or in a file")
		f.StringVar(&m.passwordFile, "smtp-password-file", "", "`FILE` whose first line is the password, readable for nobody else")
	})
	complete(c, "mail-attach", append(report.Names(), "html,json")...)
}

// check refuses what cannot be sent, before anything is read.
func (m *mailing) check(c *cobra.Command, out *output) error {
	if len(m.to) == 0 {
		for _, name := range []string{"mail-from", "mail-attach", "smtp", "smtp-password-file"} {
			if c.Flags().Changed(name) {
				return usage("--%s: it is about mail, and none is asked for; give --mail-to ADDRESS", name)
			}
		}
		return nil
	}
	if err := out.unprinted(c, "--mail-to"); err != nil {
		return err
	}
	var err error
	if m.msg.To, err = mail.Addresses(strings.Join(m.to, ",")); err != nil {
		return usage("--mail-to: %w; give name@example.com", err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	m.msg.Host = host
	if m.from == "" && m.server != "" {
		m.from = "why502 <why502@" + host + ">"
	}
	if m.from != "" {
		from, err := mail.Addresses(m.from)
		if err != nil || len(from) != 1 {
			return usage("--mail-from: %q is not one mail address; give name@example.com", m.from)
		}
		m.msg.From = from[0]
	}
	for _, f := range m.attach {
		if report.Lookup(f) == nil {
			return usage("--mail-attach: %q is none; give some of %s", f, strings.Join(report.Names(), ", "))
		}
	}
	if m.server == "" {
		if m.passwordFile != "" {
			return usage("--smtp-password-file: sendmail asks for no password; give --smtp smtp://USER@SERVER")
		}
		if m.out, err = mail.Sendmail(); err != nil {
			return usage("--mail-to: %w; install a mail program or give --smtp", err)
		}
		return nil
	}
	asked := false
	m.out, err = mail.SMTP(m.server, func() (string, error) {
		asked = true
		return m.password()
	})
	switch {
	case err != nil:
		return usage("--smtp: %w", err)
	case m.passwordFile != "" && !asked:
		return usage("--smtp-password-file: --smtp names nobody whose password it could be; give smtp://USER@SERVER")
	}
	return nil
}

// password reads what must not stand in a command line.
func (m *mailing) password() (string, error) {
	if m.passwordFile == "" {
		if p := os.Getenv(smtpPassword); p != "" {
			return p, nil
		}
		return "", fmt.Errorf("a user, but no password; set $%s or give --smtp-password-file", smtpPassword)
	}
	f, err := os.Open(m.passwordFile)
	if err != nil {
		return "", fmt.Errorf("%s: %s", m.passwordFile, reason(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return "", err
	} else if info.Mode().Perm()&0o007 != 0 {
		return "", fmt.Errorf("%s: every user can read or change it; chmod 600 %s", m.passwordFile, m.passwordFile)
	}
	text, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil {
		return "", fmt.Errorf("%s: %s", m.passwordFile, reason(err))
	}
	first, _, _ := strings.Cut(string(text), "\n")
	if first = strings.TrimSuffix(first, "\r"); first == "" {
		return "", errors.New(m.passwordFile + ": its first line is empty")
	}
	return first, nil
}

// tell mails a report, if that is asked for, and writes it where out says; what is mailed is not printed besides. An interrupt
// that ended the reading does not keep the mail back.
func (m *mailing) tell(c *cobra.Command, out *output, r *report.Report, zone *time.Location, shown func(host string) string) error {
	if m.out == nil {
		return out.write(c.OutOrStdout(), r, zone)
	}
	if out.file != "" {
		if err := out.write(c.OutOrStdout(), r, zone); err != nil {
			return err
		}
	}
	return m.send(context.WithoutCancel(c.Context()), r, zone, shown)
}

// send mails a report. What its History calls the host goes before the name of this one, which is given as shown says.
func (m *mailing) send(ctx context.Context, r *report.Report, zone *time.Location, shown func(host string) string) error {
	host := shown(m.msg.Host)
	if r.History != nil && r.History.Host != "" {
		host = r.History.Host
	}
	msg, err := mail.Report(r, mail.Options{Host: host, Zone: zone, Formats: m.attach})
	if err != nil {
		return err
	}
	msg.From, msg.To = m.msg.From, m.msg.To
	if err := m.out.Send(ctx, msg); err != nil {
		return usage("the mail to %s was not sent: %s", strings.Join(m.to, ","), oneLine(err.Error()))
	}
	return nil
}
