package correlate

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// namePattern is a server_name that stands for many hosts: "*.shop.test", "shop.*", "~^(www\.)?shop\d+\.test$".
type namePattern struct {
	pattern string
	match   *regexp.Regexp // nil: it has a star
	site    *Site
}

// maxPatterns bounds what is tried for a host that no name is of.
const maxPatterns = 1000

// pattern notes a name of many hosts. A regular expression that Go does not know (nginx has PCRE) is left out.
func (w *wiring) pattern(p string, s *Site) {
	n := namePattern{pattern: strings.ToLower(p), site: s}
	if expr, ok := strings.CutPrefix(p, "~"); ok {
		re, err := regexp.Compile("(?i)" + strings.TrimPrefix(expr, "*"))
		if err != nil {
			return
		}
		n.match = re
	}
	if len(w.patterns) < maxPatterns {
		w.patterns = append(w.patterns, n)
	}
}

// sortPatterns puts them in the order in which nginx tries them: the longest with a star in front, the longest with one
// at the end, then regular expressions as they come.
func (w *wiring) sortPatterns() {
	rank := func(n namePattern) int {
		switch {
		case n.match != nil:
			return 2
		case strings.HasSuffix(n.pattern, "*"):
			return 1
		}
		return 0
	}
	slices.SortStableFunc(w.patterns, func(a, b namePattern) int {
		if d := cmp.Compare(rank(a), rank(b)); d != 0 || rank(a) == 2 {
			return d
		}
		return cmp.Compare(len(b.pattern), len(a.pattern))
	})
}

// site is the one that a host belongs to, nil if none is known.
func (w *wiring) site(host string) *Site {
	if s := w.sites[host]; s != nil || host == "" {
		return s
	}
	for _, n := range w.patterns {
		before, after, star := strings.Cut(n.pattern, "*")
		switch {
		case n.match != nil:
			if n.match.MatchString(host) {
				return n.site
			}
		case star && len(host) > len(before)+len(after) && strings.HasPrefix(host, before) && strings.HasSuffix(host, after):
			return n.site
		}
	}
	return nil
}
