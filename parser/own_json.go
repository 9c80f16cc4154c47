package parser

import (
	"errors"
	"fmt"
)

// JSONKey says under which key a JSON access log has one of our fields.
type JSONKey struct {
	Field, Key string
	Unit       string // of request_time: s (also ""), ms or us
}

// jsonKey is a key and what its value means.
type jsonKey struct {
	key string
	v   accessVar
}

// CompileJSON compiles a field map of access logs that have one object a line.
func CompileJSON(name string, keys []JSONKey) (*AccessFormat, error) {
	f := &AccessFormat{Name: name, Source: "json"}
	var have uint64
	for _, k := range keys {
		v, err := ownVar(k.Field, false)
		if err != nil {
			return nil, err
		}
		have |= 1 << v
		switch {
		case k.Key == "":
			return nil, fmt.Errorf("%s has no key; name the one that holds it", k.Field)
		case k.Unit == "":
		case v != varSpan:
			return nil, fmt.Errorf("%s has no unit; only request_time has", k.Field)
		case k.Unit == "s":
		case k.Unit == "ms":
			v = varSpanMs
		case k.Unit == "us":
			v = varSpanUs
		default:
			return nil, fmt.Errorf("unit %q is none; give s, ms or us", k.Unit)
		}
		f.keys = append(f.keys, jsonKey{k.Key, v})
	}
	if have&(1<<varStatus) == 0 || have&(1<<varAnyTime) == 0 {
		return nil, errors.New("the keys of status and time are missing; add them")
	}
	return f, nil
}

// parseKeys reads line by the field map; if it does not fit, r is left alone.
func (f *AccessFormat) parseKeys(d *Decoder, line []byte, r *Record) bool {
	if len(line) == 0 || line[0] != '{' {
		return false
	}
	before := *r
	const needed = 1<<varStatus | 1<<varAnyTime
	if have, ok := r.jsonFields(d, line, f.keys); !ok || have&needed != needed || r.Time.IsZero() {
		*r = before
		return false
	}
	return true
}
