package report

import "slices"

// shelf holds once what many incidents have in common: with thousands of them, most sentences, remedies and steps of a pace
// are those of others. What it gives is shared and not to be changed.
type shelf struct {
	texts   map[string]string
	advice  map[string][]Advice  // the last, by cause
	missing map[string][]Missing // the last, by verdict
	single  map[tally]map[string]int
	filled  map[filled]remedies
}

// tally is the count of one status, as most steps have.
type tally struct {
	status string
	n      int
}

// shelfRoom bounds each of its tables.
const shelfRoom = 4096

func newShelf() shelf {
	return shelf{map[string]string{}, map[string][]Advice{}, map[string][]Missing{}, map[tally]map[string]int{}, map[filled]remedies{}}
}

func (s *shelf) text(text string) string {
	if have, ok := s.texts[text]; ok {
		return have
	}
	if len(s.texts) < shelfRoom {
		s.texts[text] = text
	}
	return text
}

func (s *shelf) failures(counts map[string]int) map[string]int {
	if len(counts) != 1 {
		return counts
	}
	for status, n := range counts {
		k := tally{status, n}
		if have := s.single[k]; have != nil {
			return have
		}
		if len(s.single) < shelfRoom {
			s.single[k] = counts
		}
	}
	return counts
}

// same gives the list kept under a name if it is equal, else it keeps the new one.
func same[T comparable](kept map[string][]T, name string, list []T) []T {
	if have := kept[name]; len(list) > 0 && slices.Equal(have, list) {
		return have
	}
	if kept[name] != nil || len(kept) < shelfRoom {
		kept[name] = slices.Clip(list)
	}
	return slices.Clip(list)
}
