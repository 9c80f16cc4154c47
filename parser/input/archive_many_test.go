package input

import (
	"archive/tar"
	"fmt"
	"path/filepath"
	"testing"
)

// Of an archive of thousands of files nothing is held but where they are; each is read as ever.
func TestArchiveOfThousands(t *testing.T) {
	const members = manyMembers + 10
	var items []item
	for i := range members {
		items = append(items, item{fmt.Sprintf("logs/%d.log", i), fmt.Sprintf("first of %d\nsecond of %[1]d\n", i), tar.TypeReg})
	}
	for name, text := range map[string]string{"x.tgz": pack(t, gzipped, tarOf(t, items)), "x.zip": zipOf(t, items)} {
		t.Run(name, func(t *testing.T) {
			dir := write(t, map[string]string{name: text})
			files, errs := Open([]string{filepath.Join(dir, name)}, Options{})
			if len(errs) > 0 || len(files) != members {
				t.Fatal(len(files), errs)
			}
			var ends Ends
			for i, f := range files {
				if f.ends != nil || f.member.opens != nil {
					t.Fatalf("%s holds more than its place", f.Name())
				}
				if err := ends.Read(f); err != nil || len(ends.Head) != 2 || string(ends.Head[1]) != fmt.Sprintf("second of %d", i) {
					t.Fatalf("%s begins with %q, %v", f.Name(), ends.Head, err)
				}
			}
			for i, f := range files {
				if i%1000 > 2 && i < members-3 {
					continue
				}
				n := 0
				for l, err := range f.Lines(t.Context()) {
					if want := fmt.Sprintf("%s of %d", [...]string{"first", "second"}[n], i); err != nil || string(l.Text) != want {
						t.Fatalf("%s: %q, %v, want %q", f.Name(), l.Text, err, want)
					}
					n++
				}
				if n != 2 {
					t.Fatalf("%s: %d lines", f.Name(), n)
				}
			}
		})
	}
}

// What archives in a folder begin with is held for all of them together, not for each.
func TestManyArchives(t *testing.T) {
	line := fmt.Sprintf("%0*d\n", firstRead-10, 1)
	texts := map[string]string{}
	for i := range 4 {
		var items []item
		for k := range maxHeadBytes / len(line) / 2 {
			items = append(items, item{fmt.Sprintf("logs/%d.log", k), line, tar.TypeReg})
		}
		texts[fmt.Sprintf("%d.tgz", i)] = pack(t, gzipped, tarOf(t, items))
	}
	files, errs := Open([]string{write(t, texts)}, Options{})
	held := 0
	for _, f := range files {
		if f.ends != nil {
			held += len(f.ends.head)
		}
	}
	if len(errs) > 0 || held < maxHeadBytes/2 || held > maxHeadBytes+2*firstRead {
		t.Errorf("%d files, %d bytes held: %v", len(files), held, errs)
	}
}
