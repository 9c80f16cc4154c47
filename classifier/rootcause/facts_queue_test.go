package rootcause

import (
	"testing"
	"time"
)

func TestPortOf(t *testing.T) {
	for line, want := range map[string]string{
		"web1 kernel: TCP: request_sock_TCP: Possible SYN flooding on port 9000. Sending cookies.  Check SNMP counters.":            "9000",
		"web1 kernel: TCP: request_sock_TCP: Possible SYN flooding on port 127.0.0.1:9001. Dropping request.  Check SNMP counters.": "9001",
		"web1 kernel: TCP: request_sock_TCP: Possible SYN flooding on port [::]:443. Sending cookies.":                              "443",
		"web1 kernel: something else": "",
	} {
		if got := portOf(line); got != want {
			t.Errorf("%q: port %q, want %q", line, got, want)
		}
	}
}

func TestBursts(t *testing.T) {
	for _, c := range []struct {
		name string
		secs []int
		want bool
	}{
		{"none", nil, false},
		{"one second", []int{4, 4, 4}, true},
		{"two bursts, out of order", []int{20, 4, 5, 21, 6}, true},
		{"a full pool", []int{0, 1, 2, 3, 4, 5, 6}, false},
		{"one after the other", []int{0, 2, 4}, false},
	} {
		var all []time.Time
		for _, sec := range c.secs {
			all = append(all, time.Unix(int64(sec), 0))
		}
		if got := bursts(all); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
