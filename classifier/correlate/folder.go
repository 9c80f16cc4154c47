package correlate

import (
	"cmp"
	"slices"
	"strings"
)

// Folder is where a file lies that is not told apart from the others of its format there: what it says is counted under the
// Source of all of them, whose path is
//
//	/var/log/apache2/domlogs/* (apache-access)
//
// Samples still name the file, and the site that it is about is still read off its own name.
type Folder string

// Source is the path of the Source for the files of a format.
func (f Folder) Source(format string) string {
	return strings.TrimSuffix(string(f), "/") + "/* (" + cmp.Or(format, "empty") + ")"
}

// folding is the file in a Folder that is being read.
type folding struct {
	file, source string
	own          *Source // what it contributes; nil: it is counted under the folder's at once
}

// Special is why a file in a Folder is told apart nevertheless.
type Special uint8

const (
	Unread  Special = iota // it could not be read to its end
	Unclear                // some of it was not understood
	Failing                // it tells of failures
	Usual                  // it is not
)

// maxSpecial bounds the files that are told apart for one reason: those that come first by name are.
const maxSpecial = 500

// SpecialFile is a file that is told apart; what it contributed is counted under its Folder's Source as well.
type SpecialFile struct {
	*Source
	In string // path of the Source of the folder
}

// Begin says that the file which is read next lies in a folder. End must follow.
func (t *Timeline) Begin(file string, in Folder, format string) {
	t.folding = folding{file, in.Source(format), &Source{Path: file}}
	t.reading = current{}
}

// End adds what else that file contributed. Its format may be known only now.
func (t *Timeline) End(in Folder, rest *Source, why Special) {
	own := t.folding.own
	own.Add(rest)
	all := t.Source(in.Source(own.Format))
	sum := *own
	sum.Error, sum.Files = "", 1
	if own.Error != "" {
		sum.Failed = 1
	}
	all.Add(&sum)
	if why < Usual {
		t.tellApart(why, SpecialFile{own, all.Path})
	}
	t.folding, t.reading = folding{}, current{}
}

// tellApart has a file told apart, unless too many come before it.
func (t *Timeline) tellApart(why Special, f SpecialFile) {
	list := t.special[why]
	i, _ := slices.BinarySearchFunc(list, f, func(a, b SpecialFile) int { return strings.Compare(a.Path, b.Path) })
	if i == maxSpecial {
		return
	}
	if len(list) == maxSpecial {
		list = list[:maxSpecial-1]
	}
	t.special[why] = slices.Insert(list, i, f)
}

// Special returns the files in folders that are told apart, by path.
func (t *Timeline) Special() []SpecialFile {
	all := slices.Concat(t.special[:]...)
	slices.SortFunc(all, func(a, b SpecialFile) int { return strings.Compare(a.Path, b.Path) })
	return all
}
