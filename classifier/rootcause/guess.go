package rootcause

import (
	"cmp"
	"math"
	"slices"
)

// alike lists by the status that visitors got what mostly brings it about, most of it at PHP: of that, an access log without any other
// shows the shape alone. 504 has a cause of its own there: a timeout.
var alike = map[string][]string{
	"500": {"php_fatal_or_memory_limit", "db_unavailable", "rewrite_or_htaccess_error"},
	"502": {
		"fpm_down_or_failed_start", "fpm_restart_or_reload", "fpm_socket_missing", "fpm_socket_permission", "php_segfault",
		"upstream_header_too_big", "malformed_response_header", "upstream_backend_down",
	},
	"503": {"fpm_down_or_failed_start", "fpm_restart_or_reload", "apache_max_request_workers"},
}

// guessCap is the most confidence in what only its shape speaks for: below what anybody should act on.
const guessCap = .3

// guesses are causes of an incident that no line explains, where the logs that would show them were not supplied:
//
//	192.0.2.7 - - [22/Nov/2026:18:00:27 +0000] "GET /cart/ HTTP/1.1" 500 2047
//
// They are weighed by the shape of the incident (which pages, which sites, whether any was served meanwhile), stand there with little
// confidence and without remedies, and name the log that would tell.
func (s *scene) guesses() []*Hypothesis {
	if s.in.Isolated || s.in.Unseen {
		return nil // too little to have a shape
	}
	status, most := "", 0
	for k, n := range s.in.Failures {
		if n > most || n == most && k < status {
			status, most = k, n
		}
	}
	if status != "500" && s.logs.has(WebError) {
		return nil // it would have said how it failed
	}
	var may []*Hypothesis
	sum := 0.0
	for _, id := range alike[status] {
		c := Lookup(id)
		log := s.untold(c)
		if log == "" {
			continue
		}
		h := s.score(s.hidden(c), nil)
		if len(h.For) == 0 {
			continue
		}
		h.Hidden = log
		sum += math.Exp(h.Score)
		may = append(may, h)
	}
	const unknown = 1 // its score is 0
	for _, h := range may {
		h.Confidence = math.Round(min(guessCap, math.Exp(h.Score)/(unknown+sum))*100) / 100
	}
	slices.SortStableFunc(may, func(a, b *Hypothesis) int { return cmp.Compare(b.Score, a.Score) })
	may = slices.DeleteFunc(may, func(h *Hypothesis) bool { return h.Confidence < leastPossible })
	return may[:min(len(may), mostPossible)]
}
