// Package report holds the contract between analysis and its readers, and the renderers.
//
// Report is flat, versioned and free of any knowledge how it came about; `why502 render` redraws a stored
// one. Text in it is as the logs had it: renderers make it harmless for their medium.
package report

import "time"

// Schema is the version of the contract. Fields may be added within a version; none changes its meaning.
const Schema = 1

// Report is the whole result of one analysis.
type Report struct {
	Schema    int        `json:"schema"`
	Tool      Tool       `json:"tool"`
	Generated time.Time  `json:"generated"`
	Zone      string     `json:"timezone,omitempty"` // of all times in it, where it has a name
	Partial   bool       `json:"partial,omitempty"`  // reading was interrupted or some input failed
	Coverage  Coverage   `json:"coverage"`
	Incidents []Incident `json:"incidents"`
	Profile   Profile    `json:"profile"`
	Tags      []TagCount `json:"tags"`
	Notes     []string   `json:"notes,omitempty"`    // assumptions and losses, a sentence each
	History   *History   `json:"history,omitempty"`  // of daily reports
	Capacity  *Capacity  `json:"capacity,omitempty"` // where pools are known
}

// Tool names the program that wrote the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Coverage says what was read.
type Coverage struct {
	From     *time.Time `json:"from,omitempty"`
	To       *time.Time `json:"to,omitempty"`
	Since    *time.Time `json:"since,omitempty"` // the time asked for: what is outside was read as context only
	Until    *time.Time `json:"until,omitempty"`
	Bytes    int64      `json:"bytes"`
	Lines    int64      `json:"lines"`
	Records  int64      `json:"records"`
	Unparsed int64      `json:"unparsed"`
	Closed   int        `json:"closed,omitempty"` // requests that sites answered with 503 on purpose, as it seems; the notes say when
	Sources  []Source   `json:"sources"`
	Folded   []Folded   `json:"folded,omitempty"`
}

// Folded is what there was too much of to be told apart: names, which are counted together under "(other)", or moments.
type Folded struct {
	Kind    string `json:"kind"`              // site upstream pool culprit function client page stack file; or the moments of: failures events requests pages
	Names   int    `json:"names,omitempty"`   // about how many different ones there are; of files exactly
	Entries int    `json:"entries,omitempty"` // counted under "(other)"
	Seconds int64  `json:"seconds,omitempty"` // moments nearer to each other are one
}

// Source is one input.
type Source struct {
	Path     string     `json:"path"`
	Files    int        `json:"files,omitempty"` // how many files of a folder it stands for, which are not told apart; the path is "folder/*"
	Format   string     `json:"format"`          // of parser.Formats, or one of those below
	Bytes    int64      `json:"bytes"`
	Lines    int64      `json:"lines"`
	Records  int64      `json:"records"`
	Unparsed int64      `json:"unparsed"`
	From     *time.Time `json:"from,omitempty"`
	To       *time.Time `json:"to,omitempty"`
	Timezone string     `json:"timezone,omitempty"`
	Clock    string     `json:"clock,omitempty"` // stated | flag | inferred | assumed
	Error    string     `json:"error,omitempty"` // why it could not be read to its end
}

// What stands for a format where there is none.
const (
	FormatUnknown = "unknown" // no format was sure
	FormatEmpty   = "empty"
	FormatBinary  = "binary" // found in a folder that was to be read; it holds no text
)

// Incident is one time of hurt visitors with one explanation. What several have in common they may share: change none of it.
type Incident struct {
	ID          string         `json:"id"`
	Start       time.Time      `json:"start"`
	End         time.Time      `json:"end"`
	Failures    map[string]int `json:"failures"` // by status, and "truncated", "dropped"
	Clients     int            `json:"clients"`
	Isolated    bool           `json:"isolated"`
	Harm        string         `json:"harm,omitempty"` // "unseen": no web log covers it
	Scope       string         `json:"scope,omitempty"`
	Persistence string         `json:"persistence,omitempty"`
	Headline    string         `json:"headline"` // what happened, when, whom it hit, why, how sure
	Vhosts      []Share        `json:"vhosts"`
	URIs        []Share        `json:"uris"`
	Pools       []Share        `json:"pools"`
	Upstreams   []Share        `json:"upstreams"`
	Causes      []Cause        `json:"causes"`
	Timeline    []Moment       `json:"timeline"`
	Missing     []Missing      `json:"missing"`
	Pace        *Pace          `json:"pace,omitempty"`      // how it went; none where no failure is on record
	Recurs      *Recurrence    `json:"recurs,omitempty"`    // in daily reports
	Continues   bool           `json:"continues,omitempty"` // it was in an earlier daily report already; the counts are those of the whole
}

// Pace is how many requests of an incident failed, in steps of one width.
type Pace struct {
	Seconds int    `json:"seconds"` // the width
	Steps   []Step `json:"steps"`   // those in which some failed, by time
}

// Step is one of them.
type Step struct {
	Time     time.Time      `json:"time"` // where it begins
	Failures map[string]int `json:"failures"`
}

// Share is a name and how many failures it had its part in.
type Share struct {
	Name     string `json:"name"`
	Failures int    `json:"failures,omitempty"`
}

// Verdict is the first cause; nil where nothing in the logs speaks for any, though some may be possible.
func (in *Incident) Verdict() *Cause {
	if len(in.Causes) == 0 || in.Causes[0].Unseen != "" {
		return nil
	}
	return &in.Causes[0]
}

// Cause is one explanation of an incident; Causes[0] is the verdict, unless no log at hand can show it (Unseen).
type Cause struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	Role       string     `json:"role"` // root | mechanism | consequence
	Layer      string     `json:"layer"`
	Confidence float64    `json:"confidence"`
	Summary    string     `json:"summary"`
	Unseen     string     `json:"unseen,omitempty"` // the log that would show it, of a cause that may lie behind the verdict, or be it where there is none, and that no log at hand can show
	Culprits   []Culprit  `json:"culprits"`
	Requests   []Request  `json:"requests,omitempty"` // of slow causes: the pages under which the slow log caught the culprits
	Evidence   []Evidence `json:"evidence"`
	Against    []Evidence `json:"against"`
	Advice     []Advice   `json:"advice"` // none of a cause behind the first that was only weighed (below Low)
	Verify     []string   `json:"verify"`
}

// Culprit names what to look at.
type Culprit struct {
	Kind  string  `json:"kind"` // plugin theme file function query uri module host client
	Name  string  `json:"name"`
	Share float64 `json:"share,omitempty"` // of the entries that could name one
}

// Request joins what the slow log names to the page that was asked for.
type Request struct {
	URI     string   `json:"uri"` // page family
	Culprit *Culprit `json:"culprit,omitempty"`
	Traces  int      `json:"traces"` // slow-log entries written while a request for the page was under way
	Sure    int      `json:"sure"`   // those of them that can belong to no other page
	Of      int      `json:"of"`     // entries in all
}

// Evidence is one thing that speaks for (weight above 0) or against a cause.
type Evidence struct {
	Tag     string     `json:"tag,omitempty"`
	Text    string     `json:"text"`
	Weight  float64    `json:"weight"`
	Count   int        `json:"count,omitempty"`
	Time    *time.Time `json:"time,omitempty"`
	Source  string     `json:"source,omitempty"`
	Line    int        `json:"line,omitempty"`
	Excerpt string     `json:"excerpt,omitempty"` // the log line
}

// Advice is one remedy.
type Advice struct {
	Text    string `json:"text"`
	Config  string `json:"config,omitempty"` // the exact directive or command
	Caution string `json:"caution,omitempty"`
	Sizes   bool   `json:"-"` // it sets the size of pools by example, as rootcause.Step has it
	Told    bool   `json:"-"` // it is there because of what a log says, and comes first
	CPanel  bool   `json:"-"` // only cPanel has it
}

// Moment is one entry of an incident's course.
type Moment struct {
	Time   time.Time `json:"time"`
	Tag    string    `json:"tag"`
	Text   string    `json:"text"`
	Count  int       `json:"count,omitempty"`
	Source string    `json:"source,omitempty"`
	Line   int       `json:"line,omitempty"`
}

// Missing names a log that would tell more.
type Missing struct {
	Log string `json:"log"`
	Why string `json:"why"`
	How string `json:"how"`
}

// Profile is what the slow logs say over the whole period.
type Profile struct {
	Slow SlowProfile `json:"slow"`
}

// SlowProfile counts slow-log entries by what they waited in. An entry stands once in each list, but for Packages.
type SlowProfile struct {
	Entries   int        `json:"entries"`
	Classes   []TopEntry `json:"classes,omitempty"` // what was waited for: http db session cache file code
	Functions []TopEntry `json:"functions"`
	Plugins   []TopEntry `json:"plugins"`            // by the innermost frame that names one
	Packages  []TopEntry `json:"packages,omitempty"` // plugins, themes, packages and cores whose code was under way, each once an entry
	Scripts   []TopEntry `json:"scripts,omitempty"`  // that were run
	Calls     []OutCall  `json:"calls,omitempty"`    // to the outside; the slow log does not tell hosts
	Folded    string     `json:"folded,omitempty"`   // the most frequent stacks, folded for flame graphs

	Stacks []Stack `json:"-"` // all of them, where they were asked for
}

// OutCall is a call to the outside.
type OutCall struct {
	Function string  `json:"function"`
	By       string  `json:"by,omitempty"` // "plugin:name"
	Count    int     `json:"count"`
	Share    float64 `json:"share"`
}

// Stack is a stack of PHP functions and how often the slow log has it.
type Stack struct {
	Pool, Script, Vhost string // "" where it is not known, or there are too many to be told apart
	Frames              []Frame
	Count               int
}

// Frame is a call, and where in the code it stands.
type Frame struct {
	Func, File string
	Line       int
}

// TopEntry is a row of a ranking.
type TopEntry struct {
	Name  string  `json:"name"`
	Count int     `json:"count"`
	Share float64 `json:"share"`
}

// TagCount says how often a tag stood in the logs.
type TagCount struct {
	Tag   string     `json:"tag"`
	Count int        `json:"count"`
	First *time.Time `json:"first,omitempty"`
	Last  *time.Time `json:"last,omitempty"`
}
