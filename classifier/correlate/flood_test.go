package correlate

import (
	"runtime"
	"strconv"
	"testing"
	"time"
	"unsafe"

	"why502/classifier"
	"why502/parser"
)

// flood is how many distinct names somebody sends.
const flood = 1_000_000

// floodRoom bounds what a Timeline may take on the heap, whatever it is fed.
const floodRoom = 16 << 20

var (
	refused = []classifier.Event{{Rule: &classifier.Rule{Tag: "test/refused", Harm: "502", Family: classifier.Down}}}
	noticed = []classifier.Event{{Rule: &classifier.Rule{Tag: "test/noticed"}}}
	tooSlow = []classifier.Event{{Rule: &classifier.Rule{Tag: slowRequest}}}
)

// floods are what a million different names may be names of.
var floods = []struct {
	name, format string
	fill         func(r *parser.Record, n []byte)
	events       []classifier.Event
	folded       string // the kind that the report names
	foldsSites   bool   // of failures
}{
	{"sites in failures", "nginx-error", func(r *parser.Record, n []byte) { r.Host = n }, refused, "site", true},
	{"sites in noise", "nginx-error", func(r *parser.Record, n []byte) { r.Host = n }, noticed, "site", false},
	{"sites served", "nginx-access", func(r *parser.Record, n []byte) { r.Vhost, r.URI, r.Status = n, []byte("/"), 200 }, nil, "site", false},
	{"sites not served", "nginx-access", func(r *parser.Record, n []byte) { r.Vhost, r.URI, r.Status = n, []byte("/"), 502 }, nil, "site", true},
	{"pages", "nginx-access", func(r *parser.Record, n []byte) { r.URI, r.Status = prefixed("/", n), 200 }, nil, "page", false},
	{"failed pages", "nginx-access", func(r *parser.Record, n []byte) { r.URI, r.Status = prefixed("/", n), 504 }, nil, "page", false},
	{"pages in failures", "nginx-error", func(r *parser.Record, n []byte) { r.URI = prefixed("/", n) }, refused, "page", false},
	{"slow pages", "php-fpm", func(r *parser.Record, n []byte) { r.URI = prefixed("/", n) }, tooSlow, "page", false},
	{"clients served", "nginx-access", func(r *parser.Record, n []byte) { r.Client, r.URI, r.Status = n, []byte("/"), 200 }, nil, "client", false},
	{"clients in failures", "apache-error", func(r *parser.Record, n []byte) { r.Client = n }, refused, "client", false},
	{"upstreams", "nginx-error", func(r *parser.Record, n []byte) { r.Upstream = prefixed("fastcgi://", n) }, refused, "upstream", true},
	{"pools", "php-fpm", func(r *parser.Record, n []byte) { r.Pool = n }, noticed, "pool", true},
	{"plugins", "php-error", func(r *parser.Record, n []byte) { r.Script = prefixed("/srv/plugins/", n) }, refused, "culprit", false},
	{"functions", "php-slow", func(r *parser.Record, n []byte) {
		r.Frames = []parser.Frame{{Func: n, File: []byte("/srv/a.php"), Line: 1}}
	}, nil, "function", false},
	{"stacks", "php-slow", func(r *parser.Record, n []byte) {
		r.Frames = []parser.Frame{{Func: []byte("sleep"), File: []byte("/srv/a.php")}, {Func: n, File: []byte("/srv/b.php")}}
	}, nil, "stack", false},
	{"scripts", "php-slow", func(r *parser.Record, n []byte) { r.Script = prefixed("/srv/", n) }, nil, "script", false},
	{"packages", "php-slow", func(r *parser.Record, n []byte) {
		r.Frames = []parser.Frame{{Func: []byte("curl_exec"), File: []byte("/srv/a.php")}, {Func: []byte("run"), File: prefixed("/srv/vendor/", append(n, "/x/y.php"...))}}
	}, nil, "package", false},
	{"calls", "php-slow", func(r *parser.Record, n []byte) {
		r.Frames = []parser.Frame{{Func: []byte("curl_exec"), File: prefixed("/srv/plugins/", append(n, "/y.php"...))}}
	}, nil, "call", false},
	{"messages", "nginx-error", func(r *parser.Record, n []byte) { r.Message = n }, noticed, "", false},
}

var prefixRoom = make([]byte, 0, 64)

func prefixed(before string, n []byte) []byte {
	prefixRoom = append(append(prefixRoom[:0], before...), n...)
	return prefixRoom
}

// named makes the i-th name, in place.
func named(room []byte, i int) []byte {
	return strconv.AppendInt(append(room[:0], "name"...), int64(i), 36)
}

// A million different names of anything neither take much memory nor hide what else happened: its site, page and numbers
// stand apart from the flood, unless failures are what it is made of, and then the sum is right.
func TestFloods(t *testing.T) {
	start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	shop := []classifier.Event{{Rule: &classifier.Rule{Tag: "test/incident", Harm: "504", Family: classifier.Saturated}}}
	for _, f := range floods {
		t.Run(f.name, func(t *testing.T) {
			before := heap()
			tl := New()
			room, message := make([]byte, 0, 64), make([]byte, 300)
			failed, client := 0, []byte("192.0.2.1")
			r := &parser.Record{Format: f.format, Raw: message, Duration: -1}
			for i := range flood {
				r.Pos, r.Client = parser.Pos{File: "a.log", Line: i + 1, Offset: int64(i) * 300}, client
				r.Time = start.Add(time.Duration(i) * 20 * time.Millisecond)
				f.fill(r, named(room, i))
				r.Stack = stackID(r)
				tl.Add(r, f.events)
				if i >= flood/2 && i < flood/2+3000 && i%50 == 0 { // a minute of trouble in the midst of it
					failed++
					tl.Add(&parser.Record{
						Pos: parser.Pos{File: "b.log", Line: i + 1, Offset: int64(i) * 300}, Format: "nginx-error", Raw: message, Duration: -1,
						Time: r.Time, Host: []byte("shop.example"), URI: []byte("/checkout/"), Client: []byte("198.51.100.7"), Conn: int64(i),
					}, shop)
				}
			}
			if n := heap() - before; n > floodRoom {
				t.Errorf("it takes %d MiB", n>>20)
			}
			count, sites := 0, map[string]int{}
			for _, m := range tl.Marks() {
				if m.Tag == "test/incident" {
					count += m.Requests.Len()
					sites[m.Vhost] += m.Count
				}
			}
			if count != failed {
				t.Errorf("%d requests failed, %d are counted", failed, count)
			}
			if want := map[bool]string{true: Other, false: "shop.example"}[f.foldsSites]; sites[want] != failed {
				t.Errorf("the sites that failed: %v", sites)
			}
			found := false
			for _, x := range tl.Folded() {
				found = found || x.Kind == f.folded && (x.Kind == "stack" || x.Names > flood*8/10 && x.Names < flood*12/10)
			}
			if found != (f.folded != "") {
				t.Errorf("folded: %+v", tl.Folded())
			}
			runtime.KeepAlive(tl)
		})
	}
}

// Each of thousands of sites with each of thousands of backends: they are bounded together, not only the ones of each. Which are kept
// depends on what there is, not on the order in which it came.
func TestPairsAreBounded(t *testing.T) {
	before := heap()
	const sites, backends = 8000, 64
	fill := func(first, step int) *links {
		l := newLinks()
		for i := range sites {
			for n := range backends {
				l.join(siteBackends, "site"+strconv.Itoa(i), "unix:/run/"+strconv.Itoa((i*7+(first+n*step)*61)%4000)+".sock")
			}
		}
		return &l
	}
	up, down := fill(0, 1), fill(backends-1, -1)
	if n := heap() - before; n > floodRoom {
		t.Errorf("two take %d MiB", n>>20)
	}
	if n := up.pairs[siteBackends]; n > maxPairs || n < maxPairs/4 {
		t.Errorf("%d pairs", n)
	}
	for a, set := range up.backends {
		for b := range set {
			if !down.backends[a][b] {
				t.Fatalf("%s: another order leaves other backends", a)
			}
		}
	}
	runtime.KeepAlive(up)
	runtime.KeepAlive(down)
}

// What a mark takes counts up to 15,000 times. 256 is a size of which nothing is lost by rounding.
func TestMarkIsSmall(t *testing.T) {
	if n := unsafe.Sizeof(Mark{}); n > 256 {
		t.Errorf("a mark takes %d bytes", n)
	}
}

func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
