package main

import (
	"time"

	"why502/report"
	"why502/report/archive"
)

// archived adds a daily report to the archive in dir, where one is asked for. days is for how long pages are kept; 0: for ever.
func archived(dir string, days int, r *report.Report, zone *time.Location) error {
	if dir == "" {
		return nil
	}
	if err := (&archive.Archive{Dir: dir, Keep: days}).Add(r, report.Options{Zone: zone}); err != nil {
		return usage("--archive %s: %s", dir, reason(err))
	}
	return nil
}
