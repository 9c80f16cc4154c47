package discover

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

// counted is a server of nothing but folders, which counts how often it is asked.
type counted struct {
	Files
	tree  fstest.MapFS
	asked int
}

func (c *counted) Readlink(string) (string, bool) { c.asked++; return "", false }

func (c *counted) Stat(p string) (fs.FileInfo, error) {
	c.asked++
	return c.tree.Stat(p[1:])
}

func TestConfigured(t *testing.T) {
	for folder, want := range map[string]bool{
		"etc/nginx": true, "etc/opt/remi/php82": true, "usr/local/apache2/conf": true, "opt/cpanel": true,
		"etc/ssl": false, "usr/local/bin": false, "nginx": false, "var/log": false,
	} {
		c := &counted{tree: fstest.MapFS{folder + "/x": {}}}
		if got := Configured(c); got != want {
			t.Errorf("%s: %v", folder, got)
		}
	}
	// Above logs there may be a hundred thousand folders, and each is asked.
	c := &counted{tree: fstest.MapFS{"logs/access.log": {}}}
	if Configured(c); c.asked > 8 {
		t.Errorf("asked %d times to see that there is nothing", c.asked)
	}
}
