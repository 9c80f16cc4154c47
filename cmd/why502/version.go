package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// release is set by the linker: -ldflags "-X main.release=1.2.3".
var release string

// version is the release, or what the build knows of the source it was made from.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "print the version",
		Args:  arguments(cobra.NoArgs, "it takes no argument"),
		RunE:  func(c *cobra.Command, _ []string) error { return printVersion(c) },
	}
}

// versionFlag lets --version be asked for where most programs have it.
func versionFlag(root *cobra.Command) {
	asked, run := false, root.RunE
	root.Flags().BoolVar(&asked, "version", false, "print the version")
	root.RunE = func(c *cobra.Command, args []string) error {
		if asked {
			return printVersion(c)
		}
		return run(c, args)
	}
}

// printVersion prints what a report of a fault needs: "why502 1.2.3 go1.26.1 linux/amd64".
func printVersion(c *cobra.Command) error {
	_, err := fmt.Fprintf(c.OutOrStdout(), "%s %s %s %s/%s\n", programName, version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
