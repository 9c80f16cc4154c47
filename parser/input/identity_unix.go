//go:build unix

package input

import (
	"io/fs"
	"syscall"
)

// identity tells files apart whatever they are called.
type identity struct {
	dev, inode uint64
	path       string // where the file system gives no inode
}

func identify(path string, info fs.FileInfo) identity {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return identity{dev: uint64(st.Dev), inode: st.Ino} // Dev is narrower on some systems
	}
	return identity{path: realPath(path)}
}
