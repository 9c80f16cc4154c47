package rootcause

import (
	"cmp"
	"slices"
	"strings"

	"why502/classifier/correlate"
)

// otherPHP is how PHP shows that does not run under PHP-FPM, which alone has a slow log.
var otherPHP = tags{"apache/lsphp-limit", "apache/fcgid-slots", "apache/lsapi-timeout", "apache/fcgid-timeout", "apache/fcgid-reset", "apache/fcgid-failed", "apache/cgi-failed", "apache/lsphp-crashed"}

// remedies are a cause's, each with what is set now, if the configuration is known: "raise the limit" says little to
// who does not know what it is.
func (s *scene) remedies(h *Hypothesis) []Step {
	app, proxied := s.app()
	steps := slices.DeleteFunc(slices.Clone(h.Cause.Fix), func(step Step) bool {
		if app && !step.App && slices.ContainsFunc(h.Cause.Fix, func(own Step) bool { return own.App && own.Text == step.Text }) {
			return true
		}
		return step.Where != nil && !h.has(step.Where) || h.has(step.Except) || step.Sizes && h.slower() || step.PHP && app || step.App && !app
	})
	if proxied {
		slices.SortStableFunc(steps, func(a, b Step) int { return cmp.Compare(phpLast(a), phpLast(b)) })
	}
	if h.has(tags{HTTPOnly}) {
		steps = slices.DeleteFunc(steps, func(step Step) bool { return sets(step.Config, "request_slowlog_timeout") })
	} else if !s.logs.has(SlowLog) && s.open(h) && !h.has(otherPHP) && !proxied {
		if i := slices.IndexFunc(steps, func(step Step) bool { return sets(step.Config, "request_slowlog_timeout") }); i > 0 {
			find := steps[i] // out what it is, before anything is raised
			steps = slices.Insert(slices.Delete(steps, i, i+1), 0, find)
		}
	}
	steps = s.servers.say(steps)
	inForce := s.t.Settings(s.in)
	if len(inForce) == 0 {
		return steps
	}
	pools := s.t.PoolsOf(s.in)
	steps = slices.DeleteFunc(steps, func(step Step) bool { return step.Unless != "" && allOn(pools, step.Unless) })
	for i := range steps {
		if now := current(steps[i].Config, inForce); now != "" {
			steps[i].Text = strings.TrimSpace(steps[i].Text) + " Now: " + now + "."
		}
		steps[i].Config = startable(nested(steps[i].Config, inForce), inForce)
	}
	return steps
}

func phpLast(s Step) int {
	if s.PHP {
		return 1
	}
	return 0
}

// allOn says whether each of the pools has a timeout on; without any it is not known.
func allOn(pools []*correlate.Pool, timeout string) bool {
	return len(pools) > 0 && !slices.ContainsFunc(pools, func(p *correlate.Pool) bool {
		set := p.Get(timeout)
		return set.Value == "" || off(set.Name, set.Value)
	})
}

// maxShown bounds the settings one remedy names: an incident may span many sites.
const maxShown = 6

// current lists what is set of the directives that a piece of configuration sets:
//
//	pm = dynamic, pm.max_children = 5 in pool shop (/etc/php/8.2/fpm/pool.d/shop.conf)
func current(config string, inForce []correlate.InForce) string {
	var out []string
	var last correlate.InForce
	for _, f := range inForce {
		if !sets(config, f.Name) {
			continue
		}
		if len(out) == maxShown {
			return strings.Join(append(out, "and more"), ", ")
		}
		text := f.Name + " = " + f.Value
		if f.Pool == "" && !strings.Contains(f.Place, ".cnf:") { // of a web server
			text = f.Name + " " + f.Value
		}
		switch {
		case f.Name == "pm" && f.Value == "static":
			text += " (PHP-FPM never warns that a static pool is full)"
		case off(f.Name, f.Value):
			text += " (off)"
		}
		if n := len(out); n > 0 && f.Pool == last.Pool && f.Site == last.Site && f.Place == last.Place {
			out[n-1] = strings.TrimSuffix(out[n-1], where(last)) + ", " + text + where(f)
		} else {
			out = append(out, text+where(f))
		}
		last = f
	}
	return strings.Join(out, "; ")
}

func where(f correlate.InForce) string {
	switch {
	case f.Pool != "":
		return " in pool " + f.Pool + " (" + f.Place + ")"
	case f.Site != "":
		return " for " + f.Site + " (" + f.Place + ")"
	}
	return " (" + f.Place + ")"
}

// sets says whether a line of configuration, or a statement within one, begins with a directive, or sets what php.ini calls so.
func sets(config, name string) bool {
	for line := range strings.FieldsFuncSeq(config, func(r rune) bool { return r == '\n' || r == ';' || r == '{' || r == '}' }) {
		line = strings.TrimSpace(line)
		if inner, ok := strings.CutPrefix(line, "php_admin_value["); ok && !strings.HasPrefix(name, "php_") {
			line = strings.Replace(inner, "]", "", 1)
		}
		if rest, ok := strings.CutPrefix(line, name); ok && (rest == "" || rest[0] == ' ' || rest[0] == '=') {
			return true
		}
	}
	return false
}

// silent names the pools of the incident whose slow log the configuration leaves off, and the file of the first.
func (s *scene) silent() (pools []string, place string) {
	for _, p := range s.t.PoolsOf(s.in) {
		timeout := p.Get("request_slowlog_timeout")
		if !off(timeout.Name, timeout.Value) {
			continue
		}
		pools = append(pools, p.Name)
		if place == "" {
			place = timeout.Place
		}
	}
	return pools, place
}

// off says whether a timeout of PHP-FPM is 0, which means none.
func off(name, value string) bool {
	return strings.HasPrefix(name, "request_") && value != "" && strings.Trim(value, "0smhd ") == ""
}

// explainSilence says in the entry of the slow log that it is off where it would be needed. It stands there even if
// the slow log of another pool was supplied.
func (s *scene) explainSilence(list []Missing, wanted bool) []Missing {
	pools, place := s.silent()
	if len(pools) == 0 {
		return list
	}
	why := "request_slowlog_timeout is off in pool " + strings.Join(pools, ", ") + " (" + place + "): "
	i := slices.IndexFunc(list, func(m Missing) bool { return m.Log == SlowLog })
	switch {
	case i >= 0:
		list[i].Why = why + list[i].Why
	case wanted:
		list = append(list, Missing{SlowLog, why + "nothing tells what its requests wait for", howToGet[SlowLog]})
	}
	return list
}
