package report

import "time"

// History is what a daily report knows of the days before. Days are those of the zone in Zone; a day is written "2026-11-22".
type History struct {
	Host    string     `json:"host,omitempty"`
	Zone    string     `json:"timezone"`
	Date    string     `json:"date"`            // the day that is compared: the last that the report covers
	Since   *time.Time `json:"since,omitempty"` // when the run before had read all that was there; nil in the first run
	Days    []Day      `json:"days"`            // up to 30, the oldest first, Date the last; days without a record are left out
	Against []Baseline `json:"against"`         // what Date is compared with; none where nothing is known yet
	Moves   []Move     `json:"moves"`           // what changed, the heaviest first
	Gaps    []Gap      `json:"gaps,omitempty"`  // what could not be read, because it was gone
	Notes   []string   `json:"notes,omitempty"` // what Date could not be compared with, and why; a sentence each
}

// Day is what is kept of a day: its facts, summed over all that was read of it.
type Day struct {
	Date      string         `json:"date"`
	Whole     bool           `json:"whole"` // the logs cover it from end to end
	Requests  int64          `json:"requests,omitempty"`
	Failures  map[string]int `json:"failures"` // as in Incident
	Incidents int            `json:"incidents"`
	Isolated  int            `json:"isolated,omitempty"` // further ones, of one or two failures
	Seconds   int            `json:"seconds"`            // in which an incident that is not isolated went on
	Clients   int            `json:"clients"`            // summed over incidents
	Causes    []CauseOfDay   `json:"causes,omitempty"`   // the verdicts, the heaviest first
}

// CauseOfDay is what one verdict did on a day.
type CauseOfDay struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Incidents int    `json:"incidents"`
	Failures  int    `json:"failures"`
	Seconds   int    `json:"seconds"`
}

// Baseline is what a day is compared with: "yesterday", "weekday" (the same a week before) or "median" of the seven days before.
type Baseline struct {
	Name      string         `json:"name"`
	Date      string         `json:"date,omitempty"` // not of a median
	Days      int            `json:"days"`           // that it was made of
	Requests  int64          `json:"requests,omitempty"`
	Failures  map[string]int `json:"failures"`
	Incidents int            `json:"incidents"`
	Seconds   int            `json:"seconds"`
	Clients   int            `json:"clients"`
}

// Move is how one thing that is counted differs from the days before.
type Move struct {
	Kind   string         `json:"kind"` // cause vhost uri pool plugin theme tag
	Name   string         `json:"name"`
	Change string         `json:"change"`          // new gone worse better
	Now    int            `json:"now"`             // failures, of a cause that no web log covers, incidents; of a tag, lines; of a plugin, slow-log entries and failures laid to it
	Was    map[string]int `json:"was"`             // the same, by the name of the baseline
	First  string         `json:"first,omitempty"` // the first and the last day on record that had it
	Last   string         `json:"last,omitempty"`
	Text   string         `json:"text"` // a sentence
}

// Gap is a time of which log lines existed and are gone.
type Gap struct {
	Path string     `json:"path"`
	From *time.Time `json:"from,omitempty"`
	To   *time.Time `json:"to,omitempty"`
	Text string     `json:"text"`
}

// Recurrence says that an incident has come before in the same way.
type Recurrence struct {
	Times []time.Time `json:"times"`           // the starts of the earlier ones, the oldest first
	Every string      `json:"every,omitempty"` // hour day weekday week; "" where no beat is seen
	After string      `json:"after,omitempty"` // what came just before each time: "logrotate", "cron"
	Text  string      `json:"text"`            // "third night in a row at 03:00, after logrotate"
}

// Capacity says how many children the pools of this server should have, and whether more of them would help.
type Capacity struct {
	MemoryBytes   int64          `json:"memory_bytes,omitempty"`   // of the server
	ReservedBytes int64          `json:"reserved_bytes,omitempty"` // of it for what is not PHP
	CPUs          int            `json:"cpus,omitempty"`
	From          []string       `json:"from"` // where each of these figures was read, a sentence each
	Pools         []PoolCapacity `json:"pools"`
	Children      int            `json:"children"`       // pm.max_children of all pools together, now
	ChildrenBound int            `json:"children_bound"` // how many the memory holds
	Text          string         `json:"text"`           // the sum over all pools, in words
}

// PoolCapacity is the same for one pool.
type PoolCapacity struct {
	Name        string      `json:"name"`
	File        string      `json:"file,omitempty"` // the pool file
	Manager     string      `json:"pm,omitempty"`   // static dynamic ondemand
	Settings    []Setting   `json:"settings"`       // pm.* as they are
	Peak        float64     `json:"peak,omitempty"` // requests at once in the worst minute: rate × time
	PeakTime    *time.Time  `json:"peak_time,omitempty"`
	Rate        float64     `json:"rate,omitempty"`    // requests a second then
	Seconds     float64     `json:"seconds,omitempty"` // mean time of one then
	Usual       float64     `json:"usual,omitempty"`   // mean time of one while nothing was wrong
	Full        int         `json:"full,omitempty"`    // how often the pool said that it was full or busy
	WorkerBytes int64       `json:"worker_bytes,omitempty"`
	Bounds      []PoolBound `json:"bounds"`
	Verdict     string      `json:"verdict"` // raise keep lower mend unknown; mend: requests are slow rather than many
	Text        string      `json:"text"`    // why, in one or two sentences
	Children    int         `json:"children,omitempty"`
	Config      string      `json:"config,omitempty"` // the block for the pool file
	Caution     string      `json:"caution,omitempty"`
	Verify      string      `json:"verify,omitempty"`
}

// PoolBound is one sum that ends in a number of children.
type PoolBound struct {
	Kind     string `json:"kind"` // demand memory cpu
	Children int    `json:"children"`
	Text     string `json:"text"` // the sum
}

// Setting is a directive of the configuration.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
