package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite what the scripts expect")

// TestMain runs the command instead of the tests where a script or a test asks this binary to be it.
func TestMain(m *testing.M) {
	if os.Getenv("WHY502_RUN_MAIN") != "" {
		main()
	}
	testscript.Main(m, map[string]func(){"why502": main})
}

// The scripts in testdata run the command as a user does: arguments, files, output, exit status.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("TZ", "UTC")
			e.Setenv("COLUMNS", "80")
			return nil
		},
		Condition: func(name string) (bool, error) { return name == "root" && os.Geteuid() == 0, nil },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// status N COMMAND... runs a command that must exit with N.
			"status": func(ts *testscript.TestScript, neg bool, args []string) { runStatus(ts, args) },
			// await FILE REGEXP waits until a program that runs beside the script has written it.
			"await": func(ts *testscript.TestScript, neg bool, args []string) { await(ts, args) },
		},
	})
}

func await(ts *testscript.TestScript, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: await file regexp")
	}
	want, err := regexp.Compile(args[1])
	ts.Check(err)
	var got []byte
	for range 300 {
		if got, err = os.ReadFile(ts.MkAbs(args[0])); err == nil && want.Match(got) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s holds no %s:\n%s", args[0], args[1], got)
}

func runStatus(ts *testscript.TestScript, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: status N command...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}
