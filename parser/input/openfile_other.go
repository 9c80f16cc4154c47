//go:build !unix

package input

import "os"

// diskFile is a file on disk that is read.
type diskFile struct {
	*os.File
	path string
	size int64 // as it was listed
}

func openFile(path string, size int64) (*diskFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &diskFile{f, path, size}, nil
}
