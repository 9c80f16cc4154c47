// Package alert tells others what changed about incidents: a program, a web hook, a chat, the system log, a mailbox.
//
// A target is written as one word. What it is told is made of log text, which strangers write: each kind makes it harmless
// for its medium. Addresses that are secrets (the web hooks of chats, tokens) never stand in a command line, which all users of
// a host can read, nor in a message of this program; they come from a file or from the environment.
package alert

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"why502/report"
)

// Message is one thing to tell.
type Message struct {
	*report.Change
	Host   string // where it happened
	Folded int    // how many more there were that the rate limit held back
}

// Target is somebody to tell.
type Target struct {
	Name string // how it is called in messages; holds no secret
	send func(context.Context, *Message) error
}

// kind is one way to tell somebody.
type kind struct {
	Prefix string // of the targets written so
	Doc    string // one line for the help
	secret bool   // what follows the prefix must not stand in a command line
	make   func(rest string) (*Target, error)
}

// kinds lists every way to tell somebody. Adding one is a file and a line here.
var kinds = []kind{
	{"command:", "command:/PATH runs a program, the change as JSON on its standard input", false, newCommand},
	{"syslog:", "syslog:[FACILITY] writes to the system log", false, newSyslog},
	{"mail:", "mail:ADDRESS sends mail through sendmail", false, newMail},
	{"slack+", "slack+https://… posts to a web hook of Slack or Mattermost", true, newService(slack)},
	{"discord+", "discord+https://… posts to a web hook of Discord", true, newService(discord)},
	{"teams+", "teams+https://… posts to a workflow of Microsoft Teams", true, newService(teams)},
	{"telegram:", "telegram:TOKEN@CHAT writes as a bot of Telegram", true, newTelegram},
	{"ntfy+", "ntfy+https://SERVER/TOPIC publishes to ntfy", false, newNtfy},
	{"https://", "https://… posts the change as JSON", false, newService(plain)},
	{"http://", "http://… the same, in the clear", false, newService(plain)},
}

// Help lists the kinds of targets, a line each.
func Help() string {
	var b strings.Builder
	for i := range kinds {
		fmt.Fprintf(&b, "  %s\n", kinds[i].Doc)
	}
	return b.String()
}

// Parse reads targets as a user gives them: one, "env:NAME" for what an environment variable holds, or "@FILE" for what stands
// in a file, a target a line, with comments after "#".
func Parse(word string) ([]*Target, error) {
	if name, ok := strings.CutPrefix(word, "env:"); ok {
		t, err := parse(strings.TrimSpace(os.Getenv(name)))
		if err != nil {
			return nil, fmt.Errorf("the environment variable %s: %w", name, err)
		}
		return []*Target{t}, nil
	}
	if path, ok := strings.CutPrefix(word, "@"); ok {
		return readFile(path)
	}
	if k := kindOf(word); k != nil && k.secret {
		return nil, fmt.Errorf("%s… holds a secret, and every user of this host can read a command line: write it to a file that only you can read and give @FILE, or give env:NAME", k.Prefix)
	}
	t, err := parse(word)
	if err != nil {
		return nil, err
	}
	return []*Target{t}, nil
}

func readFile(path string) ([]*Target, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o007 != 0 {
		return nil, fmt.Errorf("%s: every user can read or change it; chmod 600 %s", path, path)
	}
	if info.Size() > 1<<20 {
		return nil, fmt.Errorf("%s: too large for a list of targets", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var all []*Target
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		t, err := parse(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		all = append(all, t)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no target in it", path)
	}
	return all, nil
}

func kindOf(word string) *kind {
	i := slices.IndexFunc(kinds, func(k kind) bool { return strings.HasPrefix(word, k.Prefix) })
	if i < 0 {
		return nil
	}
	return &kinds[i]
}

// parse never repeats word in an error: it may be a secret.
func parse(word string) (*Target, error) {
	if word == "" {
		return nil, errors.New("it is empty")
	}
	k := kindOf(word)
	if k == nil {
		var known []string
		for i := range kinds {
			known = append(known, kinds[i].Prefix)
		}
		return nil, fmt.Errorf("not a target; one begins with %s", strings.Join(known, " "))
	}
	if strings.HasSuffix(k.Prefix, "://") {
		return k.make(word)
	}
	return k.make(strings.TrimPrefix(word, k.Prefix))
}
