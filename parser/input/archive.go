package input

import (
	"errors"
	"io"
	"os"
	"path"
	"strconv"
	"strings"
)

// An archive of logs is read in place, member by member: nothing is written to disk, and a member is held no longer than
// its lines are read. Its files are named by both, "backup.tgz!/var/log/nginx/error.log".
const inArchive = "!"

// Bounds of what an archive may make us do. A member's own size does not matter: it is streamed.
const (
	maxMembers   = 50_000
	maxHeadBytes = 16 << 20 // of the heads kept from the first pass
	minBomb      = 1 << 30
	maxRatio     = 500 // logs pack to a twentieth, runs of NUL to a thousandth
	maxHoles     = 16 << 30
)

var (
	errTooMany = errors.New("more than " + strconv.Itoa(maxMembers) + " files in it")
	errBomb    = errors.New("it unpacks to more than " + strconv.Itoa(maxRatio) + " times its size")
)

// member is where a File in an archive gets its bytes.
type member struct {
	open func() (io.ReadCloser, error)
	kind string // "tar"
}

// archive takes the files of an archive; it is false if file is none. An archive within an archive is not opened.
func (o *opener) archive(name string, file *os.File, size int64) (bool, error) {
	kind, text, err := unpack(file)
	if err != nil {
		return false, nil // the reading of it says so
	}
	head := make([]byte, enough)
	n, _ := io.ReadFull(text, head)
	if c, ok := text.(io.Closer); ok {
		_ = c.Close()
	}
	list := o.listTar
	switch head = head[:n]; {
	case kind == plain && strings.HasPrefix(string(head), zipMagic):
		list = o.listZip
	case n <= tarMagicAt || !strings.HasPrefix(string(head[tarMagicAt:]), tarMagic):
		return false, nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return true, err
	}
	before := len(o.files)
	err = list(name, file, size)
	switch found := len(o.files) - before; {
	case err != nil && found == 0:
		o.fail(&Error{Path: name, What: "is an archive that cannot be read: " + err.Error(), Mend: "fetch it again from where it came", Err: errors.Join(ErrDamaged, err)})
	case err != nil:
		o.fail(&Error{
			Path: name, What: "the archive is cut or damaged (" + err.Error() + "): " + strconv.Itoa(found) + " files of it are read, what follows is lost",
			Mend: "fetch it again from where it came", Err: errors.Join(ErrDamaged, err),
		})
	case found == 0:
		o.fail(&Error{Path: name, What: "no file in this archive"})
	}
	return true, nil
}

// memberName is the name of a member below its archive: no way leads out of it, whatever it is called.
func memberName(archive, name string) string {
	return archive + inArchive + path.Clean("/"+strings.ReplaceAll(name, `\`, "/"))
}

// bomb says whether an archive of size bytes holds more text than logs do.
func bomb(size, text int64) bool { return text > minBomb && text/maxRatio > size }

// members gathers the files of one archive; the later of two of the same name is the one that unpacking would leave.
type members struct {
	files []*File
	byID  map[string]int
	heads int
}

func (m *members) add(f *File) {
	if m.byID == nil {
		m.byID = make(map[string]int)
	}
	if i, twice := m.byID[f.name]; twice {
		m.files[i] = f
		return
	}
	m.byID[f.name] = len(m.files)
	m.files = append(m.files, f)
}

// keepHead reads the first lines of f while the first pass is there: a packed archive has no way back.
func (m *members) keepHead(f *File, text io.Reader) {
	if m.heads > maxHeadBytes {
		return
	}
	r, err := newReader(io.NopCloser(text), &f.read)
	if err != nil {
		return // is said when it is read
	}
	defer r.close()
	f.head = r.lines.peek(headLines, firstRead)
	for _, l := range f.head {
		m.heads += len(l)
	}
	f.headKept = true
}
