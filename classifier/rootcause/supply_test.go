package rootcause

import (
	"testing"
	"time"

	"why502/parser"
)

// Where the web server's log has what PHP said of the pages that failed, PHP's own log is not missing.
func TestPHPIsHeardThroughTheWebServer(t *testing.T) {
	for name, c := range map[string]struct {
		sec  int
		site string
		want bool
	}{
		"then and there": {3600, "shop.example", true},
		"another time":   {0, "shop.example", false},
		"another site":   {3600, "mug.example", false},
	} {
		s := newStage(t)
		s.add(&parser.Record{
			Pos: parser.Pos{File: "error.log"}, Format: "nginx-error", Time: at(c.sec), Server: []byte(c.site), Host: []byte(c.site),
			Message: []byte(`FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught Error: Call to undefined function a() in /srv/a.php:3"`),
			URI:     []byte("/cart/"), Request: []byte("GET /cart/ HTTP/1.1"), Upstream: []byte("fastcgi://unix:/run/php/" + c.site + ".sock:"),
		})
		for i := range 9 {
			s.fail(3600+i, "shop.example", refused)
		}
		incidents := s.Incidents()
		sc := newBench(s.Timeline, time.UTC, incidents).scene(incidents[len(incidents)-1])
		if got := sc.logs.has(PHPError); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
