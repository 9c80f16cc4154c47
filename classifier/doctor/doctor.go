// Package doctor looks for what a server's configuration hides from whoever will ask why requests failed, and for what makes
// them fail by itself. It reads no logs: it is for before the outage.
//
// A check is a value in Checks: what is wrong, why it matters, the directive that mends it, with its caution and how to see
// that it is mended, and a function that finds it. It speaks only of what the configuration says; where it says nothing and the
// program's default is known, of the default.
package doctor

import (
	"why502/parser"
	"why502/parser/discover"
)

// Kind says what a finding costs.
type Kind string

// The kinds, the worse first.
const (
	Breaks Kind = "breaks" // requests fail by it, or more of them do
	Hides  Kind = "hides"  // why requests fail will not be known
)

// Check is one thing that is looked for.
type Check struct {
	ID      string // kebab-case
	Kind    Kind
	Title   string // what is wrong
	Fine    string // what is so where it is not
	Why     string
	Config  string // the exact directives, where they are the same for all; else a finding has its own
	Caution string
	Verify  string
	Source  string // where the fact stands

	about func(*Server) bool // whether there is anything that it could be about
	find  func(*Server) []Finding
}

// Finding is one place where it is so.
type Finding struct {
	Who    string `json:"who"`              // the pool, site or log
	Says   string `json:"says"`             // what is set
	Place  string `json:"place,omitempty"`  // the file
	Config string `json:"config,omitempty"` // the exact directives that mend it
}

// Server is what is examined.
type Server struct {
	*discover.Server
	Formats []*parser.AccessFormat // that the configuration defines
	Exists  func(path string) bool // whether a file or folder is there
	Live    bool                   // it is this machine: of a copy, what is not there may have been left behind

	Memory int64                   // in bytes; 0: not known
	Child  func(pool string) int64 // the memory of one child, in bytes; 0: not known. May be nil
}

// Result is what a check found; nothing if all is fine.
type Result struct {
	*Check
	Findings []Finding
}

// Checks are all that is looked for, the worse and the more frequent first.
var Checks = []*Check{
	socketOfNobody, poolsAboveMemory, terminateNever, reloadCuts, tooManyConnections,
	slowLogOff, slowLogLate, timesNotLogged, accessLogOff, errorLogQuiet, fpmLogQuiet, phpErrorsOff, kernelLogLost,
}

// Examine makes all checks, in their order. Those that do not bear on this server (no nginx, no pools) are left out.
func Examine(s *Server) []Result {
	var all []Result
	for _, c := range Checks {
		if c.about(s) {
			all = append(all, Result{c, c.find(s)})
		}
	}
	return all
}

func anyPools(s *Server) bool     { return len(s.Pools) > 0 }
func anyMasters(s *Server) bool   { return len(s.Masters) > 0 }
func anyWebServer(s *Server) bool { return len(s.Sites)+len(s.Declared)+len(s.Settings) > 0 }
