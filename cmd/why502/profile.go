package main

import (
	"os"
	"runtime/pprof"

	"github.com/spf13/cobra"
)

// profiled gives c a hidden flag that writes a CPU profile of its run, for those who make it faster.
func profiled(c *cobra.Command) {
	var file string
	c.Flags().StringVar(&file, "cpuprofile", "", "write a CPU profile to `FILE`")
	_ = c.Flags().MarkHidden("cpuprofile") // fails only for a flag that does not exist
	run := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		if file == "" {
			return run(c, args)
		}
		f, err := os.Create(file)
		if err != nil {
			return usage("--cpuprofile: %v", err)
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
		return run(c, args)
	}
}
