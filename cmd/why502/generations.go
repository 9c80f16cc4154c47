package main

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"path"
	"slices"
	"time"

	"why502/parser"
	"why502/parser/input"
)

// generations gathers the files that are generations of one log, the older first. Names say which belong together, not
// which is older: error.log.1 may be newer than error.log-20261122, and error.log.10 stands before error.log.2.
func (s *survey) generations(ctx context.Context) [][]*logFile {
	bySet := map[string][]*logFile{}
	var order []string
	for _, f := range s.files {
		if f.Stream() || f.format == nil || f.Known() != nil {
			continue
		}
		stem := input.Stem(f.Name())
		if bySet[stem] == nil {
			order = append(order, stem)
		}
		bySet[stem] = append(bySet[stem], f)
	}
	order = sameLogs(order, bySet)
	var sets [][]*logFile
	for _, stem := range order {
		set := bySet[stem]
		if len(set) < 2 {
			continue
		}
		for _, f := range set {
			f.first = s.firstTime(ctx, f)
		}
		slices.SortStableFunc(set, func(a, b *logFile) int {
			return cmp.Or(a.first.Compare(b.first), a.ModTime().Compare(b.ModTime()))
		})
		sets = append(sets, set)
	}
	return sets
}

// sameLogs joins sets that may be of one log, because an archive holds what lies beside it or in another archive, too:
// logs.zip in the folder it was made of, backups of two days. Their files are called the same and begin the same. What
// begins the same in two folders of one archive are two logs.
func sameLogs(order []string, bySet map[string][]*logFile) (left []string) {
	from := func(f *logFile) *input.Archive { a, _ := f.Archive(); return a }
	archived := func(f *logFile) bool { return from(f) != nil }
	if !slices.ContainsFunc(order, func(stem string) bool { return slices.ContainsFunc(bySet[stem], archived) }) {
		return order
	}
	sets := map[string]int{} // by the name without its folder
	for _, stem := range order {
		sets[path.Base(stem)]++
	}
	type beginning [2]uint64       // hashes
	have := map[beginning]string{} // the set that it was seen in
	seeds := [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
	for _, stem := range order {
		if sets[path.Base(stem)] == 1 { // as most are, and looking may cost a pass through an archive
			left = append(left, stem)
			continue
		}
		to := stem
		var begin []beginning
		for _, f := range bySet[stem] {
			head, err := f.Head()
			if err != nil || len(head) == 0 {
				continue
			}
			var b beginning
			for i, seed := range seeds {
				b[i] = maphash.Bytes(seed, head[0]) ^ maphash.String(seed, path.Base(stem))
			}
			begin = append(begin, b)
			other, ok := have[b]
			if ok && slices.ContainsFunc(bySet[other], func(o *logFile) bool { return from(o) != from(f) }) {
				to = other
			}
		}
		for _, b := range begin {
			if _, ok := have[b]; !ok {
				have[b] = to
			}
		}
		if to == stem {
			left = append(left, stem)
		} else {
			bySet[to] = append(bySet[to], bySet[stem]...)
		}
	}
	return left
}

// firstTime is the time of the first entry that states one.
func (s *survey) firstTime(ctx context.Context, f *logFile) time.Time {
	head, err := f.Head()
	if err != nil {
		return time.Time{}
	}
	for r, err := range parser.Records(ctx, headSource{f.Name(), head}, f.format, s.decoder(f)) {
		if err == nil && !r.Time.IsZero() {
			return r.Time
		}
	}
	return time.Time{}
}

// inOrder puts the generations of each log in their order, in the places that they hold.
func (s *survey) inOrder(sets [][]*logFile) {
	if len(sets) == 0 {
		return
	}
	place := map[*logFile]int{}
	for i, f := range s.files {
		place[f] = i
	}
	for _, set := range sets {
		var places []int
		for _, f := range set {
			places = append(places, place[f])
		}
		slices.Sort(places)
		for i, f := range set {
			s.files[places[i]] = f
		}
	}
}

// smallEnough is the size up to which a log is compared with the next one whatever their times say: they may have been
// copied without them.
const smallEnough = 4 << 20

// apart says that a log was written last before the next one begins.
func (f *logFile) apart(next *logFile) bool {
	return f.Size() > smallEnough && next.first.After(f.ModTime())
}

// countOnce makes lines that two generations of one log hold count once, and says where that is so. A generation that
// was written last before the next one begins cannot share any with it, and is not read for this.
func (s *survey) countOnce(ctx context.Context) []string {
	var notes []string
	for _, set := range s.sets {
		before := set[0]
		skip := make([]int, len(set)) // set when all have been compared whole
		for i, f := range set {
			if i == 0 {
				continue
			}
			if before.apart(f) {
				before = f
				continue
			}
			if offset, _ := f.Consumed(); offset > 0 { // it was compared when it was met
				before = f
				continue
			}
			before.compared.Store(true)
			n, err := input.Shared(ctx, before.File, f.File)
			switch {
			case err != nil: // is said when it is read
			case n == input.SkipAll:
				notes = append(notes, fmt.Sprintf("%s holds no line that %s does not hold too: it was left out.", f.Name(), before.Name()))
			case n > 0:
				notes = append(notes, fmt.Sprintf("%s begins with %d lines that %s ends with: they count once.", f.Name(), n, before.Name()))
			}
			if skip[i] = n; n != input.SkipAll {
				before = f
			}
		}
		for i, f := range set {
			f.Skip(skip[i])
		}
	}
	const most = 5
	if len(notes) > most {
		notes = append(notes[:most], fmt.Sprintf("So it is with %d more files.", len(notes)-most))
	}
	return notes
}
