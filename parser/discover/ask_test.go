package discover

import (
	"os"
	"path/filepath"
	"testing"
)

func TestConfPath(t *testing.T) {
	for said, want := range map[string]string{
		"nginx version: nginx/1.28.0\nconfigure arguments: --with-cc-opt='-g -O2' --prefix=/opt/web --conf-path=/opt/web/etc/nginx.conf --with-http_v2_module\n": "/opt/web/etc/nginx.conf",
		"configure arguments: --prefix=/opt/web":                    "/opt/web/conf/nginx.conf",
		"configure arguments: --prefix=/opt/web --conf-path=n.conf": "/opt/web/n.conf",
		"configure arguments:":                                      "/usr/local/nginx/conf/nginx.conf",
		"configure arguments: --prefix=here":                        "",
		"nginx: command failed":                                     "",
		"":                                                          "",
	} {
		if got := confPath(said); got != want {
			t.Errorf("%s: %q, want %q", said, got, want)
		}
	}
}

// A copied tree is not asked for with this machine's nginx.
func TestAskNginx(t *testing.T) {
	dir := t.TempDir()
	conf := filepath.Join(dir, "odd.conf")
	lay(t, dir, "odd.conf", nil)
	lay(t, dir, "nginx", []byte("#!/bin/sh\necho configure arguments: --conf-path="+conf+" >&2\n"))
	if err := os.Chmod(filepath.Join(dir, "nginx"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	if got := newTree(Folder("/")).askNginx(); got != conf {
		t.Errorf("%q, want %q", got, conf)
	}
	if got := newTree(Folder(dir)).askNginx(); got != "" {
		t.Errorf("a copied tree: %q", got)
	}
	t.Setenv("PATH", t.TempDir())
	if got := newTree(Folder("/")).askNginx(); got != "" {
		t.Errorf("without nginx: %q", got)
	}
}
