package rootcause

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"why502/classifier"
	"why502/classifier/correlate"
)

var snake = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

func TestCatalogueIsWhole(t *testing.T) {
	seen := map[string]bool{}
	kinds := []Kind{Root, Mechanism, Consequence, Benign}
	last := 0
	for _, c := range Catalogue {
		if !snake.MatchString(c.ID) {
			t.Errorf("%q: an id is lower_snake_case", c.ID)
		}
		if seen[c.ID] {
			t.Errorf("%s: listed twice", c.ID)
		}
		seen[c.ID] = true
		if c.Title == "" || c.Doc == "" || c.Summary == "" || len(c.Verify) == 0 || len(c.Sources) == 0 {
			t.Errorf("%s: Title, Doc, Summary, Verify and Sources must be given", c.ID)
		}
		if !slices.Contains(layers, c.Layer) {
			t.Errorf("%s: unknown layer %q", c.ID, c.Layer)
		}
		k := slices.Index(kinds, c.Kind)
		if k < last {
			t.Errorf("%s: a %s after a %s; roots come first, then mechanisms, consequences, benign look-alikes", c.ID, c.Kind, kinds[last])
		}
		last = max(last, k)
		if c.Kind != Benign && (c.Prior <= 0 || c.Prior >= 1) {
			t.Errorf("%s: prior %v", c.ID, c.Prior)
		}
		if c.Kind == Mechanism && (c.Cap == 0 || c.Cap > .5) {
			t.Errorf("%s: a mechanism alone is never more than .5 sure, but its Cap is %v", c.ID, c.Cap)
		}
		if c.Kind == Consequence && (c.Cap == 0 || c.Cap > .4) {
			t.Errorf("%s: a consequence alone is never more than .4 sure, but its Cap is %v", c.ID, c.Cap)
		}
		if c.Kind == Root {
			if len(c.Needs) == 0 {
				t.Errorf("%s: a root needs evidence", c.ID)
			}
			if !slices.ContainsFunc(c.Fix, func(s Step) bool { return s.Config != "" }) {
				t.Errorf("%s: a root needs a remedy with the exact directive", c.ID)
			}
		}
		for _, s := range c.Fix {
			if s.Text == "" {
				t.Errorf("%s: a remedy without text", c.ID)
			}
		}
	}
}

func TestClues(t *testing.T) {
	rules := classifier.Load()
	facts := map[classifier.Tag]bool{}
	for _, f := range factTable {
		facts[f.tag] = true
	}
	made := map[classifier.Tag]bool{
		correlate.SlowHTTP: true, correlate.SlowDB: true, correlate.SlowSession: true,
		correlate.SlowCache: true, correlate.SlowFile: true, correlate.SlowCode: true,
	}
	for _, c := range Catalogue {
		for name, list := range map[string][]Clue{"Needs": c.Needs, "For": c.For, "Against": c.Against} {
			for _, clue := range list {
				where := fmt.Sprintf("%s: %s %v", c.ID, name, clue.Tags)
				if clue.Weight <= 0 || clue.Text == "" || len(clue.Tags) == 0 {
					t.Errorf("%s: tags, a weight above 0 and a text must be given", where)
				}
				if l := clue.Lag; l != (Lag{}) && (l.Half <= 0 || l.Lo > l.Hi) {
					t.Errorf("%s: lag %v", where, l)
				}
				for _, tag := range clue.Tags {
					area, rest, _ := strings.Cut(string(tag), "/")
					known := facts[tag] || made[tag] || rules.Find(tag) != nil
					if n, err := strconv.Atoi(rest); area == "http" {
						known = err == nil && n >= 400 && n < 600
					}
					if !known {
						t.Errorf("%s: nothing makes the tag %s", where, tag)
					}
				}
			}
		}
	}
}

// A text is filled in from what is known; a misspelt name would reach the reader.
func TestPlaceholders(t *testing.T) {
	hole := regexp.MustCompile(`\{[a-z]*\}`)
	for _, c := range Catalogue {
		for _, h := range hole.FindAllString(c.Summary, -1) {
			if !slices.Contains([]string{"{culprit}", "{pools}", "{vhosts}", "{upstreams}", "{pages}", "{n}", "{number}"}, h) {
				t.Errorf("%s: unknown name %s in the summary", c.ID, h)
			}
		}
		if plain := regexp.MustCompile(`\[[^\]]*\]`).ReplaceAllString(c.Summary, ""); hole.MatchString(plain) || strings.Contains(plain, "  ") || strings.Contains(plain, " ,") || strings.Contains(plain, " .") || !strings.HasSuffix(plain, ".") {
			t.Errorf("%s: without names the summary reads badly: %q", c.ID, plain)
		}
		for _, clue := range clues(c.Needs, c.For, c.Against) {
			for _, h := range hole.FindAllString(clue.Text, -1) {
				if !slices.Contains([]string{"{n}", "{number}", "{pool}"}, h) {
					t.Errorf("%s: unknown name %s in %q", c.ID, h, clue.Text)
				}
			}
		}
	}
}

// Explaining must end: a cycle would make each the cause of the other.
func TestExplainsHasNoCycles(t *testing.T) {
	const visiting, done = 1, 2
	state := map[string]int{}
	var visit func(id string, path []string)
	visit = func(id string, path []string) {
		switch state[id] {
		case visiting:
			t.Errorf("cycle: %s", strings.Join(append(path, id), " > "))
			return
		case done:
			return
		}
		state[id] = visiting
		c := Lookup(id)
		if c == nil {
			t.Errorf("%s explains %s, which does not exist", path[len(path)-1], id)
			return
		}
		for _, e := range c.Explains {
			visit(e, append(path, id))
		}
		state[id] = done
	}
	for _, c := range Catalogue {
		visit(c.ID, nil)
		if c.Kind == Benign && len(c.Explains) > 0 {
			t.Errorf("%s: what is benign explains nothing", c.ID)
		}
	}
}

// What may lie behind a verdict is a root, and there is something to name wherever a verdict waits for a log.
func TestBehind(t *testing.T) {
	for _, c := range Catalogue {
		for _, id := range c.Behind {
			if o := Lookup(id); o == nil || o.Kind != Root {
				t.Errorf("%s: behind it may lie %s, which is no root", c.ID, id)
			}
		}
		if len(c.Blind) > 0 && len(c.Behind) == 0 {
			t.Errorf("%s needs a log to rule out its rivals, and names none", c.ID)
		}
	}
}

var (
	slowlog   = regexp.MustCompile(`request_slowlog_timeout = (\d+)s`)
	terminate = regexp.MustCompile(`request_terminate_timeout = (\d+)s`)
	readLimit = regexp.MustCompile(`(?:fastcgi|proxy)_read_timeout (\d+)s`)
)

// Remedies must not break each other: PHP-FPM refuses a slow log after the end, and an end after nginx gave up is none.
func TestTimeoutsAreInOrder(t *testing.T) {
	const nginxDefault = 60
	checked := 0
	for _, c := range Catalogue {
		for _, s := range c.Fix {
			slow, end, read := numbers(slowlog, s.Config), numbers(terminate, s.Config), numbers(readLimit, s.Config)
			if len(read) == 0 {
				read = []int{nginxDefault}
			}
			if len(end) == 0 {
				end = []int{slices.Min(read) - 1}
			}
			if len(slow) > 0 && slices.Max(slow) >= slices.Min(end) || slices.Max(end) >= slices.Min(read) {
				t.Errorf("%s: %q: slow log < request_terminate_timeout < read timeout does not hold", c.ID, s.Config)
			}
			checked += len(slow)
		}
	}
	if checked == 0 {
		t.Error("no slow-log timeout anywhere: the pattern is wrong")
	}
}

func numbers(re *regexp.Regexp, s string) (all []int) {
	for _, m := range re.FindAllStringSubmatch(s, -1) {
		n, _ := strconv.Atoi(m[1])
		all = append(all, n)
	}
	return all
}

// Advice that helps for a minute and hurts for years.
func TestNoHarmfulAdvice(t *testing.T) {
	for _, c := range Catalogue {
		for _, s := range c.Fix {
			for _, bad := range []string{"0666", "0777", "chmod 777", "setenforce 0", "SELINUX=disabled", "tcp_tw_recycle", "SecRuleEngine Off"} {
				if strings.Contains(s.Config, bad) {
					t.Errorf("%s: %q advises %s", c.ID, s.Config, bad)
				}
			}
		}
	}
}

func TestWantsAddUp(t *testing.T) {
	for _, c := range Catalogue {
		sum := 0.0
		for _, w := range c.wants() {
			sum += w.Weight
			if w.Why == "" || howToGet[w.Log] == "" {
				t.Errorf("%s: %s: why it is wanted and how to get it must be said", c.ID, w.Log)
			}
		}
		if sum < .99 || sum > 1.01 {
			t.Errorf("%s: weights of its logs add up to %v", c.ID, sum)
		}
	}
}

// unclaimed lists the failures that no cause asks for by their tag: PHP-FPM's start is judged by facts, and the others are
// rare enough to be reported as they stand.
var unclaimed = []classifier.Tag{
	"phpfpm/start-failed", "phpfpm/config-error", // FPMStartFailed
	"kernel/oom-kill-global", "kernel/oom-kill-cgroup", // OOMGlobal, OOMCgroup: only victims of the web stack count
	"nginx/zone-full", "nginx/thread-pool", "nginx/request-unsendable", "apache/balancer-lock",
	"nginx/config-error", "apache/parent-failed", // WebRefused
}

// A failure whose tag opens no gate would be an incident without a single explanation.
func TestFailuresHaveCauses(t *testing.T) {
	rules := classifier.Load()
	claimed := map[classifier.Tag]bool{}
	for _, c := range Catalogue {
		if c.Kind == Benign {
			continue
		}
		for _, need := range c.Needs {
			for _, tag := range need.Tags {
				claimed[tag] = true
			}
		}
	}
	for _, r := range rules.All() {
		if harmful := r.Harm != "" || r.Signal; harmful && !claimed[r.Tag] && !slices.Contains(unclaimed, r.Tag) {
			t.Errorf("%s: no cause needs it", r.Tag)
		}
	}
	for _, tag := range unclaimed {
		if claimed[tag] {
			t.Errorf("%s: a cause needs it; strike it off the list", tag)
		}
	}
}
