package input

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// listing gathers the files of an archive on disk, and of those in it.
type listing struct {
	*opener
	size     int64 // on disk
	before   int   // files of other inputs
	failed   int   // errors of other inputs
	unpacked int64 // so far
	members  int
	texts    int // bytes of configuration
}

// bomb says whether more text has come out than logs hold.
func (l *listing) bomb() bool { return bomb(l.size, l.unpacked) }

func bomb(size, text int64) bool { return text > minBomb && text/maxRatio > size }

// ball passes once through an archive and notes its files. first is its beginning where that is at hand already: the
// one within another is listed while the outer one passes by.
func (l *listing) ball(a *Archive, ball *roll, depth int, first io.Reader) {
	var err error
	var p *pass
	if first != nil {
		p, err = ball.from(io.NopCloser(first), &l.unpacked)
	} else {
		p, err = ball.begin(&l.unpacked)
	}
	if err == nil {
		err = l.pass(a, ball, p, depth)
		p.end()
	}
	l.done(a, err)
}

func (l *listing) pass(a *Archive, ball *roll, p *pass, depth int) error {
	a.slow = true
	for i := 0; ; i++ {
		e, err := p.seq.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case l.members >= maxMembers:
			return errTooMany
		case l.bomb():
			return errBomb
		}
		l.members++
		inside := memberPath(e.name)
		if e.link.to != "" {
			a.link(inside, e.link)
		}
		if !e.regular {
			continue
		}
		f := &File{
			name: a.name + inArchive + inside, walked: true, size: e.size, mtime: e.mtime, archive: a,
			member: &member{ball: ball, place: i, size: e.size},
		}
		_, inside = f.Archive() // the same text, held once
		if e.err != nil {
			f.locked(e.err)
			a.add(inside, f)
			continue
		}
		var text io.Reader = p.seq
		if confLike(inside) && !e.holes && e.size <= maxConf && l.texts < maxConfs {
			kept, _ := io.ReadAll(io.LimitReader(text, maxConf)) // a cut is said when it is read as a log
			l.texts += len(kept)
			a.keepText(inside, kept)
			text = io.MultiReader(bytes.NewReader(kept), text)
		}
		if !l.nested(f, text, depth, !e.holes) {
			a.add(inside, f)
		}
	}
}

// locked makes f one that cannot be read.
func (f *File) locked(why error) {
	f.member.opens = func() (io.ReadCloser, error) {
		return nil, &Error{Path: f.name, What: why.Error(), Mend: "unpack the archive and give the folder", Err: why}
	}
}

// nested looks at the beginning of a member. If it is an archive its files are taken, else the first and last lines
// are kept, if asked for: a packed archive has no way back.
func (l *listing) nested(f *File, raw io.Reader, depth int, keep bool) bool {
	head := make([]byte, packedHead)
	n, _ := io.ReadFull(raw, head)
	raw = io.MultiReader(bytes.NewReader(head[:n]), raw)
	if strings.HasPrefix(string(head[:n]), zipMagic) {
		l.inner(f, &roll{kind: zipArchive}, depth, raw)
		return true
	}
	kind, text, err := unpack(raw)
	if err != nil {
		return false // is said when it is read
	}
	if c, ok := text.(io.Closer); ok {
		defer func() { _ = c.Close() }()
	}
	begin := make([]byte, enough)
	n, _ = io.ReadFull(text, begin)
	text = io.MultiReader(bytes.NewReader(begin[:n]), text)
	if contained(kind, begin[:n]) == tarArchive {
		l.inner(f, &roll{kind: tarArchive}, depth, text)
		return true
	}
	if keep {
		l.keepEnds(f, kind, text)
	}
	return false
}

// inner takes the files of an archive in an archive; deeper ones are left.
func (l *listing) inner(f *File, ball *roll, depth int, text io.Reader) {
	if depth >= maxDeep {
		l.fail(&Error{Path: f.name, What: "is an archive in an archive in an archive; not opened", Mend: "unpack the outer one and give its folder", Err: ErrSkipped})
		return
	}
	ball.shelf, ball.open = l.shelf, f.member.open
	l.ball(&Archive{name: f.name, parent: f.archive}, ball, depth+1, text)
}

// done says what went wrong, and how much of the archive there is.
func (l *listing) done(a *Archive, err error) {
	l.files = append(l.files, a.files...)
	found := len(a.files)
	var e *Error
	switch {
	case errors.As(err, &e):
		e.Path = a.name
		l.fail(e)
	case err != nil && found == 0:
		l.fail(&Error{Path: a.name, What: "is an archive that cannot be read: " + err.Error(), Mend: "fetch it again from where it came", Err: errors.Join(ErrDamaged, err)})
	case err != nil:
		l.fail(&Error{
			Path: a.name, What: "the archive is cut or damaged (" + err.Error() + "): " + strconv.Itoa(found) + " files of it are read, what follows is lost",
			Mend: "fetch it again from where it came", Err: errors.Join(ErrDamaged, err),
		})
	case a.parent == nil && len(l.opener.files) == l.before && len(l.errs) == l.failed:
		l.fail(&Error{Path: a.name, What: "no file in this archive"})
	}
}

// add notes a file; the later of two of the same name is the one that unpacking would leave.
func (a *Archive) add(inside string, f *File) {
	if a.byName == nil {
		a.byName = make(map[string]int)
	}
	delete(a.links, inside)
	if i, twice := a.byName[inside]; twice {
		a.files[i] = f
		return
	}
	a.byName[inside] = len(a.files)
	if a.files = append(a.files, f); len(a.files) == manyMembers {
		for _, f := range a.files {
			f.DropEnds()
		}
	}
}

func (a *Archive) link(inside string, l target) {
	if a.links == nil {
		a.links = make(map[string]target)
	}
	a.links[inside] = l
}

// Bounds of the configuration that is kept from the first pass.
const (
	maxConf  = 1 << 20
	maxConfs = 8 << 20
)

// confLike says whether a member may be a file of a configuration. Those that are not kept are fetched by another pass.
func confLike(inside string) bool {
	base := path.Base(inside)
	for _, end := range []string{".gz", ".log", ".1", "_log", ".php", ".bz2", ".xz", ".zst", ".zip", ".tar", ".tgz"} {
		if strings.HasSuffix(base, end) {
			return false
		}
	}
	for _, end := range []string{".conf", ".cnf", ".ini", ".inc", "envvars"} {
		if strings.HasSuffix(base, end) {
			return true
		}
	}
	for part := range strings.SplitSeq(path.Dir(inside), "/") {
		switch part {
		case "nginx", "apache2", "httpd", "conf", "conf.d", "pool.d", "php-fpm.d", "sites-enabled", "sites-available", "vhosts", "vhost":
			return !strings.Contains(inside, "/log/") && !strings.Contains(inside, "/logs/") && !strings.Contains(inside, "/domlogs/")
		}
	}
	return false
}

func (a *Archive) keepText(inside string, text []byte) {
	if a.texts == nil {
		a.texts = make(map[string][]byte)
	}
	a.texts[inside] = text
}

// DropEnds is for when what a file in an archive begins and ends with has been looked at. Asked again it would have to be read anew.
func (f *File) DropEnds() { f.ends = nil }

// keepEnds keeps the first lines of f, and the last ones as Ends has them.
func (l *listing) keepEnds(f *File, kind compression, text io.Reader) {
	if l.heads > maxHeadBytes || len(f.archive.files) >= manyMembers {
		return
	}
	r, err := newTextReader(kind, text)
	if err != nil {
		return // is said when it is read
	}
	defer r.close()
	first := r.lines.first(headLines, firstRead)
	lines, rest := cutHead(nil, first, headLines)
	for _, line := range lines {
		l.heads += len(line)
	}
	f.ends = &keptEnds{head: bytes.Clone(first[:len(first)-len(rest)])}
	if kind == plain && l.tails < maxTailBytes {
		f.ends.tail = r.lines.last(tailBytes)
		l.tails += len(f.ends.tail) - bytes.Count(f.ends.tail, []byte("\n"))
	}
}
