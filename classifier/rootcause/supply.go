package rootcause

import (
	"path"
	"slices"
	"strings"
	"time"

	"why502/classifier/correlate"
)

// formatLog says which kind of log a format is.
var formatLog = map[string]Log{
	"nginx-error": WebError, "apache-error": WebError, "nginx-access": Access, "apache-access": Access,
	"php-fpm": FPMLog, "php-slow": SlowLog, "php-error": PHPError, "monolog": PHPError, "kernel": KernelLog, "systemd": Systemd, "syslog": Systemd,
	"mysql-error": DBLog, "mysql-slow": DBSlow, "modsec-audit": WAFLog, "cloudflare": EdgeLog, "litespeed-error": WebError,
	"audit": AuditLog, "gunicorn": BackendLog, "uwsgi": BackendLog, "ruby": BackendLog, "app-console": BackendLog, "supervisor": Systemd,
	"caddy": WebError, "traefik": WebError, "haproxy": WebError, "lighttpd": WebError, "aws-alb": Access, "envoy": Access, "heroku": Access,
}

// supply says which kinds of logs there are, and when of which site. Incidents are many, and so may be the files.
type supply struct {
	web   map[Log]map[string]*correlate.Spans // by site; "" for logs of several
	every map[Log]*correlate.Spans            // web logs of all sites
	since map[Log]time.Time                   // when the first of the others begins
	empty bool                                // an empty slow log is there
	servers
	back []*correlate.Source // error logs of servers that may stand behind another, by their beginnings
}

// logs are the kinds of logs that bear on an incident.
type logs []Log

func (l logs) has(kind Log) bool { return slices.Contains(l, kind) }

func newSupply(sources []*correlate.Source) supply {
	l := supply{servers: serversOf(sources), web: map[Log]map[string]*correlate.Spans{}, every: map[Log]*correlate.Spans{}, since: map[Log]time.Time{}}
	for _, src := range sources {
		if src.Records == 0 && src.Bytes == 0 && src.Error == "" && strings.Contains(path.Base(src.Path), "slow") {
			l.empty = true
		}
		for _, format := range src.Older {
			switch kind := formatLog[format]; kind {
			case "", WebError, Access, EdgeLog: // these reach into an incident, or do not tell of it
			default:
				l.since[kind] = time.Time{}
			}
		}
		for _, k := range src.Kinds {
			format := k.Format
			if format == "apache-error" || format == "litespeed-error" {
				l.back = append(l.back, src)
			}
			switch kind := formatLog[format]; kind {
			case "":
			case WebError, Access, EdgeLog:
				if l.web[kind] == nil {
					l.web[kind], l.every[kind] = map[string]*correlate.Spans{}, &correlate.Spans{}
				}
				if l.web[kind][src.Vhost] == nil {
					l.web[kind][src.Vhost] = &correlate.Spans{}
				}
				l.web[kind][src.Vhost].Add(src.From, src.To)
				l.every[kind].Add(src.From, src.To)
			default:
				if first, ok := l.since[kind]; !ok || src.From.Before(first) {
					l.since[kind] = src.From
				}
			}
		}
	}
	slices.SortStableFunc(l.back, func(a, b *correlate.Source) int { return a.From.Compare(b.From) })
	return l
}

// behind says whether there is the error log of an HTTP server behind the one whose lines make the incident.
func (l *supply) behind(in *correlate.Incident, to time.Time) bool {
	var front []string // the logs that these lines stand in
	for _, src := range l.back {
		if src.From.After(to) {
			break
		}
		if front == nil {
			for _, m := range in.Marks {
				if !slices.Contains(front, m.File) {
					front = append(front, m.File)
				}
			}
		}
		if !slices.Contains(front, src.Path) {
			return true
		}
	}
	return false
}

// about says which kinds of logs cover an incident. Web logs must reach into it, and not be another site's. The others are
// written only when something happens: one that began before the incident's end covers it, and was silent.
func (l *supply) about(in *correlate.Incident) logs {
	var found [16]Log // few, and as many sets as there are incidents
	has := found[:0]
	from, to := in.Start.Add(-minute), in.End.Add(minute)
	for kind, sites := range l.web {
		meets := len(in.Vhosts) == 0 && l.every[kind].Meet(from, to) || sites[""].Meet(from, to)
		for i := 0; !meets && i < len(in.Vhosts); i++ {
			meets = sites[in.Vhosts[i].Name].Meet(from, to)
		}
		if meets {
			has = append(has, kind)
		}
	}
	for kind, first := range l.since {
		if !first.After(to) {
			has = append(has, kind)
		}
	}
	if l.behind(in, to) {
		has = append(has, BackendLog)
	}
	if l.empty && !logs(has).has(SlowLog) {
		has = append(has, SlowLog) // it had nothing to say
	}
	return slices.Clone(has)
}
