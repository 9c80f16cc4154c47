package rootcause

import (
	"fmt"
	"slices"
	"strings"

	"why502/classifier"
	"why502/classifier/correlate"
)

// slowClasses are the marks correlate makes of slow-log entries.
var slowClasses = []classifier.Tag{
	correlate.SlowHTTP, correlate.SlowDB, correlate.SlowSession, correlate.SlowCache, correlate.SlowFile, correlate.SlowCode, slowEither,
}

// slowEither stands for those entries of correlate.SlowCode that may as well wait for the database (maybeQuery).
const slowEither classifier.Tag = "phpslow/code-or-db"

// slowMarks are the slow-log entries that overlap the incident and concern it.
func (s *scene) slowMarks(tags ...classifier.Tag) (marks []*correlate.Mark, n int) {
	stalled, queried := s.diskStalled(), s.databaseWaits()
	add := func(tag classifier.Tag, fits func(*correlate.Mark) bool) {
		for _, m := range s.around(tag, SlowLag) {
			if fits(m) && SlowLag.fit(s.in, m) > 0.5 && s.t.Relation(m, s.in) > 0 {
				marks = append(marks, m)
				n += m.Count
			}
		}
	}
	for _, tag := range tags {
		add(tag, func(m *correlate.Mark) bool {
			return (!stalled || tag != correlate.SlowHTTP || !either(m)) && (tag != correlate.SlowCode || !maybeQuery(m))
		})
		switch {
		case stalled && tag == correlate.SlowFile:
			add(correlate.SlowHTTP, either)
		case queried && tag == correlate.SlowDB, !queried && tag == slowEither:
			add(correlate.SlowCode, maybeQuery)
		}
	}
	return marks, n
}

// slowPools holds if PHP-FPM found requests of several pools too slow at once and no slow log says what they waited for: sites do
// not share their scripts, but the database, mostly.
//
//	[22-Nov-2026 10:00:03] WARNING: [pool shop] child 812, script '/var/www/shop/index.php' (request: "GET /index.php") executing too slow (2.4 sec), logging
//	[22-Nov-2026 10:00:04] WARNING: [pool blog] child 840, script '/var/www/blog/index.php' (request: "GET /index.php") executing too slow (2.1 sec), logging
func slowPools(s *scene) (Fact, bool) {
	if _, n := s.slowMarks(slowClasses...); n > 0 {
		return Fact{}, false
	}
	by := map[string]int{}
	f := Fact{}
	for _, tag := range [...]classifier.Tag{"phpfpm/slow", "phpfpm/terminate"} {
		for _, m := range s.around(tag, SlowLag) {
			if m.Pool == "" || SlowLag.fit(s.in, m) <= .5 || s.t.Relation(m, s.in) == 0 {
				continue
			}
			by[m.Pool] += m.Count
			if f.Mark == nil {
				f.Mark = m
			}
		}
	}
	for _, n := range by {
		if n >= 2 {
			f.Count++
		}
	}
	f.Text = fmt.Sprintf("requests of %d pools were too slow at once", f.Count)
	return f, f.Count >= 2
}

// either says whether an entry waits in a function that reads files as well as remote services. Its argument would tell which,
// and the slow log does not show that.
//
//	[0x00007f663cc134c0] file_get_contents() /var/www/shop/wp-content/plugins/feed/feed.php:20
func either(m *correlate.Mark) bool {
	switch m.Function {
	case "file_get_contents", "simplexml_load_file", "fopen", "fgets", "fread", "stream_get_contents", "getimagesize", "copy":
		return true
	}
	return false
}

// maybeQuery says whether an entry is caught in what is a method of PDO as well as a function of PHP's own or of the program: the
// slow log prints no class names.
//
//	[0x00007f6f6c6133b0] exec() /var/www/shop/wp-content/plugins/visits/visits.php:5
func maybeQuery(m *correlate.Mark) bool {
	switch m.Function {
	case "exec", "prepare", "fetch", "execute", "query", "__construct":
		return true
	}
	return false
}

// databaseWaits says whether the database or the program tells of queries that were slow or waited for a lock.
func (s *scene) databaseWaits() bool {
	return slices.ContainsFunc(tags{"mysql/slow-query", "mysql/lock", "db/lock-wait", "db/deadlock"}, func(tag classifier.Tag) bool {
		return slices.ContainsFunc(s.around(tag, SlowLag), func(m *correlate.Mark) bool { return SlowLag.fit(s.in, m) > 0.5 })
	})
}

// stalls is how the kernel tells of a disk or network file system that hangs.
var stalls = tags{"kernel/hung-task", "kernel/nfs-stall", "kernel/io-error"}

// diskStalled says whether the kernel does.
func (s *scene) diskStalled() bool {
	return slices.ContainsFunc(stalls, func(tag classifier.Tag) bool {
		return slices.ContainsFunc(s.around(tag, State), func(m *correlate.Mark) bool { return State.fit(s.in, m) >= minFit })
	})
}

// slowFiles holds if the kernel tells of a stalled disk and slow requests were caught where files are read.
func slowFiles(s *scene) (Fact, bool) {
	if !s.diskStalled() {
		return Fact{}, false
	}
	_, all := s.slowMarks(slowClasses...)
	marks, n := s.slowMarks(correlate.SlowFile)
	if n == 0 || n*2 < all {
		return Fact{}, false
	}
	return Fact{Text: fmt.Sprintf("%d of %d slow-log entries are where files are read", n, all), Count: n, Mark: marks[0]}, true
}

// slow makes the fact that a class of waiting dominates the slow log.
func slow(what string, least float64, tags ...classifier.Tag) func(*scene) (Fact, bool) {
	return func(s *scene) (Fact, bool) {
		_, all := s.slowMarks(slowClasses...)
		marks, n := s.slowMarks(tags...)
		if n == 0 || float64(n) < least*float64(all) {
			return Fact{}, false
		}
		f := Fact{Count: n, Strength: float64(n) / float64(all), Mark: marks[0]}
		named := rankCulprits(marks)
		whole := s.requests(marks, nil)
		f.Culprits = append(named, page(whole, n)...)
		f.Requests = s.requestsOf(marks, named)
		f.Text = fmt.Sprintf("%d of %d slow-log entries %s", n, all, what)
		if len(f.Culprits) > 0 {
			f.Text += ", called from " + f.Culprits[0].Kind + " " + f.Culprits[0].Name
		}
		f.Text += tell(whole, n)
		return f, true
	}
}

// rankCulprits names the pieces of the site the marks point at, and the function they wait in.
func rankCulprits(marks []*correlate.Mark) []Culprit {
	who, function := map[string]int{}, map[string]int{}
	all := 0
	for _, m := range marks {
		all += m.Count
		if m.Culprit != "" && !strings.HasPrefix(m.Culprit, "process:") {
			who[m.Culprit] += m.Count
		}
		if m.Function != "" {
			function["function:"+m.Function] += m.Count
		}
	}
	return append(top(who, all, 3), top(function, all, 2)...)
}

// top returns the names with at least a tenth of all, the most frequent first.
func top(count map[string]int, all, most int) []Culprit {
	keys := make([]string, 0, len(count))
	for k, n := range count {
		if n*10 >= all {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	var out []Culprit
	for _, k := range keys[:min(most, len(keys))] {
		kind, name, _ := strings.Cut(k, ":")
		out = append(out, Culprit{Kind: kind, Name: name, Share: round2(float64(count[k]) / float64(all))})
	}
	return out
}

// mailing is how the stack of a page shows that sends mail while its visitor waits: PHPMailer, old and new, and Symfony's mailer.
//
//	[0x00007f2a4c4133f0] stream_socket_client() /var/www/shop/wp-includes/PHPMailer/SMTP.php:467
//	[0x00007f2a4c413380] getSMTPConnection() /var/www/shop/wp-includes/PHPMailer/SMTP.php:397
var mailing = [...]string{"/SMTP.php:", "/class-smtp.php:", "/class.smtp.php:", "/Transport/Smtp/"}

// slowMail holds if most of what waits for a remote service waits for a mail server.
func slowMail(s *scene) (Fact, bool) {
	marks, all := s.slowMarks(correlate.SlowHTTP)
	f := Fact{}
	for _, m := range marks {
		if slices.ContainsFunc(mailing[:], func(where string) bool { return strings.Contains(m.Sample.Text, where) }) {
			f.Count += m.Count
			if f.Mark == nil {
				f.Mark = m
			}
		}
	}
	f.Text = fmt.Sprintf("%d of %d wait for the mail server", f.Count, all)
	return f, f.Count > 0 && f.Count*2 >= all
}

// slowNames holds if most of what waits for a remote service waits for its name first.
//
//	[0x00007f2a4c4133f0] gethostbyname() /var/www/shop/wp-content/plugins/blocklist/check.php:31
func slowNames(s *scene) (Fact, bool) {
	marks, all := s.slowMarks(correlate.SlowHTTP)
	f := Fact{}
	for _, m := range marks {
		switch m.Function {
		case "gethostbyname", "gethostbynamel", "gethostbyaddr", "dns_get_record", "checkdnsrr", "dns_check_record", "dns_get_mx", "getmxrr":
			f.Count += m.Count
			if f.Mark == nil {
				f.Mark = m
			}
		}
	}
	f.Text = fmt.Sprintf("%d of %d wait for the name server", f.Count, all)
	return f, f.Count > 0 && f.Count*2 >= all
}

func slowCron(s *scene) (Fact, bool) {
	n := 0
	var first *correlate.Mark
	marks, _ := s.slowMarks(slowClasses...)
	for _, m := range append(marks, s.around("phpfpm/slow", SlowLag)...) {
		if SlowLag.fit(s.in, m) > 0.5 && strings.Contains(m.Sample.Text, "wp-cron.php") {
			n += m.Count
			if first == nil {
				first = m
			}
		}
	}
	return Fact{Text: "the slow requests are wp-cron.php", Count: n, Mark: first}, n > 0
}

// nobody lists the groups of causes that no piece of a site is to blame for: the plugin that reported the lost database is
// not the one that lost it.
var nobody = map[string]bool{"database": true, "fpm-lifecycle": true, "capacity": true, "backend": true}

// culprits gathers the names a hypothesis points at: those of its facts, then those of the lines that speak for it.
func (s *scene) culprits(h *Hypothesis) []Culprit {
	var out []Culprit
	add := func(c Culprit) {
		if !slices.ContainsFunc(out, func(o Culprit) bool { return o.Kind == c.Kind && o.Name == c.Name }) {
			out = append(out, c)
		}
	}
	for _, f := range h.For {
		if fact := s.facts.of(f.Tag); fact != nil {
			for _, c := range fact.Culprits {
				add(c)
			}
			continue
		}
		if nobody[h.Cause.Group] && h.Cause.Layer != Cache {
			continue
		}
		var marks []*correlate.Mark
		for _, tag := range f.Clue.Tags {
			for _, m := range s.around(tag, f.Clue.Lag) {
				if s.fit(f.Clue, m) >= minFit {
					marks = append(marks, m)
				}
			}
		}
		for _, c := range rankCulprits(marks) {
			add(c)
		}
	}
	return out
}
