package anonymize

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// expression is a regular one that is compiled when it is first asked for: most runs mask nothing.
func expression(s string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(s) })
}

// Text of a report is words around names. It is taken apart in the order of what can hold what: a query string may hold an address,
// a mail address a host.

var (
	mailAddress = expression(`[A-Za-z0-9._%+-]+(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	// GET /search?q=name HTTP/1.1, also as other logs escape it; a question mark that ends a sentence is none.
	query = expression(`([A-Za-z0-9/_%~*)\]}.-])(\?|%3[fF]|\\x3[fF]|\\u003[fF])([A-Za-z0-9_%\[=&{$+.~!*:@/\\-][^\s"'<>|\x60]*)`)
	// JSON access logs have it by itself: "args":"q=name".
	queryField = expression(`("(?:args|query|query_string|querystring|request_body|qs)"\s*:\s*")([^"]+)(")`)
	// 192.0.2.1 - alice [22/Nov/2026:18:03:04 +0000]
	loggedIn = expression(`^(\S+ \S+ )(\S+)( \[\d)`)
	// [data "Matched Data: … found within ARGS:q: …"] of ModSecurity, and what Apache's dumpio and PHP's traces quote of a visitor.
	matchedData = expression(`(\[data ")((?:[^"\\]|\\.)*)("\])`)

	homes = expression(`(/home\d*/|/Users/|/usr/home/|/var/www/vhosts/|/var/www/clients/|/var/cpanel/users/|/var/cpanel/userdata/|/~|home\d*/)([A-Za-z0-9][A-Za-z0-9._-]*)`)
	// Access denied for user 'shop_wp'@'localhost'; suexec: uid: (1001/shop) gid: (1001/shop).
	dbUser   = expression(`(\\?')([A-Za-z0-9_.-]+)(\\?'@)`)
	suexecID = expression(`(\(\d+/)([A-Za-z0-9_.-]+)(\))`)

	// Where logs name hosts: server: shop.test, host: "shop.test", referrer: "https://shop.test/", fields of JSON, URLs.
	hostPlaces = []func() *regexp.Regexp{
		expression(`\bserver: ([^\s,"]+)`),
		expression(`\bhost(?:name)?: \\?"([^"\\]+)`),
		expression(`\b(?:https?|ftp|wss?|tcp|ssl|tls|udp|fastcgi|fcgi|scgi|uwsgi|grpcs?|ajp|h2c?|redis|rediss|mysql|memcached|balancer)://(?:[^\s/"'@]*@)?([A-Za-z0-9][A-Za-z0-9._-]*)`),
		expression(`"(?:host|vhost|server_name|http_host|hostname|server|ClientRequestHost|OriginIP)"\s*:\s*"([^"]+)"`),
		expression(`\[hostname "([^"]+)"\]`),
		// virtual host combined: shop.test:443 192.0.2.1 - - [
		expression(`^([A-Za-z0-9.-]+)(?::\d+)? \S+ \S+ \S+ \[\d`),
	}
	// The envelope of syslog: Nov 22 18:04:50 web01 kernel: …
	envelope   = expression(`(?m)^(?:<\d+>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[0-9:.,+-]+Z?) ([A-Za-z0-9][A-Za-z0-9._-]*) [A-Za-z]`)
	poolPlaces = expression(`\[pool ([^\]\s]+)\]`)
)

// maybe says whether s holds one of the marks without which there is nothing to look for. Expressions take their time, and most texts
// have none.
func maybe(s string, marks ...string) bool {
	return slices.ContainsFunc(marks, func(m string) bool { return strings.Contains(s, m) })
}

// most bounds what is remembered of texts that come again and again.
const most = 1 << 13

// learn notes the names that a text has in places where names stand, so that they are known elsewhere too.
func (m *Mask) learn(s string) {
	if m.learnt[s] {
		return
	}
	if len(m.learnt) < most {
		m.learnt[s] = true
	}
	if maybe(s, ":", "[hostname", "[") {
		for _, p := range hostPlaces {
			for _, f := range p().FindAllStringSubmatch(s, -1) {
				m.learnHost(f[1], strings.ContainsAny(f[1], ".-0123456789"))
			}
		}
		for _, f := range envelope().FindAllStringSubmatch(s, -1) {
			m.learnHost(f[1], true)
		}
	}
	if maybe(s, "/", "@") {
		for _, p := range []func() *regexp.Regexp{homes, suexecID, dbUser} {
			for _, f := range p().FindAllStringSubmatch(s, -1) {
				m.learnAccount(f[2])
			}
		}
	}
	if maybe(s, "[pool ") {
		for _, f := range poolPlaces().FindAllStringSubmatch(s, -1) {
			m.learnAccount(f[1])
		}
	}
}

// learnHost notes a host, without port and "www.". A name that is a word like others ("redis", as containers call each other) is taken
// for one only if that is sure.
func (m *Mask) learnHost(s string, sure bool) {
	shouted := !strings.Contains(s, ".") && s == strings.ToUpper(s) // https://SITE/ of our own advice
	s = strings.ToLower(strings.Trim(s, ".[]"))
	if i := strings.LastIndexByte(s, ':'); i >= 0 && strings.Trim(s[i+1:], "0123456789") == "" {
		s = s[:i]
	}
	s = strings.TrimPrefix(s, "www.")
	if _, err := netip.ParseAddr(s); err == nil || nameless[s] || common[s] || own(s, "host") || len(s) < 2 || strings.Trim(s, "0123456789") == "" || shouted || !sure {
		return
	}
	m.hosts[s] = true
}

func (m *Mask) learnAccount(s string) {
	if m.mayBeHost(strings.ToLower(s)) {
		m.learnHost(s, true)
		return
	}
	if !common[strings.ToLower(s)] && !own(s, "account") && !own(s, "host") && s != strings.ToUpper(s) {
		m.accounts[s] = true
	}
}

// Text masks a text of any kind.
func (m *Mask) Text(s string) string {
	if s == "" {
		return s
	}
	if masked, ok := m.masked[s]; ok {
		return masked
	}
	masked := m.text(s)
	if len(m.masked) < most {
		m.masked[s] = masked
	}
	return masked
}

func (m *Mask) text(s string) string {
	if maybe(s, `":`, `" :`) {
		s = queryField().ReplaceAllStringFunc(s, func(f string) string {
			p := queryField().FindStringSubmatch(f)
			return p[1] + m.hidden("query", p[2]) + p[3]
		})
	}
	if maybe(s, `[data "`) {
		s = matchedData().ReplaceAllString(s, `${1}…${3}`)
	}
	if maybe(s, "?", "%3", `\x3`, `\u003`) {
		s = query().ReplaceAllStringFunc(s, func(f string) string {
			p := query().FindStringSubmatch(f)
			end := strings.TrimRight(p[3], ".,;:)]}\\") // marks of the sentence around it
			return p[1] + p[2] + m.hidden("query", end) + p[3][len(end):]
		})
	}
	if maybe(s, "@", "%40") {
		s = mailAddress().ReplaceAllStringFunc(s, func(f string) string {
			f = strings.Replace(f, "%40", "@", 1)
			if local, _, _ := strings.Cut(f, "@"); own(local, "mail") {
				return f
			}
			return m.pseudonym("mail", strings.ToLower(f)) + "@mail.example"
		})
	}
	s = loggedIn().ReplaceAllStringFunc(s, func(f string) string {
		p := loggedIn().FindStringSubmatch(f)
		return p[1] + m.Account(p[2]) + p[3]
	})
	if maybe(s, "/", "@") {
		for _, re := range []func() *regexp.Regexp{homes, dbUser, suexecID} {
			s = re().ReplaceAllStringFunc(s, func(f string) string {
				p := re().FindStringSubmatch(f)
				return p[1] + m.Account(p[2]) + strings.Join(p[3:], "")
			})
		}
	}
	return m.words(m.addresses(s))
}

// hidden is the pseudonym of what must not be seen at all.
func (m *Mask) hidden(kind, s string) string {
	if own(s, kind) {
		return s
	}
	return m.pseudonym(kind, s)
}

// nobodys are addresses that say nothing about anybody.
func nobodys(a netip.Addr) bool {
	return a.IsUnspecified() || a == v4Local || a == netip.IPv6Loopback()
}

var v4Local = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// addresses masks IPv4 and IPv6 addresses.
func (m *Mask) addresses(s string) string {
	var b strings.Builder
	from := 0
	eachAddress(s, func(a netip.Addr, i, end int) {
		b.WriteString(s[from:i])
		b.WriteString(m.pseudonym("client", a.String()))
		from = end
	})
	if from == 0 {
		return s
	}
	return b.String() + s[from:]
}

// eachAddress calls found for every address in s that is somebody's, with where it stands.
func eachAddress(s string, found func(a netip.Addr, from, to int)) {
	for i := 0; i < len(s); {
		if !addressByte(s[i]) || i > 0 && wordByte(s[i-1]) {
			i++
			continue
		}
		end, part := i, i // of what may be an address; of its first group
		for end < min(len(s), i+longestAddress) && addressByte(s[end]) {
			if end++; part == end-1 && s[part] != ':' && s[part] != '.' {
				part = end
			}
		}
		if a, n := address(s[i:end], end < len(s) && wordByte(s[end])); n > 0 {
			if !nobodys(a) {
				found(a.Unmap().WithZone(""), i, i+n)
			}
			i += n
			continue
		}
		i = max(part, i+1) // one may begin behind it: feed:192.0.2.1
	}
}

// longestAddress is more than any takes, with its port.
const longestAddress = 64

func addressByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' || c == ':' || c == '.'
}

func wordByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80
}

// address reads the address that s begins with, and how long it is: the longest, as 192.0.2.1:8080 and 2001:db8::1. have more after it.
// goes: a word goes on behind s, and the last group is no part of an address: 2001:db8::1:first.test.
func address(s string, goes bool) (netip.Addr, int) {
	if strings.Count(s, ":") < 2 && strings.Count(s, ".") < 3 {
		return netip.Addr{}, 0
	}
	for n := len(s); n > 1; n-- {
		if s[n-1] == '.' || n == len(s) && goes || n < len(s) && s[n] != ':' && s[n] != '.' {
			continue
		}
		if a, err := netip.ParseAddr(s[:n]); err == nil {
			return a, n
		}
	}
	return netip.Addr{}, 0
}
