//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes the lock on an open file; it is freed when the file is closed, and by the kernel when the program ends, however it
// does. held says that another process has it.
func lockFile(f *os.File) (held bool, err error) {
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	return errors.Is(err, syscall.EWOULDBLOCK), err
}
