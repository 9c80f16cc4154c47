package anonymize

import (
	"reflect"
	"strings"

	"why502/report"
)

// class is what a field of a report may hold.
type class int

const (
	safe    class = iota + 1 // words of this program: nothing of it comes out of a log
	text                     // sentences
	line                     // log lines
	host                     // the name of a site or a server
	account                  // a pool; the user that it runs as
	uri                      // a page
	backend                  // an upstream: an address, a host or a socket
	path                     // a file
	ident                    // a mark that was made of names
	folded                   // stacks, a line each
	byKind                   // what it holds is said by the field Kind beside it
)

// classes says it for every text field there is, by the name of its type and its own. A list of names has the class of the field
// that holds it.
var classes = map[string]class{
	"Report.Zone": safe, "Report.Notes": text, "Report.Tool": safe,
	"Source.Path": path, "Source.Format": safe, "Source.Timezone": safe, "Source.Clock": safe, "Source.Error": text,
	"Folded.Kind": safe,
	"Incident.ID": ident, "Incident.Failures": safe, "Incident.Harm": safe, "Incident.Scope": safe, "Incident.Persistence": safe, "Incident.Headline": text,
	"Incident.Vhosts": host, "Incident.URIs": uri, "Incident.Pools": account, "Incident.Upstreams": backend,
	"Step.Failures": safe,
	"Cause.ID":      safe, "Cause.Title": safe, "Cause.Role": safe, "Cause.Unseen": safe, "Cause.Layer": safe, "Cause.Summary": text, "Cause.Verify": text,
	"Culprit.Kind": safe, "Culprit.Name": byKind,
	"Request.URI":  uri,
	"Evidence.Tag": safe, "Evidence.Text": text, "Evidence.Source": path, "Evidence.Excerpt": line,
	"Advice.Text": text, "Advice.Config": text, "Advice.Caution": text,
	"Moment.Tag": safe, "Moment.Text": text, "Moment.Source": path,
	"Missing.Log": text, "Missing.Why": text, "Missing.How": text,
	"SlowProfile.Classes": safe, "SlowProfile.Functions": text, "SlowProfile.Plugins": text, "SlowProfile.Packages": text, "SlowProfile.Scripts": path,
	"SlowProfile.Folded": folded,
	"OutCall.Function":   text, "OutCall.By": text,
	"Stack.Pool": account, "Stack.Script": path, "Stack.Vhost": host,
	"Frame.Func": text, "Frame.File": path,
	"TagCount.Tag": safe,
	"History.Host": host, "History.Zone": safe, "History.Date": safe, "History.Notes": text,
	"Day.Date": safe, "Day.Failures": safe,
	"CauseOfDay.ID": safe, "CauseOfDay.Title": safe,
	"Baseline.Name": safe, "Baseline.Date": safe, "Baseline.Failures": safe,
	"Move.Kind": safe, "Move.Name": byKind, "Move.Change": safe, "Move.Was": safe, "Move.First": safe, "Move.Last": safe, "Move.Text": text,
	"Gap.Path": path, "Gap.Text": text,
	"Recurrence.Every": safe, "Recurrence.After": text, "Recurrence.Text": text,
	"Capacity.From": text, "Capacity.Text": text,
	"PoolCapacity.Name": account, "PoolCapacity.File": path, "PoolCapacity.Manager": safe, "PoolCapacity.Verdict": safe, "PoolCapacity.Text": text,
	"PoolCapacity.Config": text, "PoolCapacity.Caution": text, "PoolCapacity.Verify": text,
	"PoolBound.Kind": safe, "PoolBound.Text": text,
	"Setting.Name": safe, "Setting.Value": text,
}

// kinds are the classes of what Kind says: of culprits and of moves.
var kinds = map[string]class{
	"uri": uri, "host": host, "vhost": host, "client": text, "pool": account, "file": path, "query": text, "function": text, "module": safe,
	"plugin": safe, "theme": safe, "cause": safe, "tag": safe,
}

// shared is a list that several incidents have in common: they do in the copy, too.
type shared struct {
	of    reflect.Type
	at    uintptr
	n     int
	class class
}

// Report returns a copy of r without the names of anybody; r stays as it is.
func (m *Mask) Report(r *report.Report) *report.Report {
	v := reflect.ValueOf(r).Elem()
	clear(m.learnt)
	m.walk(v, 0, m.see)
	clear(m.masked) // what was masked before these names were known
	m.shared = map[shared]reflect.Value{}
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	m.copy(out, 0)
	return out.Addr().Interface().(*report.Report)
}

// walk visits every text below v with its class; inherited is that of the list it stands in, 0 if it has its own.
func (m *Mask) walk(v reflect.Value, inherited class, visit func(string, class)) {
	switch v.Kind() {
	case reflect.String:
		visit(v.String(), inherited)
	case reflect.Pointer:
		if !v.IsNil() {
			m.walk(v.Elem(), inherited, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			m.walk(v.Index(i), inherited, visit)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			m.walk(k, inherited, visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				m.walk(v.Field(i), m.class(v, i, inherited), visit)
			}
		}
	}
}

// class is that of the i-th field of a struct.
func (m *Mask) class(v reflect.Value, i int, inherited class) class {
	c, ok := classes[v.Type().Name()+"."+v.Type().Field(i).Name]
	switch {
	case !ok:
		return inherited
	case c != byKind:
		return c
	}
	if c, ok = kinds[v.FieldByName("Kind").String()]; ok {
		return c
	}
	return text
}

// see learns the names in a text before any is masked: what one field calls a host is one in all.
func (m *Mask) see(s string, c class) {
	switch c {
	case host:
		m.learnHost(s, true)
	case account:
		m.learnAccount(s)
	case backend:
		_, rest, ok := strings.Cut(s, "://")
		if !ok {
			rest = s
		}
		if name, _, _ := strings.Cut(rest, "/"); !strings.HasPrefix(name, "unix:") {
			m.learnHost(name, strings.Contains(name, "."))
		}
	case safe:
	default:
		m.learn(s)
	}
}

// copy makes v, whose fields are still those of another report, one of its own, and masks it.
func (m *Mask) copy(v reflect.Value, inherited class) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(m.mask(v.String(), inherited))
	case reflect.Pointer:
		if !v.IsNil() {
			own := reflect.New(v.Type().Elem())
			own.Elem().Set(v.Elem())
			m.copy(own.Elem(), inherited)
			v.Set(own)
		}
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		at := shared{v.Type(), v.Pointer(), v.Len(), inherited}
		if own, ok := m.shared[at]; ok {
			v.Set(own)
			return
		}
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(own, v)
		for i := range own.Len() {
			m.copy(own.Index(i), inherited)
		}
		m.shared[at] = own
		v.Set(own)
	case reflect.Map:
		if inherited != safe && !v.IsNil() {
			own := reflect.MakeMapWithSize(v.Type(), v.Len())
			for it := v.MapRange(); it.Next(); {
				own.SetMapIndex(reflect.ValueOf(m.mask(it.Key().String(), inherited)), it.Value())
			}
			v.Set(own)
		}
	case reflect.Struct:
		fields := make([]class, v.NumField()) // before Kind is masked
		for i := range fields {
			fields[i] = m.class(v, i, inherited)
		}
		for i := range fields {
			if v.Type().Field(i).IsExported() {
				m.copy(v.Field(i), fields[i])
			}
		}
	}
}

// mask masks one text.
func (m *Mask) mask(s string, c class) string {
	if s == "" {
		return s
	}
	switch c {
	case safe:
		return s
	case host:
		if a := m.addresses(s); a != s { // a site may be called by its address
			return a
		}
		name, port, _ := strings.Cut(s, ":")
		if port != "" {
			port = ":" + port
		}
		if small := strings.ToLower(name); m.isHost(small) || m.mayBeHost(small) {
			return m.Host(name) + port
		}
		return m.Text(s)
	case account:
		return m.Account(s)
	case path:
		return m.path(s)
	case line:
		return m.Text(whole(s))
	case ident:
		return m.ident(s)
	case folded:
		lines := strings.Split(s, "\n")
		for i, l := range lines {
			frames := strings.Split(l, ";")
			for j := range frames {
				frames[j] = m.Text(frames[j])
			}
			lines[i] = strings.Join(frames, ";")
		}
		return strings.Join(lines, "\n")
	default:
		return m.Text(s)
	}
}

// kept is how many bytes of a log line an analysis keeps.
const kept = 400

// whole leaves out the last word of a line that was cut: half an address is not known as one.
func whole(s string) string {
	if len(s) < kept {
		return s
	}
	return s[:strings.LastIndexAny(s, " \t\n\"")+1] + "…"
}

// path masks the name of a file, wherever it is given from.
func (m *Mask) path(s string) string {
	const root = "/var/log/"
	if strings.HasPrefix(s, "/") || strings.HasPrefix(s, "unix:") {
		return m.Text(s)
	}
	return strings.TrimPrefix(m.Text(root+s), root)
}

// ident makes the mark of an incident one that cannot be tried out: "20261122-180304-41ac" ends in a sum over the site's name.
func (m *Mask) ident(s string) string {
	i := strings.LastIndexByte(s, '-')
	if i < 0 {
		return m.pseudonym("incident", s)
	}
	return m.Text(s[:i+1]) + m.sum("incident", s, 4)
}
