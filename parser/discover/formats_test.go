package discover

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestFormats(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "conf")
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("nginx/nginx.conf", `# log_format none '$x';
http {
    map $uri $loggable { default 1; }
    log_format main '$remote_addr [$time_local] "$request" ' # to be gone on
                    "\"$http_referer\" $status";
    log_format obj escape=json '{"t":"$time_iso8601","s":$status}';
    log_format bad '$request';
    access_log /var/log/nginx/access.log main;
}
`)
	write("httpd/httpd.conf", `LogFormat "%h %l %u %t \"%r\" %>s %b" common
  logformat "%v %>s \
%T" split
CustomLog logs/x "%t %>s"
CustomLog logs/y common
LogFormat "%Q%" odd
`)
	write("httpd/copy.conf", `LogFormat "%h %l %u %t \"%r\" %>s %b" common`)
	formats, problems := Formats(Folder(dir))
	var got []string
	for _, f := range formats {
		got = append(got, f.Source+" "+f.Name+" "+f.Pattern)
	}
	want := []string{
		`apache common %h %l %u %t "%r" %>s %b`,
		`nginx main $remote_addr [$time_local] "$request" "$http_referer" $status`,
		`apache split %v %>s %T`,
		`apache  %t %>s`,
		`nginx obj escape=json {"t":"$time_iso8601","s":$status}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if want := []string{
		"/httpd/httpd.conf:6: column 3: % without a letter",
		"/nginx/nginx.conf:7: column 1: neither a time nor a status in it: any line would fit",
	}; !slices.Equal(problems, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(problems, "\n"), strings.Join(want, "\n"))
	}
}
