package main

import "time"

// springers are zones that change their offset in the course of the year, one for each rule and offset that is common.
var springers = []string{
	"Europe/Berlin", "Europe/London", "Europe/Helsinki",
	"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Halifax", "America/St_Johns", "America/Anchorage", "America/Santiago",
	"Australia/Sydney", "Australia/Adelaide", "Pacific/Auckland", "Asia/Jerusalem", "Africa/Cairo",
}

// hostZone is the zone that goes by the offsets which access logs state, each with a moment it was stated at; nil if none
// is known to. One offset says nothing of the rest of the year.
func hostZone(offsets map[int]time.Time) *time.Location {
	fits := func(z *time.Location) bool {
		for east, at := range offsets {
			if _, has := at.In(z).Zone(); has != east {
				return false
			}
		}
		return true
	}
	switch {
	case len(offsets) == 0 || fits(time.Local):
		return time.Local
	case len(offsets) == 1:
		for east, at := range offsets {
			return time.FixedZone(at.In(time.FixedZone("", east)).Format("-07:00"), east)
		}
	}
	for _, name := range springers {
		if z, err := time.LoadLocation(name); err == nil && fits(z) {
			return z
		}
	}
	return nil
}
