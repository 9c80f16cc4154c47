package correlate

import (
	"maps"
	"testing"

	"why502/classifier"
)

// A request that nginx and Apache behind it both log is counted once, as nginx answered it, whether or not nginx's log names
// the site.
func TestAnswersCountEachRequestOnce(t *testing.T) {
	part := func(format, vhost, status string, n int, clients ...uint64) Part {
		m := &Mark{About: &About{Format: format, Vhost: vhost, Tag: classifier.Tag("http/" + status)}}
		for _, c := range clients {
			m.Clients.Add(c)
		}
		return Part{m, n}
	}
	for name, c := range map[string]struct {
		parts    []Part
		failures map[string]int
		sites    map[string]int
	}{
		"one server": {
			[]Part{part("nginx-access", "shop", "502", 3, 1, 2), part("nginx-access", "blog", "502", 1, 3), part("nginx-access", "shop", "504", 2, 4)},
			map[string]int{"502": 4, "504": 2},
			map[string]int{"shop": 5, "blog": 1},
		},
		"both name the site": {
			[]Part{part("nginx-access", "shop", "503", 3, 1, 2, 3), part("apache-access", "shop", "503", 3, 9)},
			map[string]int{"503": 3},
			map[string]int{"shop": 3},
		},
		"nginx gave up before Apache answered": {
			[]Part{part("nginx-access", "shop", "504", 3, 1, 2, 3), part("apache-access", "shop", "500", 3, 9)},
			map[string]int{"504": 3},
			map[string]int{"shop": 3},
		},
		"nginx names no site": {
			[]Part{part("nginx-access", "", "503", 13, 1, 2, 3), part("apache-access", "shop", "503", 7, 9), part("apache-access", "blog", "503", 6, 9)},
			map[string]int{"503": 13},
			map[string]int{"shop": 7, "blog": 6, "": 0},
		},
		"nginx names no site and gave up": {
			[]Part{part("nginx-access", "", "504", 4, 1, 2, 3), part("apache-access", "shop", "500", 3, 1, 2)},
			map[string]int{"504": 4},
			map[string]int{"shop": 3, "": 1},
		},
		"Apache has visitors of its own": {
			[]Part{part("nginx-access", "", "502", 4, 1, 2, 3), part("apache-access", "shop", "503", 5, 4, 5, 6)},
			map[string]int{"502": 4, "503": 5},
			map[string]int{"shop": 5, "": 4},
		},
		"nginx's log is short": {
			[]Part{part("nginx-access", "shop", "503", 2, 1, 2, 3), part("apache-access", "shop", "503", 7, 9)},
			map[string]int{"503": 7},
			map[string]int{"shop": 7},
		},
	} {
		t.Run(name, func(t *testing.T) {
			failures, sites := answersOf(c.parts).count()
			if !maps.Equal(failures, c.failures) {
				t.Errorf("failures are %v, want %v", failures, c.failures)
			}
			if !maps.Equal(sites, c.sites) {
				t.Errorf("sites have %v, want %v", sites, c.sites)
			}
		})
	}
}

// A few kinds of pages that fail stand out however few requests are for others, as long as those would have failed too.
func TestScopeOfBusyPages(t *testing.T) {
	shares := []Share{{"/app/", 160}}
	for name, c := range map[string]struct {
		rest Pages
		want bool
	}{
		"others are served":      {Pages{Served: 12}, true},
		"hardly any are asked":   {Pages{Served: 3}, false},
		"others fail as well":    {Pages{Served: 4, Failed: 8}, false},
		"one other fails of ten": {Pages{Served: 9, Failed: 1}, true},
	} {
		pages := []pageSum{{page{"api", "/app/"}, Pages{Served: 2, Failed: 160}}, {page{"api", "/v1/"}, c.rest}}
		if got := sparesOthers(shares, pages); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
