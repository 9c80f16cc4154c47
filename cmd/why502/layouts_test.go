package main

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"testing"
	"time"
)

// layout says in which zone each log of a server is written: it gives a name to those that share one.
type layout struct {
	seed  string
	share func(l *caseLog) string
	fixed map[string]string // zones of such names; the others are drawn
}

// zoneLayouts are the ways in which the clocks of one server's logs may differ.
var zoneLayouts = map[string]layout{
	// The web server and the host go by one clock, PHP runs in a container, the database in UTC.
	"zones": {share: daemon, fixed: map[string]string{"web": "Etc/GMT+5", "host": "Etc/GMT+5", "php": "Asia/Tokyo", "db": "UTC"}},
	// Each program has its own.
	"zones-programs": {share: program, fixed: map[string]string{
		"nginx": "Etc/GMT+5", "apache": "Asia/Kolkata", "modsec": "Asia/Kolkata", "php": "Asia/Tokyo", "mysql": "UTC", "syslog": "Etc/GMT+5", "kernel": "Etc/GMT-2",
	}},
	"zones-daemons": {seed: "1", share: daemon},
	"zones-formats": {seed: "2", share: func(l *caseLog) string { return l.format }},
	"zones-files":   {seed: "3", share: generationsOf},
	"zones-files-2": {seed: "4", share: generationsOf},
	"zones-files-3": {seed: "5", share: generationsOf},
}

// offsets are zones without summer time, one for each offset that one has and names in a stamp.
var offsets = func() (names []string) {
	for h := -14; h <= 12; h++ { // of POSIX's sign
		names = append(names, fmt.Sprintf("Etc/GMT%+d", h))
	}
	return append(names, "UTC", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Kabul", "Asia/Yangon", "Australia/Darwin", "Pacific/Marquesas", "Asia/Tehran")
}()

func program(l *caseLog) string {
	name, _, _ := strings.Cut(l.format, "-")
	return name
}

func daemon(l *caseLog) string {
	switch p := program(l); p {
	case "nginx", "apache", "modsec":
		return "web"
	case "syslog", "kernel", "systemd":
		return "host"
	case "mysql":
		return "db"
	default:
		return p
	}
}

func generationsOf(l *caseLog) string { return strings.TrimRight(l.name, ".0123456789") }

// zoneOf is the zone in which a log of the case is written.
func (y *layout) zoneOf(l *caseLog, logs []*caseLog) string {
	name := y.share(l)
	if z := y.fixed[name]; z != "" {
		return z
	}
	h := fnv.New64a()
	fmt.Fprintln(h, y.seed, name)
	for _, l := range logs { // another case, other zones
		fmt.Fprintln(h, l.name, len(l.entries))
	}
	return offsets[h.Sum64()>>20%uint64(len(offsets))]
}

// elsewhere writes each log in the zone that the layout gives it.
func (y *layout) elsewhere(t *testing.T, logs []*caseLog, zone *time.Location, to string) {
	t.Helper()
	eachLog(func(l *caseLog, _ *time.Location) string {
		there := zoneNamed(t, y.zoneOf(l, logs))
		return l.text(func(e *caseEntry) []string {
			if e.form == nil {
				return e.lines
			}
			stamp := e.form.write(e.at.In(there))
			lines := slices.Clone(e.lines)
			line := &lines[e.stamped]
			*line = (*line)[:e.from] + stamp + (*line)[e.to:]
			return lines
		})
	})(t, logs, zone, to)
}

// ofTheWeb is the zone of the access log: what an admin takes for the host's.
func (y *layout) ofTheWeb(logs []*caseLog) string {
	for _, l := range logs {
		if strings.HasSuffix(l.format, "-access") && len(l.entries) > 0 {
			return y.zoneOf(l, logs)
		}
	}
	return "UTC"
}

func (y layout) derivation(name string) derivation { return derivation{name, y.elsewhere, y.ofTheWeb} }
