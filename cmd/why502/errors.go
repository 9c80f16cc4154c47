package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"why502/parser"
)

// The exit statuses, as the help documents them.
const (
	statusDone     = 0
	statusFound    = 1   // an incident at or above --fail-on
	statusUsage    = 2   // a wrong flag or argument, or a report that cannot be written
	statusUnread   = 3   // some input could not be read; the report is written all the same
	statusCut      = 130 // reading was interrupted; the report of what was read is written
	programName    = "why502"
	seeHelp        = "see " + programName + " --help"
	timeLayoutHint = "give a date (2026-11-22), a date and time (\"2026-11-22 17:00\"), the last 17:00, RFC 3339, -2h, yesterday, today or now"
)

// status is an error that ends the program with a status. err may be nil where all has been said.
type status struct {
	code int
	err  error
}

func (s *status) Error() string {
	if s.err == nil {
		return ""
	}
	return s.err.Error()
}

func (s *status) Unwrap() error { return s.err }

// usage is a mistake in what was asked: "what; mend".
func usage(format string, args ...any) error {
	return &status{statusUsage, fmt.Errorf(format, args...)}
}

// flagMistake says what is wrong with a flag in the words of the other mistakes.
func flagMistake(err error) string {
	var value *pflag.InvalidValueError
	if !errors.As(err, &value) {
		return err.Error()
	}
	wrong := fmt.Sprintf("--%s: %q is ", value.GetFlag().Name, value.GetValue())
	switch value.GetFlag().Value.Type() {
	case "int":
		return wrong + "no number"
	case "duration":
		return wrong + "no length of time; give one such as 90s, 5m or 6h"
	case "bool":
		return wrong + "neither true nor false"
	}
	return fmt.Sprintf("--%s: %q: %v", value.GetFlag().Name, value.GetValue(), value.Unwrap())
}

// finish says what went wrong and returns the status to exit with.
func finish(stderr io.Writer, err error) int {
	if err == nil {
		return statusDone
	}
	s := &status{statusUsage, err} // what cobra itself refuses
	errors.As(err, &s)
	if s.err != nil {
		complain(stderr, explained(s.err))
		point(stderr, s.err)
	}
	return s.code
}

// explained is the text of err. What the system says of standard output speaks of no file that anyone named.
func explained(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) && path.Op == "write" && path.Path == os.Stdout.Name() {
		return "standard output could not be written: " + path.Err.Error()
	}
	return err.Error()
}

// complain writes one line. Names of files are not to be trusted more than their content.
func complain(stderr io.Writer, text string) {
	fmt.Fprintln(stderr, programName+": "+oneLine(text))
}

// point shows where in a pattern the mistake is that err is about, if it is about one.
func point(stderr io.Writer, err error) {
	var e *parser.PatternError
	if errors.As(err, &e) {
		fmt.Fprintf(stderr, "  %s\n  %s^\n", oneLine(e.Pattern), strings.Repeat(" ", utf8.RuneCountInString(e.Pattern[:e.Column-1])))
	}
}

// reason is an operating system's error without the operation and path, which the line states already.
func reason(err error) string {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file or folder; check the path"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied; run as root or as a member of the group that may read it (adm)"
	case errors.As(err, &path):
		return path.Err.Error()
	}
	return err.Error()
}

// unwritten is why something could not be written.
func unwritten(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such folder; make it, or name another"
	case errors.Is(err, fs.ErrPermission):
		return "no permission to write there; name a place where you may"
	}
	return reason(err)
}

func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) { // controls, and marks that turn the direction of the text
			return '?'
		}
		return r
	}, s)
}
