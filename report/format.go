package report

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Options says for which reader a report is drawn.
type Options struct {
	Zone    *time.Location // of the times shown; nil keeps the offsets of the report
	Width   int            // columns of the text; 0 asks the terminal, then $COLUMNS, then takes 100
	Color   bool
	Verbose bool // everything, not only what fits a screen
}

// Format is one way to draw a report. Adding one is a file with its Render function and a line in Formats.
type Format struct {
	Name     string   // of --format
	Suffixes []string // of the files it is chosen for
	Doc      string   // one line for the help
	Render   func(w io.Writer, r *Report, o Options) error
}

// Formats lists every way to draw a report, the default first.
var Formats = []*Format{
	{Name: "text", Suffixes: []string{".txt", ".log"}, Doc: "verdict and evidence for a terminal", Render: renderText},
	{Name: "json", Suffixes: []string{".json"}, Doc: "the report contract, for programs and for why502 render", Render: renderJSON},
	{Name: "html", Suffixes: []string{".html", ".htm"}, Doc: "one page that needs nothing else, for a browser or as an attachment", Render: renderHTML},
	{Name: "md", Suffixes: []string{".md", ".markdown"}, Doc: "Markdown, for tickets and chats", Render: renderMarkdown},
}

// Lookup returns the format of that name, nil if there is none.
func Lookup(name string) *Format {
	for _, f := range Formats {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// BySuffix returns the format that the suffix of a file name asks for, nil if it asks for none.
func BySuffix(path string) *Format {
	suffix := strings.ToLower(filepath.Ext(path))
	for _, f := range Formats {
		if slices.Contains(f.Suffixes, suffix) {
			return f
		}
	}
	return nil
}

// Names lists the names of the formats.
func Names() []string {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		names[i] = f.Name
	}
	return names
}
