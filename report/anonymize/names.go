package anonymize

import (
	"slices"
	"strings"
)

// Names of hosts and accounts stand in words of any kind: in sentences, in paths of logs and sockets, in the names of files.
//
//	/var/log/nginx/shop.test-error.log   unix:/run/php/php8.2-fpm-shop.sock   [pool shop]   on shop.test.

// tops are the last labels of names that are taken for hosts wherever they stand. A two-letter one that files end in is none: such a
// host, and one of a label that is a word of configurations, is known only where a log names it as one.
var tops = func() map[string]bool {
	all := map[string]bool{}
	for t := range strings.FieldsSeq(`com net org info biz edu gov mil int arpa pro mobi aero coop museum jobs travel cat asia eu test example invalid localdomain local internal
		intranet lan home corp hosting onion io ai app dev shop store shopping online website xyz club blog cloud tech agency company digital
		studio design team live world today news email solutions services software center academy school church health care clinic fashion
		restaurant bar cafe pizza hotel tours photo photography photos video film music art gallery events party wedding fitness yoga garden house
		homes land property estate immo haus bau auto cars bike taxi eco bio bayern berlin hamburg koeln cologne nrw ruhr saarland tirol wien
		swiss paris london nyc amsterdam brussels gent vlaanderen vip icu fun win bid loan wiki tools guru expert ac ad ae af ag al am ao aq ar at
		au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz
		ec ee eg er es et fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gt gu gw gy hk hm hn hr ht hu id ie il im iq ir is it je jm jo
		jp ke kg kh ki km kn kp kr kw ky kz lb lc li lk lr ls lt lu lv ly ma mc me mg mh mk ml mm mn mp mq mr ms mt mu mv mw mx my mz na nc ne nf
		ng ni nl no np nr nu nz om pa pe pf pg ph pk pn pr pt pw qa re ro ru rw sa sb sc sd se sg si sk sl sm sn sr ss sv sx sy sz tc td tf tg th
		tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye za zm zw`) {
		all[t] = true
	}
	return all
}()

// isHost says whether a word in small letters is a host that a log names.
func (m *Mask) isHost(word string) bool {
	if m.hosts[strings.TrimPrefix(word, "www.")] {
		return true
	}
	return strings.ContainsAny(word, "_-") && !strings.Contains(word, ".") && m.variants(word)
}

// variants says whether a word is a host's name in other marks: shop_test, shop-test.
func (m *Mask) variants(word string) bool {
	return m.hosts[strings.ReplaceAll(word, "_", ".")] || m.hosts[strings.ReplaceAll(word, "-", ".")]
}

// mayBeHost says the same of one that has the form of a host.
func (m *Mask) mayBeHost(word string) bool {
	i := strings.LastIndexByte(word, '.')
	if i <= 0 || !tops[word[i+1:]] || strings.ContainsRune(word, '_') || strings.Contains(word, "..") {
		return false
	}
	return strings.ContainsAny(word[:i], "abcdefghijklmnopqrstuvwxyz") && word[0] != '-' && word[0] != '.'
}

// words masks the names of hosts and accounts in s.
func (m *Mask) words(s string) string {
	var b strings.Builder
	changed := false
	before := "" // the word before this one
	for i := 0; i < len(s); {
		if !tokenByte(s[i]) {
			b.WriteByte(s[i])
			i++
			continue
		}
		end := i
		for end < len(s) && tokenByte(s[end]) {
			end++
		}
		token := s[i:end]
		at := &place{text: s, from: i, to: end}
		at.account = accountWords[before] || i > 0 && end < len(s) && s[i-1] == '[' && s[end] == ']'
		masked := m.token(token, at)
		changed = changed || masked != token
		b.WriteString(masked)
		if token != "and" && (masked == token || !accountWords[before]) { // pools shop, blog and api
			before = strings.ToLower(token)
		}
		i = end
	}
	if !changed {
		return s
	}
	return b.String()
}

func tokenByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '.' || c == '-' || c == '_'
}

// accountWords are the words before the name of an account or a pool, of several with commas and "and" between them.
var accountWords = map[string]bool{"pool": true, "pools": true, "user": true, "users": true, "account": true, "accounts": true, "owner": true, "group": true, "uid": true}

// place is where a token stands. Few need to know.
type place struct {
	text     string
	from, to int
	account  bool // behind a word that says what it is

	looked       bool
	file, folder bool
}

// inFile says that it is in the path of a log, a socket, a configuration: names are parts of words there.
func (p *place) inFile() bool { return p.look().file }

// isFolder says that it is a whole part of a path of the system, above the document root.
func (p *place) isFolder() bool { return p.look().folder }

// system are the folders that paths of the system begin with. Logs are also given from a folder of their own: logs/var/log/….
var system = map[string]bool{
	"home": true, "home2": true, "home3": true, "var": true, "run": true, "etc": true, "opt": true, "usr": true, "tmp": true, "srv": true, "proc": true,
	"mnt": true, "data": true, "Users": true, "backup": true,
}

var (
	logFolders = []string{"/var/log/", "/etc/", "/run/", "/domlogs/", "/logs/", "/public_html/"}
	docRoots   = []string{"/public_html/", "/htdocs/", "/httpdocs/", "/html/", "/public/", "/wp-content/", "/vendor/", "/src/", "/plugins/", "/themes/"}
	codeFiles  = []string{".php", ".phtml", ".inc", ".html", ".htm", ".js", ".css", ".py", ".pl", ".cgi"}
)

func pathByte(c byte) bool { return tokenByte(c) || c == '/' || c == '~' }

func containsAny(s string, parts []string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(s, p) })
}

// look reads the path around it.
func (p *place) look() *place {
	if p.looked {
		return p
	}
	p.looked = true
	const longest = 1024
	s, from, to := p.text, p.from, p.to
	for from > max(0, p.from-longest) && pathByte(s[from-1]) {
		from--
	}
	for to < min(len(s), p.to+longest) && pathByte(s[to]) {
		to++
	}
	root, _, ok := strings.Cut(strings.TrimPrefix(s[from:to], "/"), "/")
	if !ok || !system[root] && !containsAny("/"+s[from:to], logFolders) {
		return p
	}
	file := strings.ToLower(s[strings.LastIndexByte(s[:to], '/')+1 : to])
	p.file = !slices.ContainsFunc(codeFiles, func(x string) bool { return strings.HasSuffix(file, x) })
	p.folder = p.from > 0 && s[p.from-1] == '/' && (p.to == len(s) || s[p.to] == '/') && !containsAny(s[from:p.from], docRoots)
	return p
}

// pieces bounds how many parts of a token are tried together.
const pieces = 12

// token masks the names within a token: shop.test-error.log, php8.2-fpm-shop.sock.
func (m *Mask) token(s string, at *place) string {
	var b strings.Builder
	from := 0
	for i := 0; i < len(s); {
		if isMark(s[i]) {
			i++
			continue
		}
		n, masked := m.longest(s, i, at)
		if n > 0 {
			b.WriteString(s[from:i])
			b.WriteString(masked)
			i += n
			from = i
			continue
		}
		for i < len(s) && !isMark(s[i]) {
			i++
		}
	}
	if from == 0 {
		return s
	}
	return b.String() + s[from:]
}

func isMark(c byte) bool { return c == '.' || c == '-' || c == '_' }

// longest finds the longest name that begins at i, and what stands for it.
func (m *Mask) longest(s string, i int, at *place) (n int, masked string) {
	for end, parts := i, 0; end < len(s) && parts < pieces; parts++ {
		for end < len(s) && !isMark(s[end]) {
			end++
		}
		word := s[i:end]
		whole := i == 0 && strings.Trim(s[end:], ".") == ""
		if got, ok := m.name(word, whole, at); ok {
			n, masked = end-i, got
		}
		for end < len(s) && isMark(s[end]) {
			end++
		}
	}
	return n, masked
}

// name masks a word if it is the name of a host or an account. whole: nothing else stands in its token.
func (m *Mask) name(word string, whole bool, at *place) (string, bool) {
	small := strings.ToLower(word)
	switch {
	case own(small, "host") || own(small, "account") || own(small, "client") || own(small, "mail") || own(small, "query") || small == "mail.example":
		return word, true // and no part of it is looked at
	case m.hosts[strings.TrimPrefix(small, "www.")]:
		if strings.Contains(small, ".") || whole || at.inFile() {
			return m.Host(small), true
		}
	case m.mayBeHost(small):
		return m.Host(small), true
	case strings.ContainsAny(small, "_-") && m.variants(small) && (whole || at.inFile()):
		if h := strings.ReplaceAll(small, "_", "."); m.hosts[h] {
			return m.Host(h), true
		}
		return m.Host(strings.ReplaceAll(small, "-", ".")), true
	case m.accounts[word] && !common[small] && (whole && (at.account || at.isFolder()) || at.inFile()):
		return m.Account(word), true
	}
	return "", false
}
