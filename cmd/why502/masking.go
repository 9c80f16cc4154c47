package main

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/report"
	"why502/report/anonymize"
)

// masking is what the flags say about names in reports.
type masking struct {
	on      bool
	keyFile string

	mask *anonymize.Mask // nil: names stay
}

func (m *masking) flags(c *cobra.Command) {
	under(c, "What to print", func(f *pflag.FlagSet) {
		f.BoolVar(&m.on, "anonymize", false, "give pseudonyms to clients, hosts, accounts and pools, mail addresses and query strings, in everything that is written or mailed")
		f.StringVar(&m.keyFile, "anonymize-key", "", "the same ones in each report: they are made with the key in `FILE`, which is written if there is none (default: new ones each time; of daily: a file in its --state)")
	})
}

// check reads the key, before anything else is.
func (m *masking) check() error {
	if m.keyFile == "" {
		if m.on {
			m.mask = anonymize.New(nil)
		}
		return nil
	}
	key, err := anonymize.Key(m.keyFile)
	if err != nil {
		return usage("--anonymize-key %s: %s", m.keyFile, strings.TrimPrefix(reason(err), m.keyFile+": "))
	}
	m.mask = anonymize.New(key)
	return nil
}

// keptIn takes the key from a folder of state, unless another was given: the reports of all days have the same pseudonyms then.
func (m *masking) keptIn(state string) error {
	if !m.on || m.keyFile != "" {
		return nil
	}
	m.keyFile = filepath.Join(state, "anonymize.key")
	return m.check()
}

// report is r as it may be shown.
func (m *masking) report(r *report.Report) *report.Report {
	if m.mask == nil {
		return r
	}
	return m.mask.Report(r)
}

// host is the name of this host as it may be shown.
func (m *masking) host(name string) string {
	if m.mask == nil {
		return name
	}
	return m.mask.Host(name)
}
