package input

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
)

var errEncrypted = errors.New("is encrypted; not read")

// encrypted is the flag of a member that is.
const encrypted = 1

// zip notes the files of a zip archive on disk. Its list stands at the end: one that was cut is read from its start, as
// long as it goes.
func (l *listing) zip(a *Archive, ball *roll, depth int) {
	file, err := ball.open()
	if err != nil {
		l.done(a, err)
		return
	}
	if zipEntries(file.(io.ReaderAt), l.size) > manyMembers { // the list would take more memory than all else
		_ = file.Close()
		l.ball(a, ball, depth, nil)
		return
	}
	z, err := zip.NewReader(file.(io.ReaderAt), l.size)
	if err == nil {
		l.done(a, l.zipList(a, ball, z, depth))
		return
	}
	_ = file.Close()
	p, failed := ball.begin(&l.unpacked)
	if failed == nil {
		failed = l.pass(a, ball, p, depth)
		p.end()
	}
	if !errors.Is(failed, errBomb) && !errors.Is(failed, errTooMany) {
		failed = errNoList
	}
	l.done(a, failed)
}

// zipEntries is how many files a zip archive says it holds, the most it can say if they are more; 0 if it does not tell.
func zipEntries(file io.ReaderAt, size int64) int {
	const mark, length, longest = "PK\x05\x06", 22, 22 + 1<<16
	end := make([]byte, min(size, longest))
	if n, err := file.ReadAt(end, size-int64(len(end))); n < len(end) && err != nil {
		return 0
	}
	i := bytes.LastIndex(end, []byte(mark))
	if i < 0 || i+length > len(end) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(end[i+10:]))
}

var errNoList = errors.New("the list of its files at the end is missing or broken")

func (l *listing) zipList(a *Archive, ball *roll, z *zip.Reader, depth int) error {
	var text uint64
	for _, m := range z.File {
		text += m.UncompressedSize64
	}
	switch {
	case len(z.File) > maxMembers:
		return errTooMany
	case text > 1<<62 || bomb(l.size, int64(text)):
		return errBomb
	}
	for _, m := range z.File {
		l.members++
		inside := memberPath(m.Name)
		switch {
		case m.Mode()&fs.ModeSymlink != 0:
			if to, ok := zipLink(m); ok {
				a.link(inside, target{to: to})
			}
			continue
		case !m.Mode().IsRegular():
			continue
		}
		f := &File{
			name: a.name + inArchive + inside, walked: true, size: int64(m.CompressedSize64), mtime: m.Modified, archive: a,
			member: &member{ball: ball, opens: m.Open, size: int64(m.UncompressedSize64)},
		}
		if m.Flags&encrypted != 0 {
			f.locked(errEncrypted)
		} else if l.zipMember(f, m, depth) {
			continue
		}
		a.add(inside, f)
	}
	return nil
}

// zipMember looks whether a member is an archive itself. Any of its lines can be had at any time: only the last ones
// of small files are kept.
func (l *listing) zipMember(f *File, m *zip.File, depth int) bool {
	text, err := m.Open()
	if err != nil {
		return false // is said when it is read
	}
	defer func() { _ = text.Close() }()
	return l.nested(f, text, depth, m.UncompressedSize64 <= maxConf)
}

// zipLink reads what a symbolic link leads to.
func zipLink(m *zip.File) (string, bool) {
	const longest = 4096
	text, err := m.Open()
	if err != nil {
		return "", false
	}
	defer func() { _ = text.Close() }()
	target, err := io.ReadAll(io.LimitReader(text, longest))
	return string(target), err == nil && len(target) > 0
}
