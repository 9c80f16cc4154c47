//go:build unix

package follow

import (
	"io/fs"
	"os"
	"syscall"
)

// identity tells inodes apart.
type identity struct{ dev, inode uint64 }

func identify(i fs.FileInfo) (identity, int) {
	if st, ok := i.Sys().(*syscall.Stat_t); ok {
		return identity{uint64(st.Dev), st.Ino}, int(st.Uid) // Dev is narrower on some systems
	}
	return identity{}, -1
}

// openFile does not wait where a pipe has been put in the place of a log.
func openFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}
