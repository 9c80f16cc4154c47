package correlate

import "strings"

// connectTimeout is the tag of connects that nobody answered. To a port of this very machine that is a full listen queue:
// the backend is there and too slow, not away.
//
//	upstream timed out (110: Connection timed out) while connecting to upstream, … upstream: "fastcgi://127.0.0.1:9000"
const connectTimeout = "nginx/upstream-connect-timeout"

// Local says whether a backend's TCP address is one of this machine: the loopback, or where a pool listens that the
// configuration beside the logs knows.
func (t *Timeline) Local(backend string) bool {
	switch {
	case strings.HasPrefix(backend, "127."), strings.HasPrefix(backend, "[::1]:"), strings.HasPrefix(backend, "localhost:"):
		return true
	case strings.HasPrefix(backend, "unix:"):
		return false
	}
	return t.wiring != nil && t.wiring.listeners[backend] != nil
}
