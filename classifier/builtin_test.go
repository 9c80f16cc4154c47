package classifier

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write builtin.go anew")

const builtinHead = `// Code generated from rules/*.yaml by go generate; DO NOT EDIT.

package classifier

import "why502/parser"

var builtin = [...]Rule{
`

// What is built in is what stands in the YAML files: reading them would take longer than most logs do.
func TestBuiltin(t *testing.T) {
	names, err := filepath.Glob("rules/*.yaml")
	if err != nil || names == nil {
		t.Fatal(names, err)
	}
	var all []*Rule
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		rules, refusals := decode(filepath.ToSlash(name), text)
		for _, r := range refusals {
			t.Error(r)
		}
		all = append(all, rules...)
	}
	if _, refusals := assemble(nil, all); refusals != nil {
		t.Fatal(refusals)
	}
	var b bytes.Buffer
	b.WriteString(builtinHead)
	for _, r := range all {
		writeLiteral(&b, reflect.ValueOf(*r))
		b.WriteString(",\n")
	}
	b.WriteString("}\n")
	want, err := format.Source(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("builtin.go", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("builtin.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("builtin.go is not what rules/*.yaml say; go generate ./classifier writes it anew")
	}
}

// writeLiteral writes v as it would stand in a source file, without what is zero.
func writeLiteral(b *bytes.Buffer, v reflect.Value) {
	name := strings.TrimPrefix(v.Type().String(), "classifier.")
	name = strings.ReplaceAll(name, "]classifier.", "]")
	switch v.Kind() {
	case reflect.Struct:
		if v.Type().Name() != "Rule" && v.Type().Name() != "FieldMatch" {
			b.WriteString(name)
		}
		b.WriteString("{\n")
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !v.Field(i).IsZero() {
				b.WriteString(f.Name + ": ")
				writeLiteral(b, v.Field(i))
				b.WriteString(",\n")
			}
		}
		b.WriteString("}")
	case reflect.Slice:
		b.WriteString(name + "{")
		for i := range v.Len() {
			writeLiteral(b, v.Index(i))
			b.WriteString(", ")
		}
		b.WriteString("}")
	case reflect.String:
		fmt.Fprintf(b, "%q", v.String())
	default:
		fmt.Fprintf(b, "%#v", v)
	}
}
