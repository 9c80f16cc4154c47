package input

import (
	"bytes"
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
	maxHeadBytes = 12 << 20 // of the heads kept from the first pass
	maxTailBytes = 4 << 20
	manyMembers  = 6_000 // of which no ends are kept: reading them again takes one pass for all
	minBomb      = 1 << 30
	maxRatio     = 500 // logs pack to a twentieth, runs of NUL to a thousandth
	maxHoles     = 16 << 30
	maxDeep      = 2 // an archive, and those in it

	// Of archives that a folder holds beside its logs: backups of whole servers were not asked for.
	maxWalked     = 2 << 30
	maxWalkedMany = 500
)

var (
	errTooMany = errors.New("more than " + strconv.Itoa(maxMembers) + " files in it")
	errBomb    = errors.New("it unpacks to more than " + strconv.Itoa(maxRatio) + " times its size")
)

// ErrSkipped is in the chain of the error of an archive that was passed over, and by intent: a note will do.
var ErrSkipped = errors.New("passed over")

// Archive is an archive that was opened: its files, and what else is known of it. It can be looked at like a folder,
// for the configuration that it may hold.
type Archive struct {
	name   string
	parent *Archive // that it lies in; nil on disk
	files  []*File
	byName map[string]int    // place in files, by the path inside
	links  map[string]target // by the path inside
	texts  map[string][]byte // small files that look like configuration

	folders map[string][]string // made by tree
	slow    bool                // a file that was not kept costs a pass
	fetched int
}

// target is where a link leads; that of a hard one is a path inside the archive.
type target struct {
	to   string
	hard bool
}

// Name is the path of the archive, as names of its files begin.
func (a *Archive) Name() string { return a.name }

// Parent is the archive that it lies in, nil if it lies on disk.
func (a *Archive) Parent() *Archive { return a.parent }

// Archive is the archive that the file lies in, and its path inside; nil if it lies on disk.
func (f *File) Archive() (a *Archive, inside string) {
	if f.archive == nil {
		return nil, ""
	}
	return f.archive, f.name[len(f.archive.name)+len(inArchive):]
}

// member is where a File that does not lie on disk gets its bytes: from a place in an archive, or as opens says.
type member struct {
	ball  *roll
	place int
	opens func() (io.ReadCloser, error) // nil: at that place
	size  int64                         // of the text
}

func (m *member) open() (io.ReadCloser, error) {
	if m.opens != nil {
		return m.opens()
	}
	return m.ball.member(m.place)
}

// kind is what is told to be damaged.
func (m *member) kind() string {
	if m.ball == nil {
		return journalName
	}
	return string(m.ball.kind)
}

// container is how an archive is laid out.
type container string

const (
	noArchive  container = ""
	tarArchive container = "tar"
	zipArchive container = "zip"
)

// How they are known: tar at the start of its first header, zip at once.
const (
	tarMagic   = "ustar"
	tarMagicAt = 257
	zipMagic   = "PK\x03\x04"
)

// contained says what the text that begins with head is.
func contained(kind compression, head []byte) container {
	switch {
	case kind == plain && bytes.HasPrefix(head, []byte(zipMagic)):
		return zipArchive
	case len(head) > tarMagicAt && bytes.HasPrefix(head[tarMagicAt:], []byte(tarMagic)):
		return tarArchive
	}
	return noArchive
}

// begin says how a file begins, and whether it is packed.
func (f *diskFile) begin(room *[enough]byte) (head []byte, kind compression) {
	n, _ := f.ReadAt(room[:], 0)
	return room[:n], sniffCompression(room[:min(n, packedHead)])
}

// archive takes the files of an archive on disk, which begins with head; it is false if file is none.
func (o *opener) archive(file *diskFile, head []byte, kind compression, walked bool) bool {
	name, size := file.path, file.size
	if kind != plain {
		if walked && kind == bzipped && !strings.Contains(path.Base(name), ".t") {
			return false // a block of 900 kB would be unpacked to see whether there is a tar in it
		}
		head = unpackedHead(io.NewSectionReader(file, 0, size))
	}
	c := contained(kind, head)
	if c == noArchive {
		return false
	}
	if o.trust {
		o.fail(ErrTrust)
		return true
	}
	if o.ledger != nil {
		e := &Error{Path: name, What: "is an archive; not opened", Mend: "give it to why502 analyze"}
		if walked {
			e.Err = ErrSkipped
		}
		o.fail(e)
		return true
	}
	if walked {
		if o.archives++; size > maxWalked || o.archives > maxWalkedMany {
			what := "is larger than " + strconv.Itoa(maxWalked>>30) + " GiB"
			if o.archives > maxWalkedMany {
				what = "is one of more than " + strconv.Itoa(maxWalkedMany) + " archives in the folder"
			}
			o.fail(&Error{Path: name, What: what + "; not opened", Mend: "give the archive itself as PATH to have it read", Err: ErrSkipped})
			return true
		}
	}
	l := &listing{opener: o, size: size, before: len(o.files), failed: len(o.errs)}
	ball := &roll{shelf: o.shelf, kind: c, open: func() (io.ReadCloser, error) { return os.Open(name) }}
	if c == zipArchive {
		l.zip(&Archive{name: name}, ball, 1)
	} else {
		l.ball(&Archive{name: name}, ball, 1, nil)
	}
	return true
}

// unpackedHead is how the text in raw begins.
func unpackedHead(raw io.Reader) []byte {
	_, text, err := unpack(raw)
	if err != nil {
		return nil // the reading of it says so
	}
	if c, ok := text.(io.Closer); ok {
		defer func() { _ = c.Close() }()
	}
	head := make([]byte, enough)
	n, _ := io.ReadFull(text, head)
	return head[:n]
}

// memberPath is the path of a member inside its archive: no way leads out of it, whatever it is called.
func memberPath(name string) string {
	return path.Clean("/" + strings.ReplaceAll(name, `\`, "/"))
}
