package rootcause

import (
	"slices"
	"strings"
	"testing"
	"time"

	"why502/classifier/correlate"
)

func at(sec int) time.Time { return time.Unix(1_795_370_000+int64(sec), 0).UTC() }

// A mark counts fully inside the lag, half after each half-life before it, and hardly at all once the incident is over.
func TestLagFit(t *testing.T) {
	in := &correlate.Incident{Start: at(100), End: at(120)}
	lag := Lag{-10 * time.Second, 5 * time.Second, 10 * time.Second}
	for _, c := range []struct {
		sec  int
		want float64
	}{
		{100, 1},
		{90, 1},
		{125, 1}, // within [start-10, end+5]
		{80, .5},
		{70, .25},
		{127, .5},
		{129, .25}, // behind the end the half-life is two seconds at most
		{40, 0},
		{134, 0},
	} {
		if got := lag.fit(in, &correlate.Mark{First: at(c.sec), Last: at(c.sec)}); got != c.want {
			t.Errorf("a mark at %+d s: fit %v, want %v", c.sec-100, got, c.want)
		}
	}
}

func TestTemplate(t *testing.T) {
	values := map[string]string{"vhosts": "shop.example", "pools": "", "n": "3"}
	for in, want := range map[string]string{
		"Pages[ of {vhosts}] failed":             "Pages of shop.example failed",
		"Children[ of pool {pools}] were busy":   "Children were busy",
		"{n} requests[ to {vhosts}][ ({pools})]": "3 requests to shop.example",
		"an open [bracket":                       "an open [bracket",
		"a stray } and {":                        "a stray } and {",
	} {
		if got := template(in, values); got != want {
			t.Errorf("template(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSingular(t *testing.T) {
	for in, want := range map[string]string{
		"1 children crashed (signal 11)":           "1 child crashed (signal 11)",
		"1 connections to the socket were denied":  "1 connection to the socket was denied",
		"1 slow-log entries wait in a call":        "1 slow-log entry waits in a call",
		"the kernel saw 1 crashes of PHP":          "the kernel saw 1 crash of PHP",
		"pool www reached its limit of 1 children": "pool www reached its limit of 1 child",
		"the table was full (1 reports)":           "the table was full (1 report)",
		"it could not write 1 times: no space":     "it could not write 1 time: no space",
		"the database logged 1 slow queries":       "the database logged 1 slow query",
		"client 203.0.113.1 made 7 of 9":           "client 203.0.113.1 made 7 of 9",
		"nothing to count":                         "nothing to count",
	} {
		if got := singular(in); got != want {
			t.Errorf("singular(%q) = %q, want %q", in, got, want)
		}
	}
}

// What a clue says of many it must be able to say of one.
func TestSingularOfCatalogue(t *testing.T) {
	for _, c := range Catalogue {
		for _, clue := range slices.Concat(c.Needs, c.For, c.Against) {
			if one := strings.ReplaceAll(clue.Text, "{n}", "1"); one != clue.Text && singular(one) == one {
				t.Errorf("%s: nouns lacks the word for one in %q", c.ID, clue.Text)
			}
		}
	}
}

// hypothesis makes one with a score by its evidence.
func hypothesis(id string, kind Kind, base float64, explains ...string) *Hypothesis {
	return &Hypothesis{
		Cause: &Cause{ID: id, Kind: kind, Prior: .05, Explains: explains}, Role: kind, base: base, Score: base,
		For: []Finding{{Weight: Strong}},
	}
}

// A root takes over its mechanism, whatever the mechanism scored; it ranks right behind it.
func TestExplainAway(t *testing.T) {
	slow := hypothesis("slow", Root, 1, "full")
	full := hypothesis("full", Root, 4)
	other := hypothesis("other", Root, 3)
	all := []*Hypothesis{full, other, slow}
	explainAway(all)
	got := rank(all)
	if got[0] != slow || got[1] != full || got[2] != other {
		t.Errorf("ranked %s, %s, %s", got[0].Cause.ID, got[1].Cause.ID, got[2].Cause.ID)
	}
	if full.Role != Mechanism || full.Root() != slow {
		t.Errorf("the mechanism is a %s of %s", full.Role, full.Root().Cause.ID)
	}
}

// One that stands on a coincidence explains nothing.
func TestWeakRootsExplainNothing(t *testing.T) {
	weak := hypothesis("weak", Root, -2, "full")
	vague := hypothesis("vague", Root, 1, "full")
	vague.For = []Finding{{Weight: Weak}}
	full := hypothesis("full", Root, 4)
	all := []*Hypothesis{full, weak, vague}
	explainAway(all)
	if full.Root() != full || rank(all)[0] != full {
		t.Errorf("explained by %s", full.Root().Cause.ID)
	}
}

// Of two roots that explain one mechanism the better one does; both keep their places.
func TestBetterRootExplains(t *testing.T) {
	a, b := hypothesis("a", Root, 2, "m"), hypothesis("b", Root, 3, "m")
	m := hypothesis("m", Mechanism, 5)
	explainAway([]*Hypothesis{m, a, b})
	if m.Root() != b {
		t.Errorf("explained by %s, want b", m.Root().Cause.ID)
	}
}

func TestSeries(t *testing.T) {
	for in, want := range map[string]string{
		"var/log/php8.2-fpm.log":             "var/log/php8.2-fpm.log",
		"var/log/php8.2-fpm.log.1":           "var/log/php8.2-fpm.log",
		"var/log/php8.2-fpm.log.2.gz":        "var/log/php8.2-fpm.log",
		"var/log/php-fpm/error.log-20261122": "var/log/php-fpm/error.log",
		"stdin":                              "stdin",
		"fpm8":                               "fpm8",
	} {
		if got := series(in); got != want {
			t.Errorf("series(%q) = %q, want %q", in, got, want)
		}
	}
}
