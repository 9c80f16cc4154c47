package main

import (
	"io"
	"os"
	"path/filepath"
)

// writeFile lets write fill a file and puts it in its place when that is done, so that nobody who looks at
// path, be it a web server, sees half a report. What is no plain file (/dev/stdout, a pipe) is written to as it is.
func writeFile(path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		if err := write(f); err != nil {
			f.Close()
			return err
		}
		return f.Close()
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already if all went well
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	// Reports hold addresses of visitors: as closed as the umask makes any new file, not more open.
	if err := f.Chmod(permissions(path)); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// noFolder refuses a file that flag names in a folder that is not there: to be told after an hour of reading is late.
func noFolder(flag, path string) error {
	if path == "" || path == "-" {
		return nil
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return usage("%s %s: %s", flag, path, unwritten(err))
	}
	return nil
}

// permissions are those of the file that is replaced, or of a new one.
func permissions(path string) os.FileMode {
	if info, err := os.Stat(path); err == nil {
		return info.Mode().Perm()
	}
	return 0o640
}
