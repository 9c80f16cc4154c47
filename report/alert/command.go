package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"why502/report"
)

// patience is how long a program may take.
const patience = 30 * time.Second

// newCommand runs a program without a shell and without arguments: nothing a log says can become part of a command line.
func newCommand(path string) (*Target, error) {
	if !filepath.IsAbs(path) {
		return nil, errors.New("command: wants the whole path of a program, like command:/usr/local/bin/on-502; it gets the change on its standard input")
	}
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if info.IsDir() || info.Mode().Perm()&0o111 == 0 {
		return nil, fmt.Errorf("%s: not a program that can be run", path)
	}
	return &Target{Name: path, send: func(ctx context.Context, m *Message) error {
		in, err := json.Marshal(plain(m))
		if err != nil {
			return permanent{err}
		}
		return run(ctx, in, path)
	}}, nil
}

// run runs a program with text on its standard input.
func run(ctx context.Context, text []byte, name string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Stdin = bytes.NewReader(text)
	c.WaitDelay = time.Second // for children of it that keep the pipes
	out, err := c.CombinedOutput()
	if err == nil || errors.Is(err, exec.ErrWaitDelay) {
		return nil
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("it took more than %s", patience)
	}
	if first, _, _ := bytes.Cut(bytes.TrimSpace(out), []byte("\n")); len(first) > 0 {
		return fmt.Errorf("%w: %s", err, report.Clean(shorten(string(first), 200)))
	}
	return err
}
