package correlate

import (
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"why502/classifier"
	"why502/parser"
)

// Closed is a time in which a web server answered 503 on purpose: maintenance.
type Closed struct {
	Vhost    string // "" if the log does not say
	From, To time.Time
	Count    int
	Place    string // where the configuration says so; "" if it is not known
	Limited  bool   // its rate limit says in its error log that it refused requests then
	Program  bool   // the web server passed the answer on, or followed a rewrite rule
}

// nginx's own page for 503 is 190 bytes long, and has the server's name and version on top. For Chrome and Internet Explorer
// 402 bytes of padding follow.
//
//	<center><h1>503 Service Temporarily Unavailable</h1></center> <hr><center>nginx/1.22.1</center>
const (
	pageLeast  = 190
	pageMost   = 220
	pagePadded = 402
)

// ownPage says whether nginx made an answer itself: it asked no backend, and the body is of the size of its own page. When a
// backend fails nginx answers 502 or 504; 503 it makes up only where its configuration says so: return 503, a rate limit.
func ownPage(r *parser.Record) bool {
	if r.Format != "nginx-access" || len(r.Upstream) > 0 && string(r.Upstream) != "-" {
		return false
	}
	n, err := strconv.Atoi(string(r.Field("bytes")))
	if err != nil {
		return false
	}
	if n > pagePadded {
		n -= pagePadded
	}
	return n >= pageLeast && n <= pageMost || n == 0 && string(r.Method) == "HEAD"
}

// onPurpose says whether access lines that no error line explains are answers that somebody asked for: the web server's
// configuration, or the program, which closes itself for an update (WordPress' .maintenance). A rate limit writes an error
// line, unless it was told not to.
func (f *finder) onPurpose(m *Mark) (c Closed, ok bool) {
	c = Closed{Vhost: m.Vhost, From: m.First, To: m.Last, Count: m.Count}
	if m.Number != 503 {
		return c, false
	}
	if m.Own*10 >= m.Count*9 {
		if site, place := f.t.wiring.closes(m.Vhost); site != "" {
			if c.Place = place; m.Vhost == "" && place != "" {
				c.Vhost = site
			}
			return c, true
		}
		if f.cover.nginx.has(m.First) && f.cover.nginx.has(m.Last) {
			c.Limited = f.limited(m)
			return c, true
		}
	}
	c.Program = true
	return c, f.answeredBehind(m) && !f.troubled(m)
}

// closedAtMost is how long a program may close its site until that is taken for a fault: its page for a database that is away
// (db-error.php) looks the same to every log. WordPress takes no notice of a .maintenance that is older.
const closedAtMost = 10 * time.Minute

// overdue says whether the site that c is of has been closed for too long by now; closing is since when each is. They come by time.
func overdue(closing map[string]stretch, c Closed) bool {
	s, ok := closing[c.Vhost]
	if !ok || c.From.Sub(s.to) > closedAtMost {
		s.from = c.From
	}
	s.to = later(s.to, c.To)
	closing[c.Vhost] = s
	return s.to.Sub(s.from) > closedAtMost
}

// answeredBehind says whether a 503 came from the program, or from a rule of Apache's (R=503), for sure: a web server that cannot
// reach PHP writes an error line, and nginx answers 502 or 504 then. The one behind nginx must be PHP-FPM, which has no 503 of
// its own.
func (f *finder) answeredBehind(m *Mark) bool {
	if m.Format == "apache-access" {
		return f.tellsErrors(m)
	}
	scheme := m.Scheme
	if scheme == "" {
		scheme = f.schemes[m.Vhost]
	}
	return scheme == "fastcgi" && f.cover.nginx.has(m.First) && f.cover.nginx.has(m.Last)
}

// tellsErrors says whether an error log of Apache's covers the time and is the one of that site. A site may have its own;
// on cPanel all have one.
func (f *finder) tellsErrors(m *Mark) bool {
	for file, s := range f.t.sources {
		if s.Kind() != "apache-error" || m.First.Before(s.From) || m.Last.After(s.To) {
			continue
		}
		if strings.Contains(m.File, "/domlogs/") || path.Dir(file) == path.Dir(m.File) || m.Vhost != "" && s.Vhost == m.Vhost {
			return true
		}
	}
	return false
}

// limited says whether nginx writes near m that it refused requests by a rate limit.
func (f *finder) limited(m *Mark) bool {
	from, to := m.First.Add(-Gap), m.Last.Add(Gap)
	for _, marks := range [][]*Mark{f.errors, f.presumed} {
		if slices.ContainsFunc(marks, func(o *Mark) bool {
			return o.Rule.Family == classifier.Blocked && strings.HasPrefix(string(o.Tag), "nginx/limit-") && !o.Last.Before(from) && !o.First.After(to) &&
				(o.Vhost == "" || m.Vhost == "" || o.Vhost == m.Vhost)
		}) {
			return true
		}
	}
	return false
}

// troubled says whether any log tells of a fault near m: a program may answer 503 because of it.
func (f *finder) troubled(m *Mark) bool {
	from, to := m.First.Add(-Gap), m.Last.Add(Gap)
	for _, marks := range [][]*Mark{f.errors, f.signals} {
		first := sort.Search(len(marks), func(i int) bool { return !marks[i].First.Before(from) })
		for _, o := range marks[first:] {
			if o.First.After(to) {
				break
			}
			if o.Vhost == "" || m.Vhost == "" || o.Vhost == m.Vhost {
				return true
			}
		}
	}
	return false
}

// closes finds the site whose configuration answers 503, and where; the only such site if the log names none.
func (w *wiring) closes(vhost string) (site, place string) {
	if w == nil {
		return "", ""
	}
	mine := w.site(vhost)
	for i := range w.Sites {
		s := &w.Sites[i]
		if len(s.Names) == 0 || vhost != "" && s != mine {
			continue
		}
		for _, set := range s.Settings {
			if set.Name == "return" && set.Value == "503" {
				if site != "" {
					return site, "" // several may be meant
				}
				site, place = s.Names[0], set.Place
				break
			}
		}
	}
	return site, place
}

// close notes answers given on purpose.
func (f *finder) close(n Closed) {
	for i := len(f.closed) - 1; i >= 0; i-- {
		if c := &f.closed[i]; c.Vhost == n.Vhost && c.Program == n.Program && c.Limited == n.Limited && n.From.Sub(c.To) <= Gap {
			c.To = later(c.To, n.To)
			c.Count += n.Count
			return
		}
	}
	f.closed = append(f.closed, n)
}

// Closed returns when a web server answered 503 on purpose. It is known after Incidents, and none of them.
func (t *Timeline) Closed() []Closed { return t.closed }
