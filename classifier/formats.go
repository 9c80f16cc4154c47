package classifier

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"why502/parser"
)

// OwnFormat is a format of the user's: of an access log, or of an error log. It is read here because its files are
// YAML and are refused as those of rules are.
type OwnFormat struct {
	Name, Doc string
	Source    string               // "file:line"
	Access    *parser.AccessFormat // nil: it is an error log
	Errors    *parser.Format       // nil: it is an access log
}

// ReadFormats reads files of formats. A format that is not right is refused and the others still hold; the refusal
// wraps a *parser.PatternError if it is about a place in a pattern. The last error is about reading.
//
//   - name: shop-access
//     nginx: '$remote_addr [$time_local] "$request" $status $request_time'
//   - name: edge-json
//     json: {time: ts, status: code, uri: path, request_time: {key: dur_ms, unit: ms}}
//   - name: shop-app
//     like: php-error
//     line: '{time:2006-01-02 15:04:05} [{level}] {message}'
func ReadFormats(paths []string) (formats []*OwnFormat, refusals []error, err error) {
	taken := map[string]string{}
	for _, f := range parser.Formats {
		taken[f.Name] = "a built-in format"
	}
	for _, path := range paths {
		text, err := readFile(path)
		if err != nil {
			return nil, nil, err
		}
		list, bad := listOf(path, "formats", text)
		if bad != nil {
			refusals = append(refusals, bad)
			continue
		}
		for _, item := range list {
			f, err := decodeFormat(path, item)
			switch {
			case err != nil:
				refusals = append(refusals, err)
			case taken[f.Name] != "":
				refusals = append(refusals, &Refusal{f.Source, fmt.Sprintf("the name %s is taken by %s; give another", f.Name, taken[f.Name])})
			default:
				taken[f.Name] = "the format at " + f.Source
				formats = append(formats, f)
			}
		}
	}
	return formats, refusals, nil
}

// decodeFormat reads one item of the list.
func decodeFormat(file string, item *yaml.Node) (*OwnFormat, error) {
	f := &OwnFormat{Source: at(file, item)}
	var (
		nginx, apache, line, like string
		keys                      []parser.JSONKey
	)
	if bad := decodeMap(file, "a format", item, map[string]any{
		"name": &f.Name, "nginx": &nginx, "apache": &apache, "json": keysDecoder{&keys}, "line": &line, "like": &like,
	}); bad != nil {
		return nil, bad
	}
	given, kind := 0, ""
	for _, k := range []struct {
		name string
		on   bool
	}{{"nginx", nginx != ""}, {"apache", apache != ""}, {"json", keys != nil}, {"line", line != ""}} {
		if k.on {
			given, kind = given+1, k.name
		}
	}
	switch {
	case !isName(f.Name):
		return nil, &Refusal{f.Source, fmt.Sprintf("the name %q is none; use small letters, digits and hyphens", f.Name)}
	case given != 1:
		return nil, &Refusal{f.Source, "not one of nginx, apache, json, line; give one of them"}
	case kind == "line" && like == "":
		return nil, &Refusal{f.Source, "line without like; name the format whose rules its messages get: php-error, php-fpm, nginx-error, apache-error"}
	case kind != "line" && like != "":
		return nil, &Refusal{f.Source, "like belongs to line; leave it out"}
	}
	var err error
	f.Doc = "access log, by its pattern in " + f.Source
	switch kind {
	case "nginx":
		f.Access, err = parser.CompileNginx(f.Name, nginx)
	case "apache":
		f.Access, err = parser.CompileApache(f.Name, apache)
	case "json":
		f.Access, err = parser.CompileJSON(f.Name, keys)
		f.Doc = "access log of JSON objects, by its keys in " + f.Source
	case "line":
		f.Errors, err = parser.CompileLine(f.Name, line, like)
		f.Doc = "error log with messages as in " + like + ", by its line in " + f.Source
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", at(file, valueOf(item, kind)), kind, err)
	}
	return f, nil
}

// valueOf is the value of a key, to name its line.
func valueOf(item *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(item.Content); i += 2 {
		if item.Content[i].Value == key {
			return item.Content[i+1]
		}
	}
	return item
}

// keysDecoder reads `{status: code, request_time: {key: dur_ms, unit: ms}}`.
type keysDecoder struct{ to *[]parser.JSONKey }

func (d keysDecoder) decode(name string, n *yaml.Node) *Refusal {
	if n.Kind != yaml.MappingNode {
		return &Refusal{at(name, n), "json: not fields with keys; write {status: code, time: ts}"}
	}
	*d.to = []parser.JSONKey{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, value := parser.JSONKey{Field: n.Content[i].Value}, n.Content[i+1]
		if value.Kind == yaml.ScalarNode {
			k.Key = value.Value
		} else if bad := decodeMap(name, "a field of json", value, map[string]any{"key": &k.Key, "unit": &k.Unit}); bad != nil {
			return bad
		}
		*d.to = append(*d.to, k)
	}
	return nil
}
