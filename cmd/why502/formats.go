package main

import (
	"errors"
	"io"
	"io/fs"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"why502/classifier"
	"why502/parser"
	"why502/report"
)

const formatsHelp = "add formats of your own, which `FILE` describes in YAML; may be given several times"

func formatsCommand() *cobra.Command {
	var (
		sel   selection
		color string
	)
	c := &cobra.Command{
		Use:   "formats",
		Short: "what is read: formats, what writes them, where they usually lie",
		Long: `Lists the formats that are read, those of --formats first. Files are recognised
by what stands in them; where they lie does not matter.`,
		Example: `  why502 formats
  why502 formats --formats my-formats.yaml`,
		Args: arguments(cobra.NoArgs, "it takes no argument"),
		RunE: func(c *cobra.Command, _ []string) error {
			own, err := sel.loadFormats(c.ErrOrStderr())
			if err != nil {
				return err
			}
			return onSheet(c, color, func(s *report.Sheet) error { return listFormats(s, own) })
		},
	}
	c.Flags().StringArrayVar(&sel.formats, "formats", nil, formatsHelp)
	c.Flags().StringVar(&color, "color", "auto", colorHelp)
	complete(c, "color", "auto", "always", "never")
	return c
}

func listFormats(s *report.Sheet, own []*classifier.OwnFormat) error {
	var rows [][]string
	for _, f := range own {
		rows = append(rows, []string{f.Name, f.Doc, ""})
	}
	for _, f := range parser.Formats {
		rows = append(rows, []string{f.Name, f.Doc, strings.Join(f.Paths, ", ")})
	}
	s.Table([]string{"Format", "What it is", "Usual place"}, rows)
	return s.Flush()
}

// loadFormats reads the user's formats. One that is refused is said and left out.
func (in *selection) loadFormats(stderr io.Writer) ([]*classifier.OwnFormat, error) {
	formats, refused, err := classifier.ReadFormats(in.formats)
	var unread *fs.PathError
	switch {
	case errors.As(err, &unread):
		return nil, usage("--formats %s: %s", unread.Path, reason(err))
	case err != nil:
		return nil, usage("--formats: %v", err)
	}
	for _, r := range refused {
		complain(stderr, r.Error()+"; the format is left out")
		point(stderr, r)
	}
	for _, f := range formats {
		if f.Access != nil {
			in.access = append(in.access, f.Access)
		} else {
			in.own = append(in.own, f.Errors)
		}
	}
	return formats, nil
}

// What tells nginx's variables and Apache's directives: "$status", "%>s", "%{Referer}i".
var (
	nginxVariable   = regexp.MustCompile(`\$[a-z{]`)
	apacheDirective = regexp.MustCompile(`%[<>!0-9,]*[a-zA-Z{^]`)
)

// compileLogFormat compiles a pattern of whichever server it is.
func compileLogFormat(pattern string) (*parser.AccessFormat, error) {
	if apacheDirective.MatchString(pattern) && !nginxVariable.MatchString(pattern) {
		return parser.CompileApache("--log-format", pattern)
	}
	return parser.CompileNginx("--log-format", pattern)
}
