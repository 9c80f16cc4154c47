package capacity

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
	"why502/parser"
	"why502/parser/host"
	"why502/report"
)

var start = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// day fills a Timeline of a server whose pools each serve a site of their name.
type day struct {
	*correlate.Timeline
	told report.Report
}

func newDay(pools ...correlate.Pool) *day {
	d := &day{Timeline: correlate.New()}
	c := &correlate.Config{Pools: pools}
	for _, p := range pools {
		c.Sites = append(c.Sites, correlate.Site{Names: []string{p.Name + ".test"}, Backends: p.Listen})
	}
	d.Configure(c)
	return d
}

// set makes a pool of "pm.max_children=4" and its like, in a file.
func set(name, file string, list ...string) correlate.Pool {
	p := correlate.Pool{Name: name, Listen: []string{"unix:/run/" + name + ".sock"}}
	for _, s := range list {
		k, v, _ := strings.Cut(s, "=")
		p.Settings = append(p.Settings, correlate.Setting{Name: k, Value: v, Place: file})
	}
	return p
}

func dynamic(children int) correlate.Pool {
	return set("shop", "/etc/php/8.2/fpm/pool.d/shop.conf", "pm=dynamic", fmt.Sprint("pm.max_children=", children), "pm.start_servers=2", "pm.min_spare_servers=1", "pm.max_spare_servers=3")
}

// serve adds requests of so many seconds each to some minutes; took < 0: the log states no time.
func (d *day) serve(site string, from, minutes, perMinute int, took float64) {
	for m := from; m < from+minutes; m++ {
		for i := range perMinute {
			d.Add(&parser.Record{
				Pos: parser.Pos{File: "access.log"}, Format: "nginx-access", Status: 200, URI: []byte("/p/"), Vhost: []byte(site + ".test"),
				Time: start.Add(time.Duration(m)*time.Minute + time.Duration(i)*time.Minute/time.Duration(perMinute)), Duration: time.Duration(took * float64(time.Second)),
			}, nil)
		}
	}
}

// says adds a line of PHP-FPM's log.
func (d *day) says(pool string, minute int, tag classifier.Tag, text, limit string) {
	d.Add(&parser.Record{
		Pos: parser.Pos{File: "/var/log/php8.2-fpm.log"}, Format: "php-fpm", Pool: []byte(pool), Time: at(minute), Duration: -1, Raw: []byte(text),
		Fields: []parser.Field{{Key: "limit", Value: []byte(limit)}},
	}, []classifier.Event{{Rule: &classifier.Rule{Tag: tag, Signal: true}}})
}

func (d *day) full(pool string, minute int) {
	d.says(pool, minute, "phpfpm/max-children", "[pool "+pool+"] server reached pm.max_children setting (4), consider raising it", "4")
}

func (d *day) incident(cause, pool string, from, to int) {
	d.told.Incidents = append(d.told.Incidents, report.Incident{
		Start: at(from), End: at(to), Pools: []report.Share{{Name: pool}},
		Causes: []report.Cause{{ID: cause, Confidence: .9, Advice: []report.Advice{
			{Text: "Measure.", Config: "free -m"}, {Text: "Raise it.", Config: "pm = dynamic\npm.max_children = 77", Sizes: true},
		}}},
	})
}

func at(minute int) time.Time { return start.Add(time.Duration(minute)*time.Minute + 30*time.Second) }

func (d *day) size(k Known) *report.Capacity { return Size(d.Timeline, &d.told, k) }

// An hour of one request a second at 0.5 s is the calm time of all of these: half a request at once.
func TestVerdicts(t *testing.T) {
	static := set("shop", "/x.conf", "pm=static", "pm.max_children=4")
	ondemand := set("shop", "/opt/cpanel/ea-php82/root/etc/php-fpm.d/shop.conf", "pm=ondemand", "pm.max_children=5")
	for _, c := range []struct {
		name string
		pool correlate.Pool
		fill func(d *day)
		k    Known

		verdict  string
		children int
		text     string // is in Text
		config   string
	}{
		{
			// 10 a second × 0.5 s = 5; 5 + 2√5 = 9.47
			name: "more requests, hardly slower", pool: dynamic(4), verdict: Raise, children: 10, text: "10 requests a second × 0.5 s that one usually takes = 5 at once; + 2 × √5 for chance = 10 children",
			fill:   func(d *day) { d.serve("shop", 60, 3, 600, .7); d.full("shop", 61) },
			config: "; /etc/php/8.2/fpm/pool.d/shop.conf\npm = dynamic\npm.max_children = 10\npm.start_servers = 2\npm.min_spare_servers = 1\npm.max_spare_servers = 3",
		},
		{
			// 2 a second × 0.5 s = 1; 1 + 2 = 3 of 4
			name: "full, though its figures do not show it", pool: dynamic(4), verdict: Keep, children: 4, text: "is enough for its worst minute",
			fill: func(d *day) { d.serve("shop", 60, 3, 120, .5); d.full("shop", 61) },
		},
		{
			name: "slow, and not more of them", pool: dynamic(4), verdict: Mend, children: 4, text: "they took 3 s instead of 0.5 s, while there were no more than 1 a second (usually up to 1)",
			fill: func(d *day) { d.serve("shop", 60, 3, 60, 3); d.full("shop", 61) },
		},
		{
			// 8 a second × 0.5 s = 4; 4 + 4 = 8: what is full makes its requests wait
			name: "slow for it was full at little more than usual", pool: dynamic(4), verdict: Raise, children: 8,
			fill: func(d *day) {
				*d = *newDay(dynamic(4))
				d.serve("shop", 0, 60, 360, .5)
				d.serve("shop", 60, 3, 480, 3)
				d.full("shop", 61)
			},
		},
		{
			// 2 a second × 0.5 s = 1
			name: "both more and slower", pool: dynamic(4), verdict: Unknown, text: "both more (2 a second, usually up to 1) and slower (",
			fill: func(d *day) { d.serve("shop", 60, 3, 120, 5); d.full("shop", 61) },
		},
		{
			// half a minute before it: 4 a second × 0.5 s; then 20 × 0.5 s = 10 at once in ten seconds
			name: "a log of a minute", pool: dynamic(4), verdict: Raise, children: 10, text: "in the worst moments (22 Nov 12:00) 20 requests a second",
			fill: func(d *day) {
				*d = *newDay(dynamic(4))
				for sec := range 60 {
					n := 4
					if sec >= 40 {
						n = 20
					}
					for range n {
						d.Add(&parser.Record{
							Pos: parser.Pos{File: "access.log"}, Format: "nginx-access", Status: 200, URI: []byte("/p/"), Vhost: []byte("shop.test"),
							Time: start.Add(time.Duration(sec) * time.Second), Duration: 500 * time.Millisecond,
						}, nil)
					}
				}
				d.told.Incidents = []report.Incident{{Start: start.Add(40 * time.Second), End: start.Add(59 * time.Second), Pools: []report.Share{{Name: "shop"}}, Causes: []report.Cause{{ID: "fpm_max_children_exhausted", Confidence: .9}}}}
			},
		},
		{
			name: "slow for there were more of them", pool: dynamic(4), verdict: Raise, children: 10,
			fill: func(d *day) { d.serve("shop", 60, 3, 600, 3); d.full("shop", 61) },
		},
		{
			name: "twice as slow is not slow", pool: dynamic(4), verdict: Keep, children: 4,
			fill: func(d *day) { d.serve("shop", 60, 3, 60, 1); d.full("shop", 61) },
		},
		{
			name: "the slow log names what they wait for", pool: dynamic(4), verdict: Mend, children: 4, text: "slow_external_http, 22 Nov 13:00",
			fill: func(d *day) {
				d.serve("shop", 60, 3, 600, .7)
				d.full("shop", 59)
				d.incident("slow_external_http", "shop", 60, 62)
			},
		},
		{
			name: "slow once, too small another time", pool: dynamic(4), verdict: Raise, children: 10,
			fill: func(d *day) {
				d.serve("shop", 60, 3, 6000, .7)
				d.full("shop", 59)
				d.incident("slow_external_http", "shop", 60, 62)
				d.serve("shop", 120, 3, 600, .7)
				d.full("shop", 121)
			},
		},
		{
			name: "a flood is to be kept out", pool: dynamic(4), verdict: Keep, children: 4, text: "flood (bot_or_bruteforce_flood, 22 Nov 13:00)",
			fill: func(d *day) {
				d.serve("shop", 60, 3, 6000, .7)
				d.full("shop", 61)
				d.incident("bot_or_bruteforce_flood", "shop", 60, 62)
			},
		},
		{name: "never full", pool: dynamic(4), verdict: Keep, children: 4, text: "It was not full: in the worst minute (22 Nov 12:00) 1 requests a second × 0.5 s = 0.5 at once"},
		{
			name: "full, and nothing is known of times", pool: dynamic(4), verdict: Unknown, text: "$request_time",
			fill: func(d *day) { *d = *newDay(dynamic(4)); d.serve("shop", 0, 60, 60, -1); d.full("shop", 61) },
		},
		{
			name: "full all the time", pool: dynamic(4), verdict: Unknown, text: "no calm time",
			fill: func(d *day) { *d = *newDay(dynamic(4)); d.serve("shop", 61, 1, 60, 2); d.full("shop", 61) },
		},
		{
			name: "nothing but the configuration", pool: dynamic(4), verdict: Unknown, text: "Neither PHP-FPM's log",
			fill: func(d *day) { *d = *newDay(dynamic(4)) },
		},
		{
			// 8 a second × 0.5 s = 4; 4 + 4 = 8
			name: "static never says it", pool: static, verdict: Raise, children: 8, text: "never says that it is full",
			fill:   func(d *day) { d.serve("shop", 60, 3, 480, .5) },
			config: "; /x.conf\npm = static\npm.max_children = 8",
		},
		{
			// 6 a second × 0.5 s = 3, below four fifths of 4
			name: "static with room", pool: static, verdict: Keep, children: 4,
			fill: func(d *day) { d.serve("shop", 60, 3, 360, .5) },
		},
		{
			name: "static turns away", pool: static, verdict: Raise, children: 10, text: "Its listen queue was full",
			fill: func(d *day) {
				d.serve("shop", 60, 3, 600, .7)
				d.Add(&parser.Record{
					Pos: parser.Pos{File: "error.log"}, Format: "nginx-error", Time: at(61), Duration: -1, Server: []byte("shop.test"), Upstream: []byte("fastcgi://unix:/run/shop.sock:"),
				}, []classifier.Event{{Rule: &classifier.Rule{Tag: "nginx/upstream-queue-full", Harm: "502"}}})
			},
		},
		{
			name: "static in the dark", pool: static, verdict: Unknown, text: "never says that it is full",
			fill: func(d *day) { *d = *newDay(static); d.serve("shop", 0, 60, 60, -1) },
		},
		{
			name: "cPanel", pool: ondemand, verdict: Raise, children: 10,
			fill:   func(d *day) { d.serve("shop", 60, 3, 600, .7); d.full("shop", 61) },
			config: "# /var/cpanel/userdata/USER/DOMAIN.php_fpm.yaml\npm_max_children: 10\n# then\n/scripts/php_fpm_config --rebuild\n/scripts/restartsrv_apache_php_fpm",
		},
		{
			name: "ondemand", pool: set("shop", "/x.conf", "pm=ondemand", "pm.max_children=5", "pm.process_idle_timeout=30s"), verdict: Raise, children: 10,
			fill:   func(d *day) { d.serve("shop", 60, 3, 600, .7); d.full("shop", 61) },
			config: "; /x.conf\npm = ondemand\npm.max_children = 10\npm.process_idle_timeout = 30s",
		},
		{
			// 1,024 − 341 = 683 MiB, which hold 10 of 64 MiB
			name: "just what the memory holds", pool: dynamic(4), k: Known{Memory: 1 << 30, Child: 64 << 20}, verdict: Raise, children: 10,
			fill: func(d *day) { d.serve("shop", 60, 3, 600, .7); d.full("shop", 61) },
		},
		{
			// 900 − 300 = 600 MiB, which hold 9
			name: "not quite what it needs", pool: dynamic(4), k: Known{Memory: 900 << 20, Child: 64 << 20}, verdict: Raise, children: 9, text: "The memory holds 9 of these.",
			fill: func(d *day) { d.serve("shop", 60, 3, 600, .7); d.full("shop", 61) },
		},
		{
			// 400 − 133 = 267 MiB, which hold 4
			name: "no memory for more", pool: dynamic(4), k: Known{Memory: 400 << 20, Child: 64 << 20}, verdict: Keep, children: 4, text: "The memory holds no more",
			fill: func(d *day) { d.serve("shop", 60, 3, 600, .7); d.full("shop", 61) },
		},
		{
			// 1,536 − 512 = 1,024 MiB, which hold 16
			name: "more than the memory holds", pool: dynamic(50), k: Known{Memory: 1536 << 20, Child: 64 << 20}, verdict: Lower, children: 16, text: "50 children of 64 MiB take more than the 1,024 MiB that are left for PHP",
			config: "; /etc/php/8.2/fpm/pool.d/shop.conf\npm = dynamic\npm.max_children = 16\npm.start_servers = 2\npm.min_spare_servers = 1\npm.max_spare_servers = 3",
		},
		{
			name: "all that the memory holds", pool: dynamic(16), k: Known{Memory: 1536 << 20, Child: 64 << 20}, verdict: Keep, children: 16,
		},
		{
			// 50 × 128 MiB would not fit either, but no child need be as large as memory_limit
			name: "a bound proves nothing", pool: dynamic(50), k: Known{Memory: 1536 << 20}, verdict: Keep, children: 50,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDay(c.pool)
			d.serve("shop", 0, 60, 60, .5)
			d.says("shop", 0, "phpfpm/ready", "ready", "")
			if c.fill != nil {
				c.fill(d)
			}
			p := d.size(c.k).Pools[0]
			if p.Verdict != c.verdict || p.Children != c.children {
				t.Errorf("%s to %d, want %s to %d: %s", p.Verdict, p.Children, c.verdict, c.children, p.Text)
			}
			if !strings.Contains(p.Text, c.text) {
				t.Errorf("text %q has no %q", p.Text, c.text)
			}
			if c.config != "" && p.Config != c.config {
				t.Errorf("config\n%s\nwant\n%s", p.Config, c.config)
			}
			if (p.Config != "") != (c.verdict == Raise || c.verdict == Lower) {
				t.Errorf("verdict %s with config %q", c.verdict, p.Config)
			}
		})
	}
}

func TestBoundsShowTheSum(t *testing.T) {
	blog := set("blog", "/b.conf", "pm=static", "pm.max_children=10")
	d := newDay(dynamic(4), blog)
	d.serve("shop", 0, 60, 60, .5)
	d.serve("shop", 60, 3, 600, .7)
	d.full("shop", 61)
	// 4,000 − 2,000 − 400 of PHP − = 1,600 others; and 400 for files: 2,000 for PHP. nine of ten of the children take 50 MiB at most
	h := &host.Host{Memory: 4000 << 20, Available: 2000 << 20, PHP: 400 << 20, CPUs: 2, Exact: true, Children: map[string][]int64{
		"shop": {50 << 20, 20 << 20, 50 << 20, 90 << 20, 50 << 20, 50 << 20, 40 << 20, 30 << 20, 30 << 20, 30 << 20},
		"blog": {100 << 20},
	}}
	c := d.size(Known{Host: h})
	want := []string{
		"demand 10: 10/s × 0.5 s = 5; 5 + 2 × √5 → 10",
		"memory 20: (4,000 MiB − 2,000 MiB − 1,000 MiB for the 10 children of other pools) / 50 MiB = 20",
		"cpu 8: 2 processors × 4 = 8 requests at once, by rule of thumb: beyond that they wait for each other unless they mostly wait for the database",
	}
	var got []string
	for _, b := range c.Pools[0].Bounds {
		got = append(got, fmt.Sprintf("%s %d: %s", b.Kind, b.Children, b.Text))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if want := "All pools together may have 14 children, which take 1,200 MiB; left for PHP are 4,000 MiB − 2,000 MiB = 2,000 MiB, enough for 23."; c.Text != want {
		t.Errorf("%s\nwant %s", c.Text, want)
	}
	if p := c.Pools[0]; p.Peak != 7 || p.Rate != 10 || p.Seconds != .7 || p.Usual != .5 || !p.PeakTime.Equal(start.Add(time.Hour)) || p.Full != 1 {
		t.Errorf("%+v", p)
	}
	if caution := c.Pools[0].Caution; !strings.Contains(caution, "10 children are many for 2 processors") || !strings.Contains(caution, "above the 20 of all pools") {
		t.Errorf("caution: %s", caution)
	}
}

// A pool that never used its children gives some up for one that needs them.
func TestPoolsShareTheMemory(t *testing.T) {
	blog := set("blog", "/b.conf", "pm=ondemand", "pm.max_children=14")
	d := newDay(dynamic(4), blog)
	d.serve("shop", 0, 60, 60, .5)
	d.serve("blog", 0, 60, 60, .5)
	d.serve("shop", 60, 3, 600, .7)
	d.full("shop", 61)
	c := d.size(Known{Memory: 1536 << 20, Child: 64 << 20}) // holds 16: 10 and 6
	if shop, blog := c.Pools[0], c.Pools[1]; shop.Verdict != Raise || shop.Children != 10 || blog.Verdict != Lower || blog.Children != 6 {
		t.Errorf("shop %s %d, blog %s %d", shop.Verdict, shop.Children, blog.Verdict, blog.Children)
	}
}

// The children of other pools hold connections to the database whether or not the size of the memory is known.
func TestConnectionsOfAllPools(t *testing.T) {
	d := newDay(dynamic(4), set("blog", "/b.conf", "pm=static", "pm.max_children=6"))
	d.serve("shop", 0, 60, 60, .5)
	d.serve("shop", 60, 3, 600, .7)
	d.full("shop", 61)
	if p := d.size(Known{}).Pools[0]; p.Children != 10 || !strings.Contains(p.Caution, "above the 16 of all pools") {
		t.Errorf("%d children: %s", p.Children, p.Caution)
	}
}

func TestMemoryRanOut(t *testing.T) {
	d := newDay(dynamic(10), set("blog", "/b.conf", "pm=static", "pm.max_children=14"))
	d.serve("shop", 0, 60, 60, .5)
	d.incident("oom_kill_global", "shop", 10, 11)
	c := d.size(Known{Memory: 1536 << 20, Child: 64 << 20}) // holds 16 of 24
	if p := c.Pools[0]; p.Verdict != Lower || p.Children != 6 {
		t.Errorf("%s %d: %s", p.Verdict, p.Children, p.Text)
	}
}

var number = regexp.MustCompile(`max_children(?:\s*[=:]\s*| of pool \S+(?: \(\S+\))?(?: from \d+ to | at |, which is ))(\d+)`)

// A report gives one number for a pool, wherever it speaks of it.
func TestOneNumberForAPool(t *testing.T) {
	for name, fill := range map[string]func(d *day){
		"raise": func(d *day) { d.serve("shop", 60, 3, 600, .7) },
		"mend":  func(d *day) { d.serve("shop", 60, 3, 60, 3) },
		"keep":  func(d *day) { d.serve("shop", 60, 3, 60, .5) },
	} {
		for _, cause := range []string{"fpm_max_children_exhausted", "traffic_spike_uncached", "oom_kill_cgroup"} {
			d := newDay(dynamic(4))
			d.serve("shop", 0, 60, 60, .5)
			d.full("shop", 61)
			fill(d)
			d.incident(cause, "shop", 60, 62)
			d.incident(cause, "shop", 61, 62)
			d.told.Incidents[1].Causes[0].Advice = d.told.Incidents[0].Causes[0].Advice // shared
			p := d.size(Known{Memory: 8 << 30, Child: 64 << 20}).Pools[0]
			for _, in := range d.told.Incidents {
				found := 0
				for _, a := range in.Causes[0].Advice {
					for _, m := range number.FindAllStringSubmatch(a.Text+"\n"+a.Config, -1) {
						found++
						if n, _ := strconv.Atoi(m[1]); n != p.Children && n != 4 || p.Verdict == Raise && n != p.Children {
							t.Errorf("%s, %s: %d in %q, the capacity says %s to %d", name, cause, n, a.Text+a.Config, p.Verdict, p.Children)
						}
					}
				}
				if found == 0 || len(in.Causes[0].Advice) != 2 {
					t.Errorf("%s, %s: %+v", name, cause, in.Causes[0].Advice)
				}
			}
			if first := d.told.Incidents[0].Causes[0].Advice[0].Text == "Measure."; first != (cause != "fpm_max_children_exhausted") {
				t.Errorf("%s: the size of the pool stands at another place", cause)
			}
		}
	}
}

// Of 60 requests a second 10 are served by 3 children: each held one for 0.3 s. The slow log is on and silent, so that is honest work, and
// 60 a second take 18. Where the slow log is off nobody knows.
func TestHeldIsWhatChildrenServe(t *testing.T) {
	for _, c := range []struct {
		slowlog, verdict string
		children         int
	}{{"5s", Raise, 18}, {"0", Unknown, 0}} {
		p := dynamic(3)
		p.Settings = append(p.Settings, correlate.Setting{Name: "request_slowlog_timeout", Value: c.slowlog})
		d := newDay(p)
		d.serve("shop", 0, 60, 60, .01)
		for i := range 30 * 60 {
			r := &parser.Record{
				Pos: parser.Pos{File: "access.log"}, Format: "nginx-access", Status: 502, URI: []byte("/p/"), Vhost: []byte("shop.test"),
				Time: start.Add(time.Hour + time.Duration(i/60)*time.Second),
			}
			if i%6 == 0 {
				r.Status, r.Duration = 200, 3*time.Second
			}
			d.Add(r, nil)
		}
		d.full("shop", 60)
		d.told.Incidents = []report.Incident{{Start: start.Add(time.Hour), End: start.Add(time.Hour + 29*time.Second), Pools: []report.Share{{Name: "shop"}}, Causes: []report.Cause{{ID: "fpm_max_children_exhausted", Confidence: .9}}}}
		if got := d.size(Known{}).Pools[0]; got.Verdict != c.verdict || got.Children != c.children {
			t.Errorf("slow log %s: %s to %d: %s", c.slowlog, got.Verdict, got.Children, got.Text)
		}
	}
}

// PHP-FPM's own access log knows the time of its requests without any waiting; the web server's, without times, how many there were.
func TestOwnAccessLogTells(t *testing.T) {
	for _, c := range []struct {
		took     float64
		verdict  string
		children int
	}{
		{.8, Raise, 14}, // 10 a second × 0.8 s = 8; 8 + 2√8 = 13.66
		{5, Raise, 10},  // slower by far, which is to be mended; ten times as many take 5 + 2√5 at the usual time, too
	} {
		d := newDay(dynamic(4))
		d.serve("shop", 0, 60, 60, -1)
		d.serve("shop", 60, 3, 600, -1)
		for m := range 63 {
			took := .5
			if m >= 60 {
				took = c.took
			}
			for i := range 30 {
				d.Add(&parser.Record{
					Pos: parser.Pos{File: "fpm-access.log"}, Format: "php-fpm-access", Status: 200, Vhost: []byte("shop.test"),
					Time: start.Add(time.Duration(m)*time.Minute + time.Duration(i)*2*time.Second), Duration: time.Duration(took * float64(time.Second)),
				}, nil)
			}
		}
		d.full("shop", 61)
		if p := d.size(Known{}).Pools[0]; p.Verdict != c.verdict || p.Children != c.children {
			t.Errorf("%v s: %s to %d: %s", c.took, p.Verdict, p.Children, p.Text)
		}
	}
}

// Where the pool of an incident is not known, the example of its advice goes: it would be a second number.
func TestExampleGoesWhereNoPoolIsKnown(t *testing.T) {
	d := newDay(dynamic(4))
	d.incident("traffic_spike_uncached", "else", 60, 62)
	d.size(Known{})
	if a := d.told.Incidents[0].Causes[0].Advice; len(a) != 2 || a[1].Text != "Raise it." || a[1].Config != "" {
		t.Errorf("%+v", a)
	}
}

// Whatever the pools: no size is recommended beyond the memory, and each block is one that PHP-FPM starts with.
func TestNeverBeyondTheMemory(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 2))
	for range 3000 {
		m := &memory{total: int64(1+r.IntN(16)) << 30, cpus: 1 + r.IntN(8)}
		m.reserved = m.total / int64(2+r.IntN(4))
		var pools []*pool
		before := int64(0)
		for range 1 + r.IntN(6) {
			p := &pool{settings: settings{manager: []string{"static", "dynamic", "ondemand"}[r.IntN(3)], children: 1 + r.IntN(60), start: r.IntN(20), fewest: r.IntN(20), spares: r.IntN(20)}}
			p.child = size{bytes: int64(16+r.IntN(200)) << 20, upper: r.IntN(3) == 0}
			p.usual, p.worst = r.Float64(), need{rate: 1, once: r.Float64() * 60}
			p.verdict, p.ask = Keep, p.children
			if n := p.worst.children(); n > p.children && r.IntN(2) == 0 {
				p.verdict, p.ask = Raise, n
			}
			before += int64(p.children) * p.child.bytes
			pools = append(pools, p)
		}
		fit(pools, m)
		if after := taken(pools); after > max(before, m.free()) {
			t.Fatalf("takes %d, had %d, memory holds %d", after, before, m.free())
		}
		for _, p := range pools {
			if p.ask < 1 || p.verdict == Raise && (p.ask <= p.children || taken(pools) > m.free()) || p.verdict == Lower && p.ask >= p.children || p.verdict == Keep && p.ask != p.children {
				t.Fatalf("%s from %d to %d; all take %d of %d", p.verdict, p.children, p.ask, taken(pools), m.free())
			}
			if start, least, most := p.spare(); least < 1 || start < least || start > most || most > p.ask {
				t.Fatalf("PHP-FPM refuses start %d, spare %d to %d of %d", start, least, most, p.ask)
			}
		}
	}
}

func TestPHPBytes(t *testing.T) {
	for s, want := range map[string]int64{
		"128M": 128 << 20, "1g": 1 << 30, "65536K": 64 << 20, "134217728": 128 << 20, " 96M ": 96 << 20, "-1": 0, "": 0, "M": 0, "x": 0, "9999999999999G": 0,
	} {
		if got := phpBytes(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}

// Of thousands of pools a report tells of those that matter.
func TestThousandsOfPools(t *testing.T) {
	var pools []correlate.Pool
	for i := range 3000 {
		pools = append(pools, set(fmt.Sprint("p", i), fmt.Sprintf("/opt/cpanel/ea-php82/root/etc/php-fpm.d/p%d.conf", i), "pm=ondemand", "pm.max_children=5"))
	}
	pools[2500] = dynamic(4)
	d := newDay(pools...)
	d.serve("shop", 0, 60, 60, .5)
	d.serve("shop", 60, 3, 600, .7)
	d.full("shop", 61)
	c := d.size(Known{Memory: 1 << 42, Child: 64 << 20})
	at := slices.IndexFunc(c.Pools, func(p report.PoolCapacity) bool { return p.Name == "shop" })
	if len(c.Pools) != maxPools || at != maxPools-1 || c.Pools[at].Verdict != Raise || c.Children != 4+2999*5 {
		t.Errorf("%d pools of %d children, shop the %dth", len(c.Pools), c.Children, at)
	}
	if !strings.Contains(c.Text, "2,500 more pools") {
		t.Error(c.Text)
	}
}
