package follow

import (
	"io/fs"
	"os"
	"time"
)

// system is what is asked of the operating system; tests put failing ones in its place.
type system struct {
	stat  func(path string) (info, error)
	fstat func(*os.File) (info, error)
	open  func(path string) (*os.File, error)
}

// info is what a look at a file tells.
type info struct {
	id    identity
	owner int // user id; -1 if there are none
	size  int64
	mtime time.Time
	mode  fs.FileMode
}

var realSystem = system{
	stat: func(path string) (info, error) {
		i, err := os.Stat(path)
		if err != nil {
			return info{}, err
		}
		return inform(i), nil
	},
	fstat: func(f *os.File) (info, error) {
		i, err := f.Stat()
		if err != nil {
			return info{}, err
		}
		return inform(i), nil
	},
	open: openFile,
}

func inform(i fs.FileInfo) info {
	id, owner := identify(i)
	return info{id, owner, i.Size(), i.ModTime(), i.Mode()}
}

// Identity is what Marks call dev and inode; zeros where files have none.
func Identity(i fs.FileInfo) (dev, inode uint64) {
	id, _ := identify(i)
	return id.dev, id.inode
}
