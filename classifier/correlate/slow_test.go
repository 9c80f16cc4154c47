package correlate

import (
	"strings"
	"testing"

	"why502/parser"
)

// frames makes frames of "func file" lines, innermost first.
func frames(lines ...string) []parser.Frame {
	var out []parser.Frame
	for _, l := range lines {
		fn, file, _ := strings.Cut(l, " ")
		out = append(out, parser.Frame{Func: []byte(fn), File: []byte(file), Line: 1})
	}
	return out
}

func TestSlowClass(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []parser.Frame
		want string
	}{
		{"curl", frames("curl_exec /w/wp-includes/http.php"), SlowHTTP},
		{"WordPress over streams", frames("stream_socket_client /w/wp-includes/Requests/Fsockopen.php"), SlowHTTP},
		{"file_get_contents of a URL", frames("file_get_contents /w/lib/HttpClient.php", "get /w/a.php"), SlowHTTP},
		{"file_get_contents that lasts", frames("file_get_contents /w/lib/a.php"), SlowHTTP},
		{"fgets of a pipe", frames("fgets /w/lib/ImageMagick.php"), SlowCode},
		{"fgets of a socket", frames("fgets /w/wp-content/plugins/picture-relay/relay.php", "{closure} /w/wp-includes/class-wp-hook.php"), SlowHTTP},
		{"stream_select of a program", frames("stream_select /srv/vendor/symfony/process/Pipes/UnixPipes.php"), SlowCode},
		{"connection made in a constructor", frames("__construct /w/src/OrderRepository.php"), SlowDB},
		{"mysqli", frames("mysqli_query /w/wp-includes/class-wpdb.php"), SlowDB},
		{"PDO", frames("execute /w/vendor/doctrine/dbal/src/Driver/PDO/Statement.php"), SlowDB},
		{"execute of something else", frames("execute /w/src/Job.php"), SlowCode},
		{"prepared statement of a plugin", frames("execute /w/wp-content/plugins/stock-count/stock-count.php", "reserve /w/wp-content/plugins/stock-count/stock-count.php"), SlowDB},
		{"query of a job that says so", frames("query /w/src/Job.php", "load /w/src/OrderRepository.php"), SlowDB},
		{"exec, of a program or of a statement", frames("exec /w/wp-content/plugins/stock-count/stock-count.php"), SlowCode},
		{"pipe of a converter", frames("stream_get_contents /w/wp-content/plugins/scans/class-converter.php", "preview /w/wp-content/plugins/scans/scans.php"), SlowCode},
		{"session", frames("session_start /w/index.php"), SlowSession},
		{"sleep in a session handler", frames("usleep /w/lib/Cm/RedisSession/Handler.php", "read /w/lib/Cm/RedisSession/Handler.php"), SlowSession},
		{"sleep", frames("sleep /w/src/Export.php"), SlowCode},
		{"redis", frames("connect /w/wp-content/plugins/redis-cache/includes/object-cache.php"), SlowCache},
		{"image", frames("imagecreatefromjpeg /w/wp-includes/class-wp-image-editor-gd.php"), SlowCode},
		{"lock on a file", frames("flock /w/src/Lock.php"), SlowFile},
		{"wrapper above the wait", frames("exec /w/a.php", "curl_exec /w/b.php"), SlowHTTP},
		{"no frames", nil, SlowCode},
	} {
		if got := slowClass(c.in); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestVhostOfScript(t *testing.T) {
	for in, want := range map[string]string{
		"/var/www/shop.example/index.php":         "shop.example",
		"/var/www/vhosts/shop.example/httpdocs/x": "shop.example",
		"/home/u/public_html/index.php":           "",
		"":                                        "",
	} {
		if got := string(vhostOfScript([]byte(in))); got != want {
			t.Errorf("vhostOfScript(%q) = %q, want %q", in, got, want)
		}
	}
}

// Entries are counted once, however often the profile is asked for in between.
func TestSlowCountsOnce(t *testing.T) {
	tl := New()
	r := parser.Record{Format: "php-slow", Duration: -1, Frames: []parser.Frame{{Func: []byte("curl_exec"), File: []byte("/srv/wp-content/plugins/acme/api.php"), Line: 3}}}
	for i := range 5 {
		tl.Add(&r, nil)
		p, other := tl.Slow(), tl.Snapshot().Slow()
		for _, s := range []*Slow{p, other} {
			if s.Functions["curl_exec"] != i+1 || s.Culprits["plugin:acme"] != i+1 || s.Stacks["curl_exec api.php:3"] != i+1 {
				t.Fatalf("after %d entries: %v %v %v", i+1, s.Functions, s.Culprits, s.Stacks)
			}
		}
	}
}
