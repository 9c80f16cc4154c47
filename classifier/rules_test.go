package classifier

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"why502/parser"
)

// Every embedded rule says what it means, and its lines prove it.
func TestEmbeddedRules(t *testing.T) {
	for _, r := range Load().All() {
		if r.Why == "" || r.Fix == "" || len(r.Yes) == 0 || len(r.No) == 0 {
			t.Errorf("%s: %s lacks why, fix, yes or no", r.Source, r.Tag)
		}
		if bad := r.checkSamples(); bad != nil {
			t.Errorf("%s: %v", r.Tag, bad)
		}
	}
}

// naive is Classify without its prefilter.
func (rs *Rules) naive(rec *parser.Record) []Tag {
	var tags []Tag
	for _, r := range rs.all {
		if r.matches(rec) {
			tags = append(tags, r.Tag)
		}
	}
	return tags
}

func tagsOf(events []Event) []Tag {
	var tags []Tag
	for _, e := range events {
		tags = append(tags, e.Rule.Tag)
	}
	return tags
}

func equalTags(a, b []Tag) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestPrefilterFindsWhatEveryRuleFinds(t *testing.T) {
	rs := Load()
	n := 0
	for _, r := range rs.All() {
		for _, s := range append(append([]string{}, r.Yes...), r.No...) {
			for rec := range sampleRecords(s, r.Formats) {
				n++
				if got, want := tagsOf(rs.Classify(nil, rec)), rs.naive(rec); !equalTags(got, want) {
					t.Errorf("%s\n got %v\nwant %v", s, got, want)
				}
			}
		}
	}
	if n == 0 {
		t.Error("no sample was read")
	}
}

func FuzzPrefilter(f *testing.F) {
	rs := Load()
	for _, r := range rs.All() {
		for _, l := range r.Literal {
			f.Add(byte(len(l)), "a "+l+" b", 104, "reading upstream")
		}
		for _, errno := range r.Errno[:min(len(r.Errno), len(r.Literal))] {
			for _, phase := range append([]string{"", "closing request"}, commonPhases[:]...) {
				f.Add(byte(0), r.Literal[0], errno, phase)
			}
		}
	}
	f.Fuzz(func(t *testing.T, format byte, message string, errno int, phase string) {
		rec := &parser.Record{
			Format:  parser.Formats[int(format)%len(parser.Formats)].Name,
			Message: []byte(message), Errno: errno, Phase: []byte(phase),
		}
		if got, want := tagsOf(rs.Classify(nil, rec)), rs.naive(rec); !equalTags(got, want) {
			t.Errorf("%q\n got %v\nwant %v", message, got, want)
		}
	})
}

func TestClassifyAllocatesNothing(t *testing.T) {
	rs := Load()
	for name, line := range map[string]string{
		"no tag":                `2026/11/22 10:00:00 [error] 812#812: *14 open() "/var/www/shop/backup.zip" failed (2: No such file or directory), client: 203.0.113.9, server: shop.test, request: "GET /backup.zip HTTP/1.1", host: "shop.test"`,
		"a tag without pattern": `2026/11/22 10:00:00 [error] 812#812: *99 connect() to unix:/run/php/php8.2-fpm.sock failed (11: Resource temporarily unavailable) while connecting to upstream, client: 203.0.113.9, server: shop.test, request: "GET / HTTP/1.1", upstream: "fastcgi://unix:/run/php/php8.2-fpm.sock:", host: "shop.test"`,
		"PHP warning":           `2026/11/22 10:00:00 [error] 812#812: *6 FastCGI sent in stderr: "PHP message: PHP Warning:  Undefined array key "speed" in /var/www/shop/a.php on line 10" while reading response header from upstream, client: 203.0.113.9, server: shop.test, request: "GET / HTTP/1.1", upstream: "fastcgi://unix:/run/php/php8.2-fpm.sock:", host: "shop.test"`,
		"FPM child":             `[22-Nov-2026 10:00:00] WARNING: [pool www] child 1845 exited on signal 9 (SIGKILL) after 12.064120 seconds from start`,
		"slow request":          `[22-Nov-2026 10:00:00] WARNING: [pool www] child 4242, script '/var/www/shop/index.php' (request: "GET /index.php?q=1") executing too slow (5.004321 sec), logging`,
	} {
		events := make([]Event, 0, 8)
		for rec := range sampleRecords(line, nil) {
			if n := testing.AllocsPerRun(100, func() { events = rs.Classify(events[:0], rec) }); n != 0 {
				t.Errorf("%s: %v allocations", name, n)
			}
		}
	}
}

func BenchmarkClassify(b *testing.B) {
	rs := Load()
	for name, line := range map[string]string{
		"none":  `2026/11/22 10:00:00 [error] 812#812: *14 open() "/var/www/shop/backup.zip" failed (2: No such file or directory), client: 203.0.113.9, server: shop.test, request: "GET /backup.zip HTTP/1.1", host: "shop.test"`,
		"queue": `2026/11/22 10:00:00 [error] 812#812: *99 connect() to unix:/run/php/php8.2-fpm.sock failed (11: Resource temporarily unavailable) while connecting to upstream, client: 203.0.113.9, server: shop.test, request: "GET / HTTP/1.1", upstream: "fastcgi://unix:/run/php/php8.2-fpm.sock:", host: "shop.test"`,
		"php":   `2026/11/22 10:00:00 [error] 812#812: *6 FastCGI sent in stderr: "PHP message: PHP Warning:  Undefined array key "speed" in /var/www/shop/wp-content/plugins/old-slider/old-slider.php on line 10; PHP message: PHP Deprecated:  Creation of dynamic property Old_Slider::$speed is deprecated in /var/www/shop/wp-content/plugins/old-slider/old-slider.php on line 10" while reading response header from upstream, client: 203.0.113.9, server: shop.test, request: "GET / HTTP/1.1", upstream: "fastcgi://unix:/run/php/php8.2-fpm.sock:", host: "shop.test"`,
	} {
		b.Run(name, func(b *testing.B) {
			events := make([]Event, 0, 8)
			for rec := range sampleRecords(line, nil) {
				for b.Loop() {
					events = rs.Classify(events[:0], rec)
				}
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		Load()
	}
}

func TestAccessRecordsHaveNoRules(t *testing.T) {
	rec := &parser.Record{Format: "nginx-access", Message: []byte("no live upstreams")}
	if events := Load().Classify(nil, rec); len(events) != 0 {
		t.Errorf("got %v", tagsOf(events))
	}
}

const goodRule = `
- tag: shop/stock-timeout
  formats: [php-error]
  literal: ["StockService: timed out"]
  pattern: 'after (?<seconds>\d+) s'
  yes: ["[22-Nov-2026 10:00:00 UTC] StockService: timed out after 30 s"]
  no: ["[22-Nov-2026 10:00:00 UTC] StockService: up after 30 s"]
`

func TestWith(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.yaml", goodRule+"- tag: shop/bad\n  literal: [abc]\n  patern: x\n")
	write("b.yml", "- tag: nginx/stop\n  literal: [abc]\n")
	write("c.yaml", "- tag: [\n")
	write("notes.txt", "not a rule")
	base := Load()
	rs, refusals, err := base.With(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range refusals {
		got = append(got, strings.ReplaceAll(r.Error(), dir+string(filepath.Separator), ""))
	}
	want := []string{
		`a.yaml:10: unknown key "patern" in a rule`,
		"c.yaml:1: did not find expected node content",
		"b.yml:1: the tag nginx/stop is taken by the rule at " + base.Find("nginx/stop").Source,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(rs.All()) != len(base.All())+1 {
		t.Errorf("%d rules, want one more than %d", len(rs.All()), len(base.All()))
	}
	for rec := range sampleRecords(`[22-Nov-2026 10:00:00 UTC] StockService: timed out after 30 s`, nil) {
		events := rs.Classify(nil, rec)
		if len(events) != 1 || events[0].Rule != rs.Find("shop/stock-timeout") || string(events[0].Attr("seconds")) != "30" {
			t.Errorf("got %+v", events)
		}
		if events := base.Classify(nil, rec); len(events) != 0 {
			t.Errorf("the base set knows the added rule: %v", tagsOf(events))
		}
	}
	if _, _, err := base.With(filepath.Join(dir, "missing")); err == nil {
		t.Error("a missing folder gave no error")
	}
	if _, _, err := base.With(t.TempDir()); err == nil {
		t.Error("a folder without rules gave no error")
	}
}

func TestSlowPatternIsSwitchedOff(t *testing.T) {
	rules, refusals := decode("x.yaml", []byte(`[{tag: a/slow, literal: [aaa], pattern: '^(a+a+)+$'}, {tag: a/quick, literal: [aaa]}]`))
	if len(refusals) > 0 {
		t.Fatal(refusals[0])
	}
	rs, _ := assemble(nil, rules)
	rec := &parser.Record{Format: parser.Formats[0].Name, Message: []byte(strings.Repeat("a", 60) + "b")}
	if off := rs.SwitchedOff(); len(off) != 0 {
		t.Fatalf("off before it began: %v", off[0].Tag)
	}
	for range maxTimeouts {
		if got := tagsOf(rs.Classify(nil, rec)); !equalTags(got, []Tag{"a/quick"}) {
			t.Errorf("got %v", got)
		}
	}
	if off := rs.SwitchedOff(); len(off) != 1 || off[0].Tag != "a/slow" {
		t.Fatalf("switched off: %v", off)
	}
	began := time.Now()
	for range 100 {
		rs.Classify(nil, rec)
	}
	if took := time.Since(began); took > matchTimeout {
		t.Errorf("a rule that is off took %v", took)
	}
}
