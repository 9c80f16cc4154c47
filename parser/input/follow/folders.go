package follow

import (
	"os"
	"time"

	"why502/parser/input"
)

// folderCache keeps the names in folders as long as those stay as they are: a folder may hold thousands of logs.
type folderCache map[string]*folder

type folder struct {
	read    time.Time
	changed time.Time           // the folder's own time
	names   map[string][]string // by what the names of a log's generations share
}

const folderAge = time.Second

func (c folderCache) list(dir string) *folder {
	now := time.Now()
	var changed time.Time
	if st, err := os.Stat(dir); err == nil {
		changed = st.ModTime()
	}
	// A folder that changed just before it was read may have changed after, too, and its time says nothing of it.
	if f := c[dir]; f != nil && now.Sub(f.read) < folderAge && f.changed.Equal(changed) && f.read.Sub(changed) > clockGrain {
		return f
	}
	for d, f := range c {
		if now.Sub(f.read) >= folderAge {
			delete(c, d)
		}
	}
	f := &folder{read: now, changed: changed, names: map[string][]string{}}
	entries, _ := os.ReadDir(dir) // a folder that cannot be read has no siblings to offer
	for _, e := range entries {
		if !e.IsDir() {
			stem := input.Stem(e.Name())
			f.names[stem] = append(f.names[stem], e.Name())
		}
	}
	c[dir] = f
	return f
}
