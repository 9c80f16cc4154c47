package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// sendmailPaths are where mail programs put theirs (Postfix, Exim, msmtp), after $PATH: that of cron has none of them.
var sendmailPaths = []string{"sendmail", "/usr/sbin/sendmail", "/usr/lib/sendmail"}

// sendmailPatience is how long the program may take. Exim with its checks of content may take a while.
const sendmailPatience = time.Minute

type sendmail struct{ program string }

// Sendmail is the host's own mail program.
func Sendmail() (Sender, error) {
	for _, p := range sendmailPaths {
		if program, err := exec.LookPath(p); err == nil {
			return sendmail{program}, nil
		}
	}
	return nil, errors.New("this host has no sendmail (looked in $PATH and for " + strings.Join(sendmailPaths[1:], ", ") + ")")
}

func (s sendmail) String() string { return s.program }

// Send hands the message over. Who gets it stands in its header (-t), and a line of a single dot does not end it (-i).
func (s sendmail) Send(ctx context.Context, m *Message) error {
	var text bytes.Buffer
	if _, err := m.WriteTo(&text); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendmailPatience)
	defer cancel()
	c := exec.CommandContext(ctx, s.program, "-t", "-i")
	// Programs of Unix take lines as Unix has them; some send a carriage return twice.
	c.Stdin = bytes.NewReader(bytes.ReplaceAll(text.Bytes(), []byte("\r\n"), []byte("\n")))
	c.WaitDelay = time.Second // for children of it that keep the pipes
	out, err := c.CombinedOutput()
	switch {
	case err == nil || errors.Is(err, exec.ErrWaitDelay):
		return nil
	case ctx.Err() != nil:
		err = fmt.Errorf("it took more than %s", sendmailPatience)
	}
	if first, _, _ := bytes.Cut(bytes.TrimSpace(out), []byte("\n")); len(first) > 0 {
		return fmt.Errorf("%s: %w: %s", s.program, err, line(string(first), 200))
	}
	return fmt.Errorf("%s: %w", s.program, err)
}
