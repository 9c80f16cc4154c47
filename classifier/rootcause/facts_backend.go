package rootcause

import (
	"fmt"
	"slices"
	"strings"

	"why502/classifier/correlate"
)

// localQueue holds if connects to a TCP port of this very machine were not answered. Here no firewall and no cable lies in
// between, and a port nobody listens on answers at once (111): what Linux leaves unanswered is a connect to a port whose
// listen queue is full (the SYN is dropped, and tried again after 1, 3, 7 … seconds, until the web server gives up).
func localQueue(scheme string) func(*scene) (Fact, bool) {
	return func(s *scene) (Fact, bool) {
		f := Fact{}
		address, others := "", 0
		for _, m := range s.in.Marks {
			switch {
			case m.Tag != "nginx/upstream-connect-timeout":
			case !s.t.Local(m.Backend) || !sameScheme(scheme, m.Scheme):
				others += weight(m)
			default:
				f.Count += weight(m)
				if f.Mark == nil {
					f.Mark, address = m, m.Backend
				}
			}
		}
		f.Text = fmt.Sprintf("%d connections to %s on this machine were not answered: its listen queue was full", f.Count, address)
		return f, f.Count > others
	}
}

// sockets are how the layouts of distributions and panels begin the path of a PHP-FPM socket. Where SELinux is not in use,
// owner and mode alone can deny a unix socket.
var sockets = []struct {
	prefix string
	why    string // why SELinux is not in use; empty where it normally is
}{
	{"unix:/run/php/", "the socket lies where Debian and Ubuntu put it, which do not use SELinux"},
	{"unix:/var/run/php/", "the socket lies where Debian and Ubuntu put it, which do not use SELinux"},
	{"unix:/opt/cpanel/", "the socket is cPanel's, which needs SELinux to be off"},
	{"unix:/var/cpanel/", "the socket is cPanel's, which needs SELinux to be off"},
	{"unix:/opt/alt/", "the socket is CloudLinux', where SELinux is off"},
}

// noSELinux holds if every socket that was denied lies where SELinux is not in use.
func noSELinux(s *scene) (Fact, bool) {
	f := Fact{}
	for _, m := range s.denied() {
		i := slices.IndexFunc(sockets, func(l struct{ prefix, why string }) bool { return strings.HasPrefix(m.Backend, l.prefix) })
		if i < 0 {
			return Fact{}, false
		}
		f.Text, f.Mark = sockets[i].why, m
	}
	return f, f.Mark != nil
}

// maybeSELinux holds if a unix socket was denied on a machine of which nothing says that it does without SELinux.
func maybeSELinux(s *scene) (Fact, bool) {
	if _, no := noSELinux(s); no || s.logs.has(AuditLog) {
		return Fact{}, false
	}
	all := s.denied()
	if len(all) == 0 {
		return Fact{}, false
	}
	return Fact{Text: "SELinux denies a socket with a wrong label in the same words; the audit log would tell", Mark: all[0]}, true
}

// appSocketDenied holds if the unix socket of an application server was denied and SELinux said nothing of it: mostly its owner or mode
// does, or a directory on the way, as a home directory that others may not enter.
func appSocketDenied(s *scene) (f Fact, held bool) {
	if len(s.around("selinux/denied", Before)) > 0 {
		return Fact{}, false
	}
	for _, m := range s.denied() {
		if m.Scheme == "" || m.Scheme == "fastcgi" || m.Backend == "" {
			return Fact{}, false
		}
		if f.Count += weight(m); f.Mark == nil {
			f.Mark = m
		}
	}
	f.Text = "the backend's socket may not be opened (13): its owner or mode forbids it, or that of a directory on the way"
	return f, f.Mark != nil
}

var deniedTags = tags{"nginx/upstream-denied", "apache/uds-denied"}

// denied are the lines about unix sockets that might not be opened.
func (s *scene) denied() (out []*correlate.Mark) {
	for _, tag := range deniedTags {
		for _, m := range s.around(tag, Near) {
			if s.fit(&Clue{}, m) >= minFit && (m.Backend == "" || strings.HasPrefix(m.Backend, "unix:")) {
				out = append(out, m)
			}
		}
	}
	return out
}

// app says whether the backend is surely an application server without PHP, as gunicorn, uWSGI, Puma or Node.js are, and whether it is an
// HTTP backend at all, which may have PHP in it. Apache and LiteSpeed do not listen on unix sockets for a proxy.
func (s *scene) app() (sure, proxied bool) {
	for _, m := range s.in.Marks {
		switch {
		case m.Scheme == "fastcgi", strings.HasPrefix(string(m.Tag), "phpfpm/"):
			return false, false
		case strings.HasPrefix(string(m.Tag), "app/"), m.Scheme == "uwsgi", m.Scheme == "http" && strings.HasPrefix(m.Backend, "unix:"):
			sure, proxied = true, true
		case m.Scheme != "":
			proxied = true
		}
	}
	return sure, proxied
}

// notStarted are how a web server that does not come up shows. A name that it cannot resolve has a tag of its own.
var notStarted = tags{"nginx/config-error", "apache/parent-failed"}

// webRefused holds if a web server refused its configuration or could not start, and no web log goes on. A reload that it
// refuses hurts nobody: it goes on as it was.
func webRefused(s *scene) (Fact, bool) {
	if !s.in.Unseen {
		return Fact{}, false
	}
	return s.refused(notStarted)
}

// backendRefused holds if a proxy could not connect to the server behind it, which had refused its configuration or could not start.
func backendRefused(s *scene) (Fact, bool) {
	asked := func(m *correlate.Mark) bool { return m.Tag == "nginx/upstream-refused" && sameScheme("http", m.Scheme) }
	if slices.ContainsFunc(s.in.Marks, asked) {
		return s.refused(notStarted[1:]) // nginx that says so runs itself
	}
	if slices.ContainsFunc(s.in.Marks, func(m *correlate.Mark) bool { return slices.Contains(unasked, m.Tag) }) {
		return s.refused(notStarted)
	}
	return Fact{}, false
}

// unasked is how other proxies say that the web server behind them does not answer.
var unasked = tags{"haproxy/refused", "haproxy/server-down", "varnish/refused"}

// refused finds what a web server said that did not start.
func (s *scene) refused(how tags) (Fact, bool) {
	clue := Clue{Lag: Around, Host: true}
	for _, tag := range how {
		for _, m := range s.around(tag, clue.Lag) {
			if s.fit(&clue, m) >= minFit {
				return Fact{Text: "it refused its configuration or could not start" + complaint(m.Sample.Text), Mark: m}, true
			}
		}
	}
	return Fact{}, false
}

// complaint is what a web server says of its configuration, without what a logger put before it.
func complaint(line string) string {
	const longest = 160
	for _, start := range [...]string{"[emerg] ", "AH00526: ", "(98)Address already in use: ", "AH00072: ", "(13)Permission denied: "} {
		if _, text, ok := strings.Cut(line, start); ok {
			if start != "[emerg] " {
				text = start + text
			}
			if i := strings.Index(text, "#0: "); i >= 0 && i < 12 { // nginx' process numbers
				text = text[i+len("#0: "):]
			}
			return ": " + text[:min(len(text), longest)]
		}
	}
	return ""
}
