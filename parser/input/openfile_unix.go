//go:build unix

package input

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// openFile is os.Open for a file on disk, which that would ask five times whether it can be waited for.
func openFile(path string) (*os.File, error) {
	for {
		fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		switch {
		case err == nil:
			return os.NewFile(uintptr(fd), path), nil
		case !errors.Is(err, syscall.EINTR):
			return nil, &fs.PathError{Op: "open", Path: path, Err: err}
		}
	}
}
