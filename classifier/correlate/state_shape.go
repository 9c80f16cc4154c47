package correlate

import (
	"fmt"
	"hash/fnv"
	"reflect"
	"strings"
	"sync"

	"why502/parser"
)

// shape says which fields of a struct a state holds. All others follow from these, or are found again: caches, and what
// belongs to one run.
type shape struct {
	of     any
	stored string
	left   string
}

// shapes are those of everything in a state. A field that stands in neither list fails a test: store it in coder.timeline and its
// like and name it here, or name it among those that are left out. What is stored makes the fingerprint, so that no program reads
// a state of another shape wrong.
var shapes = []shape{
	{
		Timeline{},
		"names marks grain traffic long heard sources totals slow profiled links forgot final undated booted boots folded",
		"kept buckets closed spared special sessions pieces wiring ordered reading folding whom recentRules recentMarks recentAbouts recentEchoes lately statuses vhosts upstreams files blanks room round",
	},
	{names{}, "list uses seen full", "places count bytes taken recent"},
	{key{}, "sec class tag src vhost backend scheme pool culprit function client uri", ""},
	{
		Mark{},
		"Count First Last Sample Clients Requests PIDs Span Number Fold Own",
		"About Subject",
	},
	{About{}, "Rule", "Tag File Format Vhost Backend Scheme Pool Culprit Function Client URI"},
	{Sample{}, "Pos Time Text", ""},
	{parser.Pos{}, "File Line Offset", ""},
	{Set{}, "h size", ""},
	{traffic{}, "grains loads pages clients gone over", "width loadBucket pageBucket clientBucket recentLoads recentPages crawler"},
	{trafficGrains{}, "loads pages clients", ""},
	{table[pageKey, Pages]{}, "pieces", "places n"},
	{tableEntry[pageKey, Pages]{}, "key value", ""},
	{table[longKey, int]{}, "pieces", "places n"},
	{tableEntry[longKey, int]{}, "key value", ""},
	{table[clientKey, int32]{}, "pieces", "places n"},
	{tableEntry[clientKey, int32]{}, "key value", ""},
	{loadKey{}, "sec vhost src", ""},
	{Load{}, "Requests Pages Failed Gone Timed Waited Logins Polls Cron Clients", ""},
	{pageKey{}, "sec vhost uri src", ""},
	{Pages{}, "Served Failed Errors", ""},
	{clientKey{}, "sec client", ""},
	{long{}, "level n", ""},
	{longKey{}, "start end left vhost uri src", ""},
	{heard{}, "sets every", "bucket recent"},
	{heardKey{}, "sec src", ""},
	{Source{}, "Path Format Kinds Vhost Zone Clock Error Loc Doubt Moved Bytes Lines Records Unparsed From To read", "Older Files Failed"},
	{FormatCount{}, "Format Records", ""},
	{clockRead{}, "known zone skew matches clients guess", ""},
	{Total{}, "Count First Last gone", ""},
	{period{}, "from to", ""},
	{profile{}, "entries tallies stacks finest depth", "known"},
	{stacks{}, "n texts", "bytes ids textBytes"},
	{links{}, "backends pools accounts narrowed", "pairs knownSites knownPools"},
	{boot{}, "seen at", ""},
}

// fingerprint stands for what a state means beside its bytes: the stored fields and their types, the grains and bounds that its
// numbers are places in, the function that made the members of its sets.
var fingerprint = sync.OnceValue(func() uint64 {
	h := fnv.New64a()
	for _, s := range shapes {
		t := reflect.TypeOf(s.of)
		fmt.Fprint(h, t)
		for name := range strings.FieldsSeq(s.stored) {
			f, _ := t.FieldByName(name)
			fmt.Fprint(h, " ", name, " ", f.Type)
		}
	}
	fmt.Fprint(h, grains, loadGrains, pageGrains, clientWidths, stackGrains, longLeast, maxMarks, maxLoads, maxPages, maxClients, maxLong, maxHeard,
		nameKinds, room, maxName, tallyKinds, span, setSize, smallSet, maxPIDs, maxText, hash([]byte("a text of more than eight bytes")))
	return h.Sum64()
})
