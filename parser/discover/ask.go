package discover

import (
	"context"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// maxAsk is how long a program may take to say how it was built.
const maxAsk = 5 * time.Second

// askNginx asks the nginx of this machine for its main file, where none lies in a usual place. "nginx -V" needs no
// rights and does nothing; "nginx -T" would open the logs, and so make those that are missing.
func (t *tree) askNginx() string {
	program, err := exec.LookPath("nginx")
	if t.Files != Folder(string(filepath.Separator)) || err != nil {
		return ""
	}
	ctx, stop := context.WithTimeout(context.Background(), maxAsk)
	defer stop()
	said, err := exec.CommandContext(ctx, program, "-V").CombinedOutput()
	if err != nil {
		return ""
	}
	if main := confPath(string(said)); main != "" && t.isFile(main) {
		return main
	}
	return ""
}

// confPath reads the main file out of what nginx -V says:
//
//	configure arguments: --prefix=/opt/web --conf-path=/opt/web/etc/nginx.conf --with-cc-opt='-g -O2'
func confPath(said string) string {
	prefix, conf := "/usr/local/nginx", "conf/nginx.conf"
	_, arguments, ok := strings.Cut(said, "configure arguments:")
	if !ok {
		return ""
	}
	for arg := range strings.FieldsSeq(arguments) {
		if v, ok := strings.CutPrefix(arg, "--prefix="); ok {
			prefix = v
		}
		if v, ok := strings.CutPrefix(arg, "--conf-path="); ok {
			conf = v
		}
	}
	if conf = below(prefix, conf); path.IsAbs(conf) {
		return conf
	}
	return ""
}
