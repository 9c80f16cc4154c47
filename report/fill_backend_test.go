package report

import (
	"testing"

	"why502/parser/discover"
)

// The backend that an incident names stands in the place of the example, where it can be asked in plain HTTP.
func TestFillBackend(t *testing.T) {
	advice := []Advice{{Config: "ss -ltnp | grep -E ':(8080|8443|3000) '\ncurl -sI http://127.0.0.1:8080/PAGE"}}
	for _, c := range []struct{ cause, upstream, want string }{
		{"upstream_backend_down", "10.0.0.2:8000", "ss -ltnp | grep -E ':8000 '\ncurl -sI http://10.0.0.2:8000/PAGE"},
		{"malformed_response_header", "127.0.0.1:8101", advice[0].Config},
		{"upstream_backend_down", "unix:/run/app.sock", "ss -lxp | grep /run/app.sock\ncurl -sI --unix-socket /run/app.sock http://localhost/PAGE"},
		{"upstream_backend_down", "unix:/run/$(id).sock", advice[0].Config},
		{"upstream_backend_down", "unix:run/app.sock", advice[0].Config},
		{"upstream_backend_down", "10.0.0.2:8443", advice[0].Config},
		{"upstream_backend_down", "$(id):80", advice[0].Config},
		{"upstream_backend_down", "app:80;id", advice[0].Config},
		{"malformed_response_header", "127.0.0.1:9000", advice[0].Config}, // PHP-FPM's, maybe
	} {
		b := builder{shelf: newShelf()}
		cause := Cause{ID: c.cause, Advice: advice}
		b.fill(&Incident{Upstreams: []Share{{c.upstream, 1}}}, &cause, discover.Package{})
		if got := cause.Advice[0].Config; got != c.want {
			t.Errorf("%s, %s: %q", c.cause, c.upstream, got)
		}
	}
}
