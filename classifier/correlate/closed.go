package correlate

import (
	"strconv"
	"time"

	"why502/parser"
)

// Closed is a time in which a web server answered 503 on purpose: maintenance.
type Closed struct {
	Vhost    string // "" if the log does not say
	From, To time.Time
	Count    int
	Place    string // where the configuration says so; "" if it is not known
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

// onPurpose says whether access lines that no error line explains are answers that the web server's configuration asked
// for. A rate limit writes an error line, unless it was told not to.
func (f *finder) onPurpose(m *Mark) (place string, ok bool) {
	if m.Number != 503 || m.Own*10 < m.Count*9 {
		return "", false
	}
	if site, place := f.t.wiring.closes(m.Vhost); site != "" {
		return place, true
	}
	return "", f.cover.nginx.has(m.First) && f.cover.nginx.has(m.Last)
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
func (f *finder) close(m *Mark, place string) {
	vhost := m.Vhost
	if vhost == "" && place != "" {
		vhost, _ = f.t.wiring.closes("")
	}
	for i := len(f.closed) - 1; i >= 0; i-- {
		if c := &f.closed[i]; c.Vhost == vhost && m.First.Sub(c.To) <= Gap {
			c.To = later(c.To, m.Last)
			c.Count += m.Count
			return
		}
	}
	f.closed = append(f.closed, Closed{vhost, m.First, m.Last, m.Count, place})
}

// Closed returns when a web server answered 503 on purpose. It is known after Incidents, and none of them.
func (t *Timeline) Closed() []Closed { return t.closed }
