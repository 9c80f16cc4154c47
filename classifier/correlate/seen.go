package correlate

import "time"

// seen are the sites at which the access logs show clients fail. Apache's error log names the client but not the site.
type seen map[uint64][]visit

// visit is a time in which a client failed at one site.
type visit struct {
	vhost    string
	from, to time.Time
}

// visitTime is how far a client's failure in the access log may lie from its line in the error log: Apache stamps the start of a
// request, which is up to its timeout before the error.
const visitTime = 10 * time.Minute

// maxVisits bounds those of a client. One that has more is at too many sites to tell.
const maxVisits = 100

func seenOf(errors, http []*Mark) seen {
	all := seen{}
	for _, m := range errors {
		if m.Client != "" {
			all[hash([]byte(m.Client))] = nil
		}
	}
	if len(all) == 0 {
		return all
	}
	for _, m := range http { // in order
		for _, h := range m.Clients.h {
			visits, asked := all[h]
			if !asked || len(visits) > maxVisits {
				continue
			}
			if n := len(visits) - 1; n >= 0 && visits[n].vhost == m.Vhost && m.First.Sub(visits[n].to) <= visitTime {
				visits[n].to = later(visits[n].to, m.Last)
				continue
			}
			all[h] = append(visits, visit{m.Vhost, m.First, m.Last})
		}
	}
	return all
}

// site is the one at which the client of an error mark was seen at that time; "" if there is none, or several.
func (s seen) site(m *Mark) (vhost string) {
	visits := s[hash([]byte(m.Client))]
	if len(visits) > maxVisits {
		return ""
	}
	found := false
	for _, v := range visits {
		switch {
		case v.to.Before(m.First.Add(-visitTime)) || v.from.After(m.Last.Add(visitTime)):
		case found && v.vhost != vhost:
			return ""
		default:
			vhost, found = v.vhost, true
		}
	}
	return vhost
}
