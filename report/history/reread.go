package history

// Reread says that the run to be taken next has read again all that a host logged after a day: what was counted on later days is
// dropped, what it counted up to that day is in the facts already, or, if those know nothing of it, is taken. Incidents are up to Tail.
func (f *Facts) Reread(host, date string, c Counts) {
	host = name(host)
	for k := range f.days {
		if k.host == host && k.date > date {
			delete(f.days, k)
		}
	}
	for d := range c {
		if d <= date && f.days[dayKey{d, host}] != nil {
			delete(c, d)
		}
	}
}
