package input

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// journalName is what the journal is called among the sources.
const journalName = "journal"

// Journal is what of systemd's journal is read.
type Journal struct {
	Units        []string // none: all of it, the kernel's messages too
	Since, Until time.Time
	After        string // the cursor of an entry: those after it, whatever Since says
}

// File is the journal as a stream, through journalctl: reading the files of the journal itself would need its library.
// journalctl runs from the first read on, until ctx ends.
func (j Journal) File(ctx context.Context) (*File, error) {
	program, args, err := j.command()
	if err != nil {
		return nil, err
	}
	// Seconds since 1970 are understood by every version and leave no question of zones.
	switch {
	case j.After != "":
		args = append(args, "--after-cursor="+j.After)
	case !j.Since.IsZero():
		args = append(args, "--since=@"+strconv.FormatInt(j.Since.Unix(), 10))
	}
	if !j.Until.IsZero() {
		args = append(args, "--until=@"+strconv.FormatInt(j.Until.Unix(), 10))
	}
	start := func() (io.ReadCloser, error) { return startJournal(ctx, program, args) }
	return &File{name: journalName, stream: &stream{}, member: &member{opens: start}, trail: &trail{}}, nil
}

// Cursor is that of the last entry of the journal that Lines has yielded; "" if there was none.
func (f *File) Cursor() string { return string(f.stream.cursor) }

func (f *File) noteCursor(entry []byte) {
	if c := CursorOf(entry); len(c) > 0 {
		f.stream.cursor = append(f.stream.cursor[:0], c...)
	}
}

// CursorOf cuts the cursor out of an entry of the journal:
//
//	{"__CURSOR":"s=3c…;i=1f;b=9a…;m=2b;t=5f;x=77","__REALTIME_TIMESTAMP":"1795341600123456",…
func CursorOf(entry []byte) []byte {
	_, rest, ok := bytes.Cut(entry, []byte(`"__CURSOR"`))
	if !ok {
		return nil
	}
	rest = bytes.TrimLeft(rest, " \t:")
	if len(rest) == 0 || rest[0] != '"' {
		return nil
	}
	cursor, _, ok := bytes.Cut(rest[1:], []byte(`"`))
	if !ok {
		return nil
	}
	return cursor
}

// Follow starts a journalctl that goes on as entries come: with those after a cursor, or if that is empty with those since
// Since, or if that is zero with new ones. Entries are lines of JSON. It ends with ctx or when it is closed.
func (j Journal) Follow(ctx context.Context, cursor string) (io.ReadCloser, error) {
	program, args, err := j.command()
	if err != nil {
		return nil, err
	}
	switch args = append(args, "--follow"); {
	case cursor != "":
		args = append(args, "--no-tail", "--after-cursor="+cursor)
	case !j.Since.IsZero():
		args = append(args, "--no-tail", "--since=@"+strconv.FormatInt(j.Since.Unix(), 10))
	default:
		args = append(args, "--lines=0")
	}
	return startJournal(ctx, program, args)
}

func (j Journal) command() (program string, args []string, err error) {
	program, err = exec.LookPath("journalctl")
	if err != nil {
		return "", nil, &Error{
			Path: journalName, What: "no journalctl on this host", Mend: "where systemd is missing, give the log files", Err: err,
		}
	}
	args = []string{"--no-pager", "--all", "--output=json"} // without --all long messages come as null
	for _, u := range j.Units {
		args = append(args, "--unit="+u)
	}
	return program, args, nil
}

// journalPipe is a running journalctl.
type journalPipe struct {
	cmd    *exec.Cmd
	out    io.Reader
	stderr beginning
	cancel context.CancelFunc
	done   bool
}

func startJournal(ctx context.Context, program string, args []string) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancel(ctx)
	p := &journalPipe{cmd: exec.CommandContext(ctx, program, args...), cancel: cancel}
	p.cmd.Stderr = &p.stderr
	p.cmd.WaitDelay = time.Second
	var err error
	if p.out, err = p.cmd.StdoutPipe(); err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, &Error{Path: journalName, What: "journalctl does not start: " + err.Error(), Err: err}
	}
	return p, nil
}

// Read returns at the end what journalctl had to say.
func (p *journalPipe) Read(b []byte) (int, error) {
	if p.done { // it said nothing, and whoever looks what it is asks once more
		return 0, io.EOF
	}
	n, err := p.out.Read(b)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	p.done = true
	if e := p.verdict(p.cmd.Wait()); e != nil {
		err = e
	}
	return n, err
}

// verdict words how journalctl ended; nil if well. It ends well too where it may show the caller's own messages only:
//
//	Hint: You are currently not seeing messages from other users and the system.
//	No journal files were opened due to insufficient permissions.
func (p *journalPipe) verdict(exit error) error {
	said := p.stderr.String()
	switch {
	case strings.Contains(said, "insufficient permissions"), strings.Contains(said, "not seeing messages from other users"):
		return &Error{
			Path: journalName, What: "no permission to read all of it",
			Mend: "run as root or as a member of the group systemd-journal or adm", Err: fs.ErrPermission,
		}
	case exit == nil:
		return nil
	}
	line, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	if line == "" {
		line = exit.Error()
	}
	return &Error{Path: journalName, What: fmt.Sprintf("journalctl failed (%s)", line), Err: exit}
}

// Close ends journalctl if it still runs.
func (p *journalPipe) Close() error {
	p.cancel()
	if !p.done {
		p.done = true
		_ = p.cmd.Wait() // it was killed, how it ended says nothing
	}
	return nil
}

// beginning keeps the first bytes that are written to it.
type beginning struct{ bytes.Buffer }

func (b *beginning) Write(p []byte) (int, error) {
	const most = 4 << 10
	if room := most - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
