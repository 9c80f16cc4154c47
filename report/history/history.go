// Package history remembers what the days before brought, and says how a day differs from them and what comes again.
//
// Facts are the memory. They are kept in one small file of JSON lines (Decode, Encode), sorted, so that equal facts are equal
// bytes:
//
//	{"why502":"days","version":1,"timezone":"Europe/Berlin"}
//	{"day":"2026-11-22","host":"web1","through":7,"base":{…},"runs":{"8":{…}}}
//	{"host":"web1","incident":{"id":"20261122-180257-41ac","run":8,…}}
//	{"lines":3,"crc32":"9a3f01c2"}
//
// A day is one of the zone in the first line; it is written "2026-11-22" and may have 23 or 25 hours. Moments are seconds since
// 1970. A line with "day" holds what was counted on one host: "runs" by the run that read the lines, "base" all runs up to
// "through" summed. In them:
//
//	read                      lines that the run read, whatever their day
//	lines records unparsed    of logs whose last entry, as the run read them, lies on the day
//	requests                  lines of access logs, by format: nginx before Apache logs a request twice
//	tags                      lines with a tag
//	slow, culprits            slow-log entries, and whom their innermost frames name ("plugin:name")
//	covered                   pairs of moments between which a web log was read, or any log where there is no web log
//	folded                    incidents that were too many to be kept one by one: their sums, and the hashes of their ids
//
// A line with "incident" holds one incident as the run "run" knew it: times, failures by day and status, the verdict, names, and
// in "after" what came just before. "gone" is one that a later run no longer found. Of more than 200 names of a kind, 30 of one
// incident, the rest is counted under "(other)".
//
// # What holds
//
// Lines of different runs are added up. A run that is made again, because it ended before its marks were on disk, takes the place of
// its first reading; a base stands for every run up to its through. An incident is known by host and id, and what the later run
// says of it holds.
//
// Facts of days in another zone are not read (*ZoneError), nor are those of a newer version (*VersionError), and a file that was cut or
// changed is told from a whole one (*DamagedError).
//
// # Use
//
// A run reads the facts (Decode), settles the runs before it (Settle), counts what it read before it joins that to what was left
// open (Count), and puts it with its concluded report on record (Take). Then they tell how the day was (Compare) and what has come
// before (Recur), and are written again (Encode), without days that are too old (Keep).
package history

import (
	"slices"
	"time"
)

// Facts are what is remembered.
type Facts struct {
	zone      *time.Location
	days      map[dayKey]*hostDay
	incidents map[incidentKey]*stub
}

type dayKey struct{ date, host string }

type incidentKey struct{ host, id string }

// hostDay is what was counted on one day on one host.
type hostDay struct {
	Through int           `json:"through,omitempty"`
	Base    *sums         `json:"base,omitempty"`
	Runs    map[int]*sums `json:"runs,omitempty"`
}

// New returns Facts that hold nothing, of days in a zone.
func New(zone *time.Location) *Facts {
	return &Facts{zone: zone, days: map[dayKey]*hostDay{}, incidents: map[incidentKey]*stub{}}
}

// Zone is that of the days.
func (f *Facts) Zone() *time.Location { return f.zone }

// Dates are the days on record, the earliest first.
func (f *Facts) Dates() []string {
	var dates []string
	for k := range f.days {
		dates = append(dates, k.date)
	}
	for _, s := range f.incidents {
		if !s.Gone {
			for date := range s.Days {
				dates = append(dates, date)
			}
		}
	}
	slices.Sort(dates)
	return slices.Compact(dates)
}

// Keep drops what lies before the last days days up to today.
func (f *Facts) Keep(days int, today time.Time) {
	y, m, d := today.In(f.zone).Date()
	first := time.Date(y, m, d-days+1, 12, 0, 0, 0, f.zone).Format(time.DateOnly)
	for k := range f.days {
		if k.date < first {
			delete(f.days, k)
		}
	}
	for k, s := range f.incidents {
		if f.date(s.End) < first {
			delete(f.incidents, k)
		}
	}
}

// Settle says that all runs of a host up to one are done with: what they counted is made one. A run is done with when its marks
// are on disk, for only then will it not be made again.
func (f *Facts) Settle(host string, run int) {
	host = name(host)
	for k, d := range f.days {
		if k.host == host && run > d.Through {
			f.days[k] = d.settled(run)
		}
	}
}

func (d *hostDay) settled(run int) *hostDay {
	out := &hostDay{Through: run, Base: &sums{}, Runs: map[int]*sums{}}
	out.Base.add(d.Base)
	for n, s := range d.Runs {
		if n > run {
			out.Runs[n] = s
		} else {
			out.Base.add(s)
		}
	}
	out.Base.cap()
	return out
}

// dropFolded leaves out the incidents whose sums are counted.
func (f *Facts) dropFolded() {
	for k, d := range f.days {
		d.parts(func(s *sums) {
			if s.Folded != nil {
				for key := range f.incidents {
					if key.host == k.host && s.Folded.has(key.id) {
						delete(f.incidents, key)
					}
				}
			}
		})
	}
}

// parts visits all that was counted.
func (d *hostDay) parts(visit func(*sums)) {
	if d.Base != nil {
		visit(d.Base)
	}
	for _, s := range d.Runs {
		visit(s)
	}
}

func (f *Facts) date(sec int64) string { return time.Unix(sec, 0).In(f.zone).Format(time.DateOnly) }
