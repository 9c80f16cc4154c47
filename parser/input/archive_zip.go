package input

import (
	"archive/zip"
	"errors"
	"io"
	"os"
)

const zipMagic = "PK\x03\x04"

var errEncrypted = errors.New("it is encrypted; unpack it and give the folder")

// listZip notes the files of a zip archive. Its list stands at the end: of one that was cut nothing can be found.
func (o *opener) listZip(name string, file *os.File, size int64) error {
	z, err := zip.OpenReader(file.Name())
	if err != nil {
		return err
	}
	var found members
	var text uint64
	for _, m := range z.File {
		text += m.UncompressedSize64
	}
	switch {
	case len(z.File) > maxMembers:
		err = errTooMany
	case text > 1<<62 || bomb(size, int64(text)):
		err = errBomb
	}
	if err != nil {
		_ = z.Close()
		return err
	}
	for _, m := range z.File {
		if !m.Mode().IsRegular() {
			continue
		}
		const encrypted = 1
		open := m.Open
		if m.Flags&encrypted != 0 {
			open = func() (io.ReadCloser, error) { return nil, errEncrypted }
		}
		found.add(&File{
			name: memberName(name, m.Name), walked: true, size: int64(m.CompressedSize64), mtime: m.Modified,
			member: &member{open: open, kind: "zip"},
		})
	}
	o.files = append(o.files, found.files...)
	return nil
}
