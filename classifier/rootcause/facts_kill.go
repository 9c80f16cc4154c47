package rootcause

import (
	"fmt"
	"slices"
	"strings"

	"why502/classifier"
	"why502/classifier/correlate"
)

// crashTags are ends of children that cut their request off.
var crashTags = []classifier.Tag{"phpfpm/child-segv", "phpfpm/child-sigkill", "phpfpm/child-exit-code", "phpfpm/child-sigterm", "apache/child-segv"}

// killTime is when the kernel and PHP-FPM speak of one kill.
var killTime = Lag{-minute, minute, 1}

// killPaired joins the kernel's and FPM's word on one process number.
func killPaired(s *scene) (Fact, bool) {
	killed := map[int]bool{}
	for _, tag := range []classifier.Tag{"kernel/oom-kill-global", "kernel/oom-kill-cgroup", "kernel/oom-constraint"} {
		for _, m := range s.around(tag, killTime) {
			if killTime.fit(s.in, m) > 0 {
				for _, p := range m.PIDs {
					killed[p] = true
				}
			}
		}
	}
	f := Fact{}
	for _, m := range s.around("phpfpm/child-sigkill", killTime) {
		if killTime.fit(s.in, m) == 0 || s.t.Relation(m, s.in) == correlate.Alien {
			continue
		}
		for _, p := range m.PIDs {
			if killed[p] {
				f.Count++
				if f.Mark == nil {
					f.Mark = m
				}
			}
		}
	}
	f.Text = "the children killed by SIGKILL are the very processes the kernel's OOM killer took (same process numbers)"
	return f, f.Count > 0
}

const oomCgroup classifier.Tag = "kernel/oom-kill-cgroup"

// oom makes the fact that the kernel's OOM killer took processes of the web stack. Kernels that name no victim count.
func oom(why string, tag classifier.Tag) func(*scene) (Fact, bool) {
	return func(s *scene) (Fact, bool) {
		f := Fact{}
		victim := ""
		inCgroup := map[int]bool{}
		if tag != oomCgroup {
			for _, m := range s.around(oomCgroup, memory) {
				for _, p := range m.PIDs {
					inCgroup[p] = true
				}
			}
		}
		for _, m := range s.around(tag, memory) {
			if memory.fit(s.in, m) < 0.5 || s.process(m) == 0 || m.Stranger() {
				continue
			}
			if len(m.PIDs) > 0 && !slices.ContainsFunc(m.PIDs, func(p int) bool { return !inCgroup[p] }) {
				continue // older kernels say "Memory cgroup out of memory: Kill process 7215 (php-fpm)" first, then "Killed process 7215"
			}
			_, name, _ := strings.Cut(m.Culprit, ":")
			f.Count += m.Count
			if f.Mark == nil {
				f.Mark, victim = m, name
			}
		}
		if victim == "" {
			victim = "a process"
		}
		f.Text = "the kernel killed " + victim + " " + why
		if f.Count > 1 {
			f.Text += fmt.Sprintf(" (%d kills)", f.Count)
		}
		return f, f.Count > 0
	}
}

// oomService holds if the OOM killer took the database or the cache: then PHP lives on and answers 500 by itself.
func oomService(s *scene) (Fact, bool) {
	for _, tag := range []classifier.Tag{"kernel/oom-kill-global", "kernel/oom-kill-cgroup"} {
		for _, m := range s.around(tag, memory) {
			_, name, _ := strings.Cut(m.Culprit, ":")
			switch name {
			case "mysqld", "mariadbd", "redis-server", "memcached":
				if memory.fit(s.in, m) >= 0.5 {
					return Fact{Text: "the kernel killed " + name + ", which PHP depends on", Mark: m}, true
				}
			}
		}
	}
	return Fact{}, false
}

// crashes compares the children that crashed with the requests that were cut off.
func (s *scene) crashes() (crashed, cut int, first *correlate.Mark) {
	for _, tag := range crashTags {
		for _, m := range s.around(tag, Near) {
			if Near.fit(s.in, m) > 0.4 && s.t.Relation(m, s.in) > 0 {
				crashed += m.Count
				if first == nil {
					first = m
				}
			}
		}
	}
	for _, m := range s.in.Marks {
		if m.Rule.Family == classifier.Died {
			cut += weight(m)
		}
	}
	return crashed, cut, first
}

func crashPaired(s *scene) (Fact, bool) {
	crashed, cut, m := s.crashes()
	if crashed == 0 || cut == 0 || crashed*2 < cut {
		return Fact{}, false
	}
	return Fact{Text: fmt.Sprintf("%d children ended, about as often as requests were cut off, in the same seconds", crashed), Count: crashed, Mark: m}, true
}

func crashUnpaired(s *scene) (Fact, bool) {
	crashed, cut, _ := s.crashes()
	if cut < 3 || crashed*4 >= cut || !s.logs.has(FPMLog) {
		return Fact{}, false
	}
	return Fact{Text: fmt.Sprintf("%d requests were cut off, and PHP-FPM's log shows no child ending then", cut), Count: cut}, true
}
