package discover

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Files is where the files of a server are: below a folder, or in an archive. Paths are absolute, slashed and clean,
// "/" is the server's root, and no link is on the way to what they name: links are followed here, not there.
type Files interface {
	Name(p string) string // as people know it: "/tmp/copy/etc/nginx", "customer.tgz!/etc/nginx"
	Readlink(p string) (target string, ok bool)
	Stat(p string) (fs.FileInfo, error)
	List(p string) ([]string, error) // names in a folder, in order
	Open(p string) (io.ReadCloser, error)
	Allowed(p string) error // why a file cannot be read
}

// Folder is a server whose root is a folder of this machine; "/" is this machine.
func Folder(root string) Files { return folder(filepath.Clean(root)) }

type folder string

func (f folder) Name(p string) string { return filepath.Join(string(f), filepath.FromSlash(p)) }

func (f folder) Readlink(p string) (string, bool) {
	target, err := os.Readlink(f.Name(p))
	return filepath.ToSlash(target), err == nil
}

func (f folder) Stat(p string) (fs.FileInfo, error) { return os.Stat(f.Name(p)) }

func (f folder) List(p string) ([]string, error) {
	entries, err := os.ReadDir(f.Name(p))
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, err
}

func (f folder) Open(p string) (io.ReadCloser, error) { return os.Open(f.Name(p)) }

func (f folder) Allowed(p string) error {
	file, err := os.Open(f.Name(p))
	if err == nil {
		_ = file.Close()
	}
	return err
}

// Configured says whether files holds the root of a server: a folder of configuration where it belongs.
func Configured(files Files) bool {
	t := newTree(files)
	for _, top := range configured {
		// There may be a hundred thousand folders above logs, and most have none of these.
		if t.isFolder(top.folder) && slices.ContainsFunc(top.below, func(p string) bool { return t.isFolder(top.folder + p) }) {
			return true
		}
	}
	return false
}

// HasFolder says whether there is a folder of that name.
func HasFolder(files Files, p string) bool { return newTree(files).isFolder(p) }
