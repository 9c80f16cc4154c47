package correlate

// ID stands for a string of a Timeline; 0 is the empty string.
type ID uint32

// maxNames bounds the strings one Timeline keeps. They come from log lines, that is from anybody: beyond the
// bound a new one is counted under Other.
const (
	maxNames = 1 << 16
	maxName  = 300
)

// Other is the name under which names beyond the bound are counted.
const Other = "(other)"

const otherID ID = 1

// names gives each string a small number, so that a Mark's key is small and quick to compare.
type names struct {
	ids  map[string]ID
	list []string

	recent [256]ID // by slot: what was asked for lately is asked for again
}

func newNames() names {
	return names{ids: map[string]ID{"": 0, Other: 1}, list: []string{"", Other}}
}

func (n *names) id(b []byte) ID {
	if len(b) > maxName {
		b = b[:maxName]
	}
	at := slot(b)
	if id := n.recent[at]; n.list[id] == string(b) {
		return id
	}
	id, ok := n.ids[string(b)]
	if !ok {
		id = n.add(string(b))
	}
	n.recent[at] = id
	return id
}

// idString is for names that are no part of a line: those are looked up once and kept as IDs.
func (n *names) idString(s string) ID {
	if len(s) > maxName {
		s = s[:maxName]
	}
	id, ok := n.ids[s]
	if !ok {
		id = n.add(s)
	}
	return id
}

func (n *names) add(s string) ID {
	if len(n.list) >= maxNames {
		return otherID
	}
	id := ID(len(n.list))
	n.ids[s] = id
	n.list = append(n.list, s)
	return id
}

func (n *names) name(id ID) string { return n.list[id] }
