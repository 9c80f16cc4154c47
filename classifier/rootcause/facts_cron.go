package rootcause

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
)

// jobTime is how long after it was started a job is still taken to be behind what begins.
const jobTime = 3 * minute

// jobTags are the traces that scheduled jobs leave.
var jobTags = tags{"host/cron", "host/logrotate", "host/apt-upgrade"}

// cronTick holds if the incident began right after a minute at which jobs usually start and a job left a trace that it does not
// leave all day.
func cronTick(s *scene) (Fact, bool) {
	f := Fact{}
	for _, tag := range jobTags {
		for _, m := range between(s.byTag[tag], s.in.Start.Add(-jobTime), s.in.Start.Add(2*time.Second)) {
			if !housekeeping(m.Sample.Text) && s.harmless(tag, m) == 0 {
				f.Mark = m
			}
		}
	}
	if f.Mark == nil && !s.moreCron() {
		return Fact{}, false
	}
	m := s.in.Start.Minute()*60 + s.in.Start.Second()
	for _, tick := range []int{0, 5 * 60, 15 * 60, 25 * 60, 30 * 60, 45 * 60} {
		if m >= tick && m-tick <= 180 {
			f.Text = "it began right after a minute at which jobs start"
			return f, true
		}
	}
	return Fact{}, false
}

// cronAgain holds if the job that started before this incident started before others as well, and never without one.
func cronAgain(s *scene) (Fact, bool) {
	for _, tag := range jobTags {
		for _, m := range between(s.byTag[tag], s.in.Start.Add(-jobTime), s.in.Start.Add(2*time.Second)) {
			if housekeeping(m.Sample.Text) || s.harmless(tag, m) > 0 {
				continue
			}
			n := 0
			for _, run := range s.runs(tag, m) {
				if !s.busy.Meet(run.First.Add(-minute), run.First.Add(-time.Second)) { // it was calm until then
					n++
				}
			}
			if n >= 3 {
				return Fact{Text: fmt.Sprintf("requests failed after each of %d runs of the same job", n), Count: n, Mark: m}, true
			}
		}
	}
	return Fact{}, false
}

// runs are the starts of the job that a mark tells of.
func (s *scene) runs(tag classifier.Tag, m *correlate.Mark) (out []*correlate.Mark) {
	from, to := correlate.Context(s.in.Start, s.in.End)
	last := time.Time{}
	for _, o := range between(s.byTag[tag], from, to) {
		if job(o.Sample.Text) == job(m.Sample.Text) && o.First.Sub(last) > 2*time.Second {
			last = o.First
			out = append(out, o)
		}
	}
	return out
}

// harmless counts the runs of the same job after which nothing failed: a server starts jobs every few minutes, and some job
// has always just been started.
func (s *scene) harmless(tag classifier.Tag, m *correlate.Mark) (n int) {
	for _, o := range s.runs(tag, m) {
		if !s.busy.Meet(o.First.Add(-minute), o.First.Add(jobTime)) {
			n++
		}
	}
	return n
}

// job is what a line of cron says it starts: "(root) CMD (run-parts /etc/cron.hourly)". Other traces are one job each.
//
//	Nov 22 10:00:01 web01 CRON[9000]: (shop) CMD (php /var/www/shop/wp-cron.php)
func job(line string) string {
	_, command, _ := strings.Cut(line, " CMD (")
	return command
}

// light are jobs of distributions and panels that run all day and take next to nothing.
var light = []string{"sa1 1 1", "debian-sa1", "sessionclean", "/etc/cron.hourly", "dcpumon", "e2scrub_all"}

// housekeeping says whether a line tells of no more than such a job.
func housekeeping(line string) bool {
	return slices.ContainsFunc(light, func(word string) bool { return strings.Contains(job(line), word) })
}

// moreCron says whether wp-cron.php has a larger share of the page requests than it had in the hour before. Each WordPress
// asks for it now and then.
func (s *scene) moreCron() bool {
	from := s.in.Start.Unix()
	before, _ := s.t.LoadIn(from-3600, from-300)
	l := s.window()
	return l.Cron > 0 && before.Cron*l.Pages*2 <= l.Cron*before.Pages
}

// cronFlood holds if wp-cron.php makes a third of the page requests, and far less of those before: it is started again and again
// because a job does not end. A few that fail themselves and take others with them will do.
func cronFlood(s *scene) (Fact, bool) {
	l := s.window()
	if l.Cron*3 < l.Pages || !s.moreCron() {
		return Fact{}, false
	}
	if failed, all := s.failedOf("/wp-cron.php"); l.Cron < 20 && (failed < 5 || failed*2 < all) {
		return Fact{}, false
	}
	return Fact{
		Text: fmt.Sprintf("%d of %d page requests are wp-cron.php", l.Cron, l.Pages), Count: l.Cron,
		Culprits: []Culprit{{"uri", "/wp-cron.php", round2(float64(l.Cron) / float64(l.Pages))}},
	}, true
}
