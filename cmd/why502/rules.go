package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"why502/classifier"
	"why502/parser"
	"why502/report"
)

func rulesCommand() *cobra.Command {
	var (
		sel   selection
		color string
	)
	c := &cobra.Command{
		Use:   "rules",
		Short: "what is recognised, why, and what it makes of your own lines",
		Long: `A rule recognises a kind of log line and gives it a tag, such as
nginx/upstream-timeout. Causes are weighed by tags. Without a COMMAND: all rules
in a table.`,
		Example: `  why502 rules
  why502 rules show nginx/upstream-timeout
  why502 rules test --rules ./my-rules /var/log/nginx/error.log
  echo 'child 22612 exited on signal 11 (SIGSEGV)' | why502 rules test -`,
		Args: arguments(cobra.NoArgs, "it takes no argument but list, show TAG or test PATH"),
		RunE: func(c *cobra.Command, _ []string) error {
			rules, err := sel.loadRules(c.ErrOrStderr())
			if err != nil {
				return err
			}
			return onSheet(c, color, func(s *report.Sheet) error { return listRules(s, rules) })
		},
	}
	common := func(c *cobra.Command) *cobra.Command {
		c.Flags().StringVar(&sel.rules, "rules", "", rulesHelp)
		c.Flags().StringVar(&color, "color", "auto", colorHelp)
		complete(c, "color", "auto", "always", "never")
		return c
	}
	common(c)
	test := common(&cobra.Command{
		Use: "test PATH...", Short: "which tags the entries of your own logs get",
		Args: arguments(cobra.MinimumNArgs(1), `give log files, or "-" for standard input`),
		RunE: func(c *cobra.Command, paths []string) error {
			p, err := open(c, &sel, paths)
			if err != nil {
				return err
			}
			return onSheet(c, color, func(s *report.Sheet) error { return p.test(c, s) })
		},
	})
	test.Flags().StringArrayVar(&sel.formats, "formats", nil, formatsHelp)
	c.AddCommand(
		common(&cobra.Command{Use: "list", Short: "all tags in a table", Args: c.Args, RunE: c.RunE}),
		common(&cobra.Command{
			Use: "show TAG", Short: "one tag: what it matches, what it means",
			Args:              arguments(cobra.ExactArgs(1), "give one TAG, why502 rules lists them"),
			ValidArgsFunction: completeTags,
			RunE: func(c *cobra.Command, args []string) error {
				rules, err := sel.loadRules(c.ErrOrStderr())
				if err != nil {
					return err
				}
				rule := rules.Find(classifier.Tag(args[0]))
				if rule == nil {
					return usage("no rule gives the tag %q; %s", args[0], orNear(args[0], tagNames(rules), "why502 rules lists them"))
				}
				return onSheet(c, color, func(s *report.Sheet) error { return showRule(s, rule) })
			},
		}),
		test,
	)
	return c
}

func tagNames(rules *classifier.Rules) []string {
	var tags []string
	for _, r := range rules.All() {
		tags = append(tags, string(r.Tag))
	}
	return tags
}

func completeTags(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	rules := classifier.Load()
	var tags []string
	for _, r := range rules.All() {
		tags = append(tags, string(r.Tag)+"\t"+r.Why)
	}
	return tags, cobra.ShellCompDirectiveNoFileComp
}

func listRules(s *report.Sheet, rules *classifier.Rules) error {
	var rows [][]string
	for _, r := range rules.All() {
		rows = append(rows, []string{string(r.Tag), r.Harm, r.Why})
	}
	s.Table([]string{"Tag", "Visitor", "What it says"}, rows)
	return s.Flush()
}

func showRule(s *report.Sheet, r *classifier.Rule) error {
	s.Title(string(r.Tag))
	s.Text("", r.Why)
	s.Text("", r.Fix)
	s.Title("Meaning")
	for _, m := range []struct{ name, value string }{
		{"visitor gets", r.Harm}, {"family", string(r.Family)}, {"defined at", r.Source},
	} {
		if m.value != "" {
			s.Text("  "+m.name+": ", m.value)
		}
	}
	for _, m := range []struct {
		on   bool
		text string
	}{
		{r.Presumed, "That the visitor got it is presumed: a web log that covers the time decides."},
		{r.Signal, "It normally hurts visitors without saying whom."},
		{r.Benign, "It looks alarming and is not."},
	} {
		if m.on {
			s.Text("  ", m.text)
		}
	}
	s.Title("What it matches")
	for _, m := range []struct{ name, value string }{
		{"formats", strings.Join(r.Formats, ", ")},
		{"literal", quoted(r.Literal)},
		{"errno", spaced(r.Errno)},
		{"phase", quoted(r.Phase)},
		{"upstream", quoted(r.Upstream)},
		{"pattern", r.Pattern},
	} {
		if m.value != "" {
			s.Text("  "+m.name+": ", m.value)
		}
	}
	samples(s, "It is", r.Yes)
	samples(s, "It is not", r.No)
	return s.Flush()
}

func samples(s *report.Sheet, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	s.Title(title)
	for _, l := range lines {
		s.Text("  - ", l)
	}
}

func quoted(list []string) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = fmt.Sprintf("%q", x)
	}
	return strings.Join(out, ", ")
}

func spaced(list []int) string { return strings.Trim(fmt.Sprint(list), "[]") }

// test prints every entry with its tags, and how many got one.
func (p *pipeline) test(c *cobra.Command, s *report.Sheet) error {
	var (
		events                    []classifier.Event
		records, tagged, unparsed int
	)
	for _, f := range p.files {
		format := f.format
		if format == nil {
			format = anyFormat
		}
		for r, err := range parser.Records(c.Context(), f.source(f.File), format, p.decoder(f)) {
			switch err := err.(type) { // never wrapped
			case nil:
				records++
				events = p.rules.Classify(events[:0], r)
				s.Text(r.Pos.String()+": ", r.Format+", "+tagList(events))
				s.Code(string(r.Raw))
				if len(events) > 0 {
					tagged++
				}
			case *parser.SyntaxError:
				unparsed++
				s.Text(err.Pos.String()+": ", "not understood: "+err.Reason)
				s.Code(string(err.Raw))
			default:
				p.fail(err)
			}
			// Sheets gather; a log does not fit into one.
			if err := s.Flush(); err != nil {
				return err
			}
		}
	}
	p.saySwitchedOff()
	s.Text("", fmt.Sprintf("Entries: %d, with a tag: %d, not understood: %d.", records, tagged, unparsed))
	if err := s.Flush(); err != nil {
		return err
	}
	if p.unread {
		return &status{code: statusUnread}
	}
	return nil
}

// saySwitchedOff names the rules whose patterns took too long for the lines they met: what was read afterwards lacks their tags.
func (p *pipeline) saySwitchedOff() {
	for _, r := range p.rules.SwitchedOff() {
		complain(p.stderr, fmt.Sprintf("rule %s: its pattern took too long again and again and was switched off, so entries lack the tag; make it simpler (%s rules show %s)", r.Tag, programName, r.Tag))
	}
}

func tagList(events []classifier.Event) string {
	if len(events) == 0 {
		return "no tag"
	}
	out := make([]string, len(events))
	for i := range events {
		out[i] = string(events[i].Rule.Tag)
	}
	return strings.Join(out, ", ")
}
