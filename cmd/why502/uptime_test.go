package main

import (
	"strings"
	"testing"
)

// What dmesg prints without times is put in its place by a line of syslog that states both, or by the processes of which
// PHP-FPM's log says when they ended.
func TestUptimeOnly(t *testing.T) {
	logs := "../../fixtures/incidents/two_faults/logs"
	plain := analyzed(t, truth{Timezone: "UTC"}, logs)
	for name, keep := range map[string]int{"processes": 0, "syslog": 1} {
		moved := rewritten(t, logs, plain.Generated, func(path, text string) (string, int) {
			if !strings.HasSuffix(path, "kern.log") {
				return text, 0
			}
			lines := strings.SplitAfter(text, "\n")
			for i := range lines[:len(lines)-keep] {
				if _, msg, ok := strings.Cut(lines[i], " kernel: "); ok {
					lines[i] = msg
				}
			}
			return strings.Join(lines, ""), 1
		})
		r := analyzed(t, truth{Timezone: "UTC"}, moved)
		if diff := unlike(firstCauses(r), firstCauses(plain)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		for _, tag := range r.Tags {
			for _, want := range plain.Tags {
				if tag.Tag == "kernel/segfault" && want.Tag == tag.Tag && (tag.Count != want.Count || tag.First.Sub(*want.First).Abs() > 2e9) {
					t.Errorf("%s: %d segfaults from %s, want %d from %s", name, tag.Count, tag.First, want.Count, want.First)
				}
			}
		}
	}
}
