package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"time"
)

// logGen writes logs as a busy host has them, the same for the same seed: benchmarks, the comparison with ripgrep and
// the tests of parallel reading feed on it.
type logGen struct {
	*rand.Rand
	w    *bufio.Writer
	n    int64 // bytes written
	now  time.Time
	left int // lines until the kind of trouble changes
	kind int
}

// genKinds are the logs it can write, by format.
var genKinds = map[string]func(*logGen){
	"nginx-error":  (*logGen).nginxError,
	"nginx-access": (*logGen).access,
	"apache-error": (*logGen).apacheError,
	"php-fpm":      (*logGen).fpm,
	"php-slow":     (*logGen).slow,
}

// genLog writes at least size bytes of a log of that format to w.
func genLog(w io.Writer, format string, seed uint64, size int64) error {
	g := newGen(w, seed)
	for line := genKinds[format]; g.n < size; {
		line(g)
	}
	return g.w.Flush()
}

func newGen(w io.Writer, seed uint64) *logGen {
	return &logGen{
		Rand: rand.New(rand.NewPCG(seed, 502)), w: bufio.NewWriterSize(w, 1<<16),
		now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
	}
}

func (g *logGen) printf(format string, args ...any) {
	n, _ := fmt.Fprintf(g.w, format, args...)
	g.n += int64(n)
}

// tick moves the clock on: many lines a second in a burst, seconds between lines else.
func (g *logGen) tick(burst bool) {
	if n := g.IntN(100); burst && n < 2 || !burst && n < 30 {
		g.now = g.now.Add(time.Second)
	}
}

func pick[T any](g *logGen, of ...T) T { return of[g.IntN(len(of))] }

func (g *logGen) client() string {
	n := g.IntN(60_000)
	return fmt.Sprintf("198.%d.%d.%d", 18+n/40_000, n/200%200, n%200)
}

func (g *logGen) vhost() string { return fmt.Sprintf("shop%d.example", g.IntN(8)+1) }

func (g *logGen) uri() string {
	n := g.IntN(5000)
	switch n % 5 {
	case 0:
		return fmt.Sprintf("/product/blue-mug-of-the-series-%d/?attribute_colour=teal&quantity=%d", n, n%9)
	case 1:
		return fmt.Sprintf("/wp-admin/admin-ajax.php?action=acme_refresh_%d&nonce=%08x", n%7, n*7919)
	case 2:
		return fmt.Sprintf("/category/kitchen/page/%d/?orderby=popularity&min_price=%d", n, n%50)
	case 3:
		return fmt.Sprintf("/checkout/order-received/%d/?key=wc_order_%x", n, n*104729)
	}
	return fmt.Sprintf("/index.php/api/v2/stock/%d/warehouse?fields=name,price,availability", n)
}

// nginxError writes what production writes: upstream errors in bursts, and noise.
func (g *logGen) nginxError() {
	if g.left == 0 {
		g.left, g.kind = 2000+g.IntN(20_000), g.IntN(7)
	}
	g.left--
	burst := g.kind < 5
	g.tick(burst)
	kind := 5 + g.IntN(3)
	if burst && g.IntN(10) < 8 {
		kind = g.kind
	}
	v := g.vhost()
	level, text, phase := "error", "", ""
	switch kind {
	case 0:
		text, phase = "upstream timed out (110: Connection timed out)", "reading response header from upstream"
	case 1:
		text, phase = "connect() to unix:/run/php/"+v+".sock failed (11: Resource temporarily unavailable)", "connecting to upstream"
	case 2:
		text, phase = "recv() failed (104: Connection reset by peer)", "reading response header from upstream"
	case 3:
		text, phase = "upstream prematurely closed connection", "reading response header from upstream"
	case 4:
		g.stderr(v)
		return
	case 5:
		text = fmt.Sprintf(`open() "/srv/%s/public/wp-content/uploads/2026/11/image-%d-768x1024.jpg" failed (2: No such file or directory)`, v, g.IntN(9000))
	case 6:
		level = "crit"
		text, phase = "SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share)", "SSL handshaking"
		g.printf("%s [%s] 1207#1207: *%d %s while %s, client: %s, server: 0.0.0.0:443\n",
			g.now.Format("2006/01/02 15:04:05"), level, g.IntN(9_000_000), text, phase, g.client())
		return
	case 7:
		text = fmt.Sprintf(`limiting requests, excess: %d.%03d by zone "login"`, g.IntN(40), g.IntN(1000))
	}
	if phase != "" {
		phase = " while " + phase
	}
	g.printf(`%s [%s] 1207#1207: *%d %s%s, client: %s, server: %s, request: "GET %s HTTP/1.1"`,
		g.now.Format("2006/01/02 15:04:05"), level, g.IntN(9_000_000), text, phase, g.client(), v, g.uri())
	if kind < 5 {
		g.printf(`, upstream: "fastcgi://unix:/run/php/%s.sock"`, v)
	}
	g.printf(`, host: "%s", referrer: "https://%s%s"`+"\n", v, v, g.uri())
}

// stderr writes a PHP error that nginx copies with its trace.
func (g *logGen) stderr(v string) {
	plugin := pick(g, "acme-rates", "blue-cart", "mega-menu", "seo-crumbs")
	g.printf(`%s [error] 1207#1207: *%d FastCGI sent in stderr: "PHP message: PHP `, g.now.Format("2006/01/02 15:04:05"), g.IntN(9_000_000))
	if g.IntN(3) == 0 {
		g.printf(`Fatal error:  Uncaught Error: Call to undefined function acme_price() in /srv/%s/public/wp-content/plugins/%s/includes/api.php:%d`+"\n"+
			"Stack trace:\n#0 /srv/%[1]s/public/wp-includes/class-wp-hook.php(324): acme_filter('%[4]d')\n"+
			"#1 /srv/%[1]s/public/wp-includes/plugin.php(205): WP_Hook->apply_filters('', Array)\n#2 {main}\n"+
			"  thrown in /srv/%[1]s/public/wp-content/plugins/%[2]s/includes/api.php on line %[3]d", v, plugin, g.IntN(900), g.IntN(9000))
	} else {
		g.printf(`Warning:  Undefined array key "rate_%d" in /srv/%s/public/wp-content/plugins/%s/includes/api.php on line %d; `+
			`PHP message: PHP Warning:  Trying to access array offset on value of type null in /srv/%[2]s/public/wp-content/plugins/%[3]s/includes/api.php on line %[4]d`,
			g.IntN(300), v, plugin, g.IntN(900))
	}
	g.printf(`" while reading response header from upstream, client: %s, server: %s, request: "GET %s HTTP/2.0", upstream: "fastcgi://unix:/run/php/%[2]s.sock:", host: "%[2]s"`+"\n",
		g.client(), v, g.uri())
}

const genAgent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"

func (g *logGen) access() {
	if g.left == 0 {
		g.left, g.kind = 2000+g.IntN(9000), g.IntN(3)
	}
	g.left--
	g.tick(true)
	status := 200
	switch n := g.IntN(100); {
	case n < 2:
		status = 404
	case n < 5:
		status = 302
	case n < 10 && g.kind == 0:
		status = pick(g, 502, 504)
	}
	uri := g.uri()
	if g.IntN(3) > 0 {
		uri = fmt.Sprintf("/wp-content/themes/storefront/assets/part-%d.css?ver=6.7.%d", g.IntN(400), g.IntN(9))
	}
	g.printf(`%s - - [%s] "%s %s HTTP/1.1" %d %d "https://%s/" "%s"`+"\n", g.client(), g.now.Format("02/Jan/2006:15:04:05 -0700"),
		pick(g, "GET", "GET", "GET", "POST"), uri, status, g.IntN(90_000), g.vhost(), genAgent)
}

func (g *logGen) apacheError() {
	g.tick(true)
	stamp := g.now.Format("Mon Jan 02 15:04:05") + fmt.Sprintf(".%06d", g.IntN(1_000_000)) + g.now.Format(" 2006")
	v := g.vhost()
	account := v[:5]
	switch g.IntN(4) {
	case 0:
		g.printf("[%s] [proxy_fcgi:error] [pid %d:tid %d] (70007)The timeout specified has expired: [client %s:%d] AH01075: Error dispatching request to : (polling), referer: https://%s%s\n",
			stamp, 2000+g.IntN(99), 140000+g.IntN(99), g.client(), 1024+g.IntN(60_000), v, g.uri())
	case 1:
		g.printf("[%s] [proxy_fcgi:error] [pid %d:tid %d] [client %s:%d] AH01071: Got error 'PHP message: PHP Warning:  Undefined variable $rate in /home/%s/public_html/wp-content/plugins/acme-rates/api.php on line %d', referer: https://%s%s\n",
			stamp, 2000+g.IntN(99), 140000+g.IntN(99), g.client(), 1024+g.IntN(60_000), account, g.IntN(900), v, g.uri())
	case 2:
		g.printf("[%s] [core:error] [pid %d:tid %d] [client %s:%d] AH00126: Invalid URI in request GET /%%2e%%2e/%d HTTP/1.1\n",
			stamp, 2000+g.IntN(99), 140000+g.IntN(99), g.client(), 1024+g.IntN(60_000), g.IntN(9000))
	case 3:
		g.printf("[%s] [autoindex:error] [pid %d:tid %d] [client %s:%d] AH01276: Cannot serve directory /home/%s/public_html/wp-content/uploads/%d/: No matching DirectoryIndex (index.php,index.html) found, and server-generated directory index forbidden by Options directive\n",
			stamp, 2000+g.IntN(99), 140000+g.IntN(99), g.client(), 1024+g.IntN(60_000), account, g.IntN(9000))
	}
}

func (g *logGen) fpm() {
	g.tick(true)
	stamp := g.now.Format("02-Jan-2006 15:04:05")
	pool := fmt.Sprintf("shop%d", g.IntN(8)+1)
	switch pid := 1000 + g.IntN(60_000); g.IntN(8) {
	case 0:
		g.printf("[%s] WARNING: [pool %s] server reached pm.max_children setting (%d), consider raising it\n", stamp, pool, 10+g.IntN(3))
	case 1:
		g.printf("[%s] WARNING: [pool %s] child %d, script '/srv/%[2]s/public/index.php' (request: \"GET %[4]s\") executing too slow (%d.%06d sec), logging\n",
			stamp, pool, pid, g.uri(), 5+g.IntN(20), g.IntN(1_000_000))
	case 2:
		g.printf("[%s] WARNING: [pool %s] child %d exited on signal 11 (SIGSEGV - core dumped) after %d.%06d seconds from start\n", stamp, pool, pid, g.IntN(900), g.IntN(1_000_000))
	case 3:
		g.printf("[%s] NOTICE: [pool %s] child %d started\n", stamp, pool, pid)
	case 4:
		g.printf("[%s] NOTICE: child %d stopped tracing\n", stamp, pid)
	case 5:
		g.printf("[%s] NOTICE: about to trace %d\n", stamp, pid)
	case 6:
		g.printf("[%s] NOTICE: finished trace of %d\n", stamp, pid)
	case 7:
		g.printf("[%s] NOTICE: [pool %s] child %d exited with code 0 after %d.%06d seconds from start\n", stamp, pool, pid, g.IntN(900), g.IntN(1_000_000))
	}
}

func (g *logGen) slow() {
	g.tick(false)
	plugin := pick(g, "acme-rates", "blue-cart", "mega-menu", "seo-crumbs")
	pool := fmt.Sprintf("shop%d", g.IntN(8)+1)
	g.printf("\n[%s]  [pool %s] pid %d\nscript_filename = /srv/%[2]s/public/index.php\n", g.now.Format("02-Jan-2006 15:04:05"), pool, 1000+g.IntN(60_000))
	frame := func(fn, file string, line int) {
		g.printf("[0x%016x] %s() /srv/%s/public/%s:%d\n", 0x7f0000000000+g.Int64N(1<<32), fn, pool, file, line)
	}
	frame(pick(g, "curl_exec", "mysqli_query", "sleep", "fread"), "wp-content/plugins/"+plugin+"/includes/api.php", 10+g.IntN(30))
	for i, n := 0, 8+g.IntN(4); i < n; i++ {
		frame(fmt.Sprintf("apply_filters_%d", i), "wp-includes/class-wp-hook.php", 300+i)
	}
	frame("require", "wp-blog-header.php", 19)
}
