package archive

import (
	"bufio"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// folder is the open folder of an archive. os.Root keeps every name inside it.
type folder struct{ root *os.Root }

const (
	pageSuffix  = ".html"
	entrySuffix = ".day.json"
	runSuffix   = ".run.json"
	runStamp    = "20060102T150405Z"
	firstRun    = "first" // in place of the stamp: there was no run before
	unfinished  = ".new"  // what is being written
)

// open makes the folder if need be.
func open(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &folder{root}, nil
}

func (f *folder) close() { f.root.Close() }

// dayPath is "2026/11/2026-11-22.html".
func dayPath(day time.Time, suffix string) string { return day.Format("2006/01/2006-01-02") + suffix }

// runPath is the name of a run's report: by when the run before had read, which a repeated run has in common with the one that crashed.
func runPath(day time.Time, since *time.Time) string {
	stamp := firstRun
	if since != nil {
		stamp = since.UTC().Format(runStamp)
	}
	return dayPath(day, "."+stamp+runSuffix)
}

// write lets fill write a file, which appears whole or not at all.
func (f *folder) write(name string, fill func(io.Writer) error) error {
	if err := f.root.MkdirAll(path.Dir(name), 0o750); err != nil {
		return err
	}
	file, err := f.root.OpenFile(name+unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640)
	if err != nil {
		return err
	}
	defer f.root.Remove(name + unfinished) // gone already if all went well
	w := bufio.NewWriter(file)
	if err = fill(w); err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return f.root.Rename(name+unfinished, name)
}

// dayOf is the day that a file of the archive belongs to.
func dayOf(dir, name string) (day time.Time, ok bool) {
	if len(name) < len(time.DateOnly) {
		return day, false
	}
	day, err := time.Parse(time.DateOnly, name[:len(time.DateOnly)])
	if err != nil || dir != day.Format("2006/01") {
		return day, false
	}
	switch rest := strings.TrimSuffix(name[len(time.DateOnly):], unfinished); rest {
	case pageSuffix, entrySuffix:
		return day, true
	default:
		stamp, isRun := strings.CutSuffix(rest, runSuffix)
		if _, err := time.Parse("."+runStamp, stamp); isRun && (err == nil || stamp == "."+firstRun) {
			return day, true
		}
	}
	return day, false
}

// each calls do with the files of the archive, by their names.
func (f *folder) each(do func(dir, name string, day time.Time)) {
	for _, year := range f.folders(".", 4) {
		for _, month := range f.folders(year, 2) {
			entries, _ := fs.ReadDir(f.root.FS(), month)
			for _, e := range entries {
				if day, ok := dayOf(month, e.Name()); ok && e.Type().IsRegular() {
					do(month, e.Name(), day)
				}
			}
		}
	}
}

// folders are those within dir that have digits for a name.
func (f *folder) folders(dir string, digits int) (out []string) {
	entries, _ := fs.ReadDir(f.root.FS(), dir)
	for _, e := range entries {
		if name := e.Name(); e.IsDir() && len(name) == digits && strings.Trim(name, "0123456789") == "" {
			out = append(out, path.Join(dir, name))
		}
	}
	return out
}

// days are those that something is kept of, in order.
func (f *folder) days() (out []time.Time) {
	f.each(func(_, name string, day time.Time) {
		if (len(out) == 0 || !out[len(out)-1].Equal(day)) && !strings.HasSuffix(name, unfinished) {
			out = append(out, day)
		}
	})
	return out
}

// runs are the reports of a day, in their order.
func (f *folder) runs(day time.Time) (out []string) {
	dir := path.Dir(dayPath(day, ""))
	entries, _ := fs.ReadDir(f.root.FS(), dir)
	for _, e := range entries {
		if d, ok := dayOf(dir, e.Name()); ok && d.Equal(day) && strings.HasSuffix(e.Name(), runSuffix) && e.Type().IsRegular() {
			out = append(out, path.Join(dir, e.Name()))
		}
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(order(a), order(b)) })
	return out
}

// order puts the first run of all before the others.
func order(name string) string {
	if strings.HasSuffix(name, "."+firstRun+runSuffix) {
		return ""
	}
	return name
}

// sweep deletes the days before oldest, and folders that are empty then.
func (f *folder) sweep(oldest time.Time) {
	dirs := map[string]bool{}
	f.each(func(dir, name string, day time.Time) {
		if day.Before(oldest) && f.root.Remove(path.Join(dir, name)) == nil {
			dirs[dir] = true
		}
	})
	for dir := range dirs { // Remove leaves a folder with anything in it
		if f.root.Remove(dir) == nil {
			f.root.Remove(path.Dir(dir))
		}
	}
}
