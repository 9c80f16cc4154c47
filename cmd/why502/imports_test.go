package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport is who may import whom inside the program: one way, from lines to the command.
var mayImport = map[string][]string{
	"parser":               {},
	"parser/input":         {"parser"},
	"parser/input/follow":  {"parser", "parser/input"},
	"parser/discover":      {"parser"},
	"parser/host":          {},
	"classifier":           {"parser"},
	"classifier/correlate": {"parser", "classifier"},
	"classifier/rootcause": {"parser", "classifier", "classifier/correlate"},
	"classifier/doctor":    {"parser", "parser/discover"},
	"report":               {"parser/discover", "classifier", "classifier/correlate", "classifier/rootcause"},
	"report/alert":         {"report", "report/mail"},
	"report/archive":       {"report"},
	"report/capacity":      {"parser/discover", "parser/host", "classifier/correlate", "report"},
	"report/anonymize":     {"report"},
	"report/history":       {"classifier/correlate", "report"},
	"report/mail":          {"report"},
	"report/profile":       {"report"},
	"report/progress":      {},
	"report/screen":        {"report"},
	"cmd/why502": {
		"parser",
		"parser/discover",
		"parser/host",
		"parser/input",
		"parser/input/follow",
		"classifier",
		"classifier/correlate",
		"classifier/doctor",
		"classifier/rootcause",
		"report",
		"report/alert",
		"report/anonymize",
		"report/archive",
		"report/capacity",
		"report/history",
		"report/mail",
		"report/profile",
		"report/progress",
		"report/screen",
	},
}

// TestImports holds the direction of imports, and that each module of others is known to one package only, so that it
// can be replaced there.
func TestImports(t *testing.T) {
	const root = "../.."
	users := map[string][]string{} // packages by the module they import
	err := filepath.WalkDir(root, func(file string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && file != root && strings.HasPrefix(e.Name(), "."):
			return fs.SkipDir
		case !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(rel)
		allowed, known := mayImport[pkg]
		if !known {
			t.Errorf("%s: a package that mayImport does not list", pkg)
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			own, inside := strings.CutPrefix(imported, "why502/")
			first, _, _ := strings.Cut(imported, "/")
			switch {
			case inside && !slices.Contains(allowed, own):
				t.Errorf("%s imports %s", file, own)
			case !inside && strings.Contains(first, "."):
				if m := module(imported); !slices.Contains(users[m], pkg) {
					users[m] = append(users[m], pkg)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for m, pkgs := range users {
		if len(pkgs) > 1 {
			t.Errorf("%s is imported by %q: one package is enough", m, pkgs)
		}
	}
}

// module is the module of an import path: host, owner and name.
func module(imported string) string {
	parts := strings.SplitN(imported, "/", 4)
	return path.Join(parts[:min(3, len(parts))]...)
}
