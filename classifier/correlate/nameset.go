package correlate

import "slices"

// nameSet holds names in their order. Most incidents have one or two of a kind, and there may be thousands of incidents: a
// map for each would take ten times the room.
type nameSet []string

func (s nameSet) has(name string) bool {
	_, found := slices.BinarySearch(s, name)
	return found
}

func (s *nameSet) add(name string) {
	if i, found := slices.BinarySearch(*s, name); !found {
		*s = slices.Insert(*s, i, name)
	}
}
