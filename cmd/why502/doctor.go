package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/classifier/doctor"
	"why502/parser/discover"
	"why502/report"
	"why502/report/capacity"
)

func doctorCommand() *cobra.Command {
	var (
		root, format, color string
		strict, verbose     bool
		sel                 selection
	)
	c := &cobra.Command{
		Use:   "doctor",
		Short: "what this server's configuration hides, before the outage",
		Long: `Reads the configuration of nginx, Apache and PHP-FPM and says what it would hide
from whoever will ask why requests failed (no slow log, no request times, quiet
error logs), and what makes requests fail by itself. Each finding comes with the
directive that mends it, its caution, and how to see that it is mended. No log is
read, nothing is changed.`,
		Example: `  sudo why502 doctor
  why502 doctor --root customer.tar.gz
  # for a monitor, or a fleet of servers
  why502 doctor --strict --format json`,
		Args: arguments(cobra.NoArgs, "it takes no argument"),
		RunE: func(c *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return usage("--format: %q is none; give text or json", format)
			}
			f, err := findLogs(root)
			if err != nil {
				return err
			}
			for _, err := range f.lost {
				complain(c.ErrOrStderr(), err.Error())
			}
			e := examine(f, sel.sizing(isLiveRoot(f.files)))
			if format == "json" {
				err = e.json(c.OutOrStdout())
			} else {
				err = onSheet(c, color, func(s *report.Sheet) error { return e.text(s, verbose) })
			}
			switch {
			case err != nil:
				return err
			case len(e.Problems)+len(f.lost) > 0:
				return &status{code: statusUnread}
			case strict && e.found() > 0:
				return &status{code: statusFound}
			}
			return nil
		},
	}
	under(c, "What to read", func(f *pflag.FlagSet) {
		f.StringVar(&root, "root", liveRoot, "examine the server that was copied below `DIR`, the folder or archive that holds its etc (default: this one)")
		f.Lookup("root").DefValue = "" // the text says it
	})
	sel.sizeFlags(c)
	under(c, "What to print", func(f *pflag.FlagSet) {
		f.StringVar(&format, "format", "text", "`FORMAT` of the findings: text or json")
		f.StringVar(&color, "color", "auto", colorHelp)
		f.BoolVarP(&verbose, "verbose", "v", false, "name all places of a finding")
	})
	under(c, "How to run", func(f *pflag.FlagSet) {
		f.BoolVar(&strict, "strict", false, "exit with 1 if anything is found")
	})
	complete(c, "format", "text", "json")
	complete(c, "color", "auto", "always", "never")
	return c
}

// examined is what the doctor has to say. Its JSON is an object of this form; empty lists stand as [].
type examined struct {
	Schema   int        `json:"schema"`
	Root     string     `json:"root"`
	Masters  int        `json:"php_fpm"`
	Pools    int        `json:"pools"`
	Sites    int        `json:"sites"`
	Checks   []checked  `json:"checks"`   // something was found
	Fine     []fineness `json:"fine"`     // nothing was
	Problems []string   `json:"problems"` // of reading the configuration
}

type checked struct {
	ID       string           `json:"id"`
	Kind     doctor.Kind      `json:"kind"`
	Title    string           `json:"title"`
	Why      string           `json:"why"`
	Config   string           `json:"config,omitempty"`
	Caution  string           `json:"caution,omitempty"`
	Verify   string           `json:"verify"`
	Source   string           `json:"source"`
	Findings []doctor.Finding `json:"findings"`
}

type fineness struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

func examine(f *found, size capacity.Known) *examined {
	formats, _ := discover.Formats(f.files)
	exists := func(path string) bool { _, err := f.files.Stat(path); return err == nil }
	s := f.server
	e := &examined{
		Schema: 1, Root: s.Name(), Masters: len(s.Masters), Pools: len(s.Pools), Sites: len(s.Sites),
		Checks: []checked{}, Fine: []fineness{}, Problems: append([]string{}, s.Problems...),
	}
	server := &doctor.Server{Server: s, Formats: formats, Exists: exists, Live: isLiveRoot(f.files), Memory: size.Memory}
	if size.Host != nil && server.Memory == 0 {
		server.Memory = size.Host.Memory
	}
	server.Child = func(pool string) int64 {
		switch {
		case size.Child > 0:
			return size.Child
		case size.Host == nil || len(size.Host.Children[pool]) == 0:
			return 0
		}
		return slices.Max(size.Host.Children[pool])
	}
	for _, r := range doctor.Examine(server) {
		if len(r.Findings) == 0 {
			e.Fine = append(e.Fine, fineness{r.ID, r.Fine})
			continue
		}
		e.Checks = append(e.Checks, checked{r.ID, r.Kind, r.Title, r.Why, r.Config, r.Caution, r.Verify, r.Source, r.Findings})
	}
	return e
}

func (e *examined) found() (n int) {
	for _, c := range e.Checks {
		n += len(c.Findings)
	}
	return n
}

func (e *examined) json(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(e)
}

// text prints the findings, the worse kind first.
func (e *examined) text(s *report.Sheet, verbose bool) error {
	s.Text("", fmt.Sprintf("Examined below %s: %s of PHP-FPM, %s, %s.", e.Root, many(e.Masters, "master", "masters"), many(e.Pools, "pool", "pools"), many(e.Sites, "site", "sites")))
	if e.Masters+e.Pools+e.Sites == 0 {
		s.Text("", "No configuration of nginx, Apache or PHP-FPM was found there. For another server give --root DIR, the folder that holds its etc.")
	}
	titles := map[doctor.Kind]string{doctor.Breaks: "Makes requests fail", doctor.Hides: "Hides why requests failed"}
	for _, kind := range []doctor.Kind{doctor.Breaks, doctor.Hides} {
		n := 0
		for _, c := range e.Checks {
			if c.Kind != kind {
				continue
			}
			if n++; n == 1 {
				s.Title(titles[kind])
			}
			c.text(s, n, verbose)
		}
	}
	if len(e.Fine) > 0 {
		s.Title("Examined and found fine")
		for _, f := range e.Fine {
			s.Text("  - ", f.Text)
		}
	}
	if e.generated() {
		s.Title("Files that cPanel writes")
		s.Text("  ", "Pool files below /opt/cpanel are written anew by cPanel. Set it in MultiPHP Manager, PHP-FPM settings, or in /var/cpanel/userdata/USER/DOMAIN.php_fpm.yaml, then run /scripts/php_fpm_config --rebuild. Settings of [global] belong into /var/cpanel/ApachePHPFPM/system.yaml.")
	}
	bullets(s, "Configuration that could not be read", e.Problems)
	return s.Flush()
}

// generated says whether a finding is about a file that an admin cannot change for long.
func (e *examined) generated() bool {
	for _, c := range e.Checks {
		for _, f := range c.Findings {
			if strings.HasPrefix(f.Place, "/opt/cpanel/") && strings.Contains(f.Place, "/php-fpm.d/") {
				return true
			}
		}
	}
	return false
}

// fewPlaces is how many places of a finding are named: a server may have thousands of pools that are set up alike.
const fewPlaces = 4

func (c *checked) text(s *report.Sheet, n int, verbose bool) {
	s.Text(fmt.Sprintf("%d. ", n), c.Title+".")
	last := ""
	for i, f := range c.Findings {
		if i == fewPlaces && !verbose {
			s.Text("   ", fmt.Sprintf("… and in %d more places: --verbose", len(c.Findings)-i))
			break
		}
		place := ""
		if f.Place != "" {
			place = " (" + f.Place + ")"
		}
		s.Text("   - ", f.Who+": "+f.Says+place)
		if config := f.Config; config != "" && config != last && (i+1 == len(c.Findings) || c.Findings[i+1].Config != config) {
			s.Code(config)
			last = config
		}
	}
	if c.Config != "" {
		s.Code(c.Config)
	}
	s.Text("   ", c.Why)
	if c.Caution != "" {
		s.Text("   Caution: ", c.Caution)
	}
	s.Text("   Then check: ", strings.TrimSpace(c.Verify))
}
