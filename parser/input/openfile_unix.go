//go:build unix

package input

import (
	"errors"
	"io"
	"io/fs"
	"syscall"
)

// diskFile is a file on disk that is read. An os.File would ask whether it can be waited for and be watched by the garbage
// collector, which costs as much as reading a small log.
type diskFile struct {
	fd   int
	path string
	size int64 // as it was listed
	at   int64 // what has been read
}

func openFile(path string, size int64) (*diskFile, error) {
	f := &diskFile{path: path, size: size}
	err := f.again("open", func() (err error) {
		f.fd, err = syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// again makes a call until no signal interrupts it.
func (f *diskFile) again(op string, call func() error) error {
	for {
		switch err := call(); {
		case err == nil:
			return nil
		case !errors.Is(err, syscall.EINTR):
			return &fs.PathError{Op: op, Path: f.path, Err: err}
		}
	}
}

// Read says at once that there is no more where it has come to the end, which saves asking again.
func (f *diskFile) Read(p []byte) (n int, err error) {
	err = f.again("read", func() (err error) {
		n, err = syscall.Read(f.fd, p)
		return err
	})
	if err != nil {
		return 0, err
	}
	f.at += int64(n)
	if n < len(p) && (n == 0 || f.at >= f.size) {
		err = io.EOF
	}
	return n, err
}

func (f *diskFile) ReadAt(p []byte, at int64) (read int, err error) {
	for read < len(p) {
		n := 0
		err := f.again("read", func() (err error) {
			n, err = syscall.Pread(f.fd, p[read:], at+int64(read))
			return err
		})
		switch {
		case err != nil:
			return read, err
		case n == 0:
			return read, io.EOF
		}
		read += n
	}
	return read, nil
}

func (f *diskFile) Close() error { return syscall.Close(f.fd) }
