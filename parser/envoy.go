package parser

import (
	"bytes"
	"errors"
	"time"
)

// envoyLog is the access log of Envoy, also in Istio and Contour: behind the status stand flags that say why it is Envoy's own.
// Its stamp is the moment of the request.
//
//	[2026-11-22T10:00:00.123Z] "GET /cart/ HTTP/1.1" 503 UC 0 95 12 - "203.0.113.9" "Mozilla/5.0" "3a7cbcc1" "shop.test" "10.0.2.100:8080"
//	[2026-11-22T10:00:00.123Z] "GET /cart/ HTTP/1.1" 503 UC upstream_reset_before_response_started{connection_termination} - "-" 0 95 12 - "203.0.113.9" "Mozilla/5.0" "3a7cbcc1" "shop.test" "10.0.2.100:8080" outbound|80||shop.svc 10.0.2.9:37132 - -
var envoyLog = &Format{
	Name:  "envoy",
	Doc:   "access log of Envoy, also in Istio",
	Paths: []string{"/var/log/envoy/access.log"},
	Sniff: func(line []byte) int {
		if _, flags := envoyHead(line); flags != nil {
			return 99
		}
		return 0
	},
	Parse: parseEnvoy,
}

var errNotEnvoy = errors.New("no request, status and flags of Envoy in it")

// albRefused stands beside what a balancer did not get of a backend: a connection.
var albRefused = []byte("refused")

// envoyFlags are those that make an error Envoy's own, and what it did not get.
var envoyFlags = [...]struct {
	flag    string
	failure []byte
}{
	{"UH", albNobody},
	{"UF", albRefused},
	{"UC", albClosed},
	{"UR", albClosed},
	{"UT", albTimeout},
	{"URX", nil},
	{"NR", nil},
	{"UO", nil},
	{"DC", nil},
	{"LR", nil},
	{"RL", nil},
	{"LH", nil},
	{"SI", nil},
	{"UAEX", nil},
	{"NC", nil},
	{"DPE", nil},
	{"UPE", nil},
	{"-", nil},
}

// envoyHead finds where the request begins and the flags behind the status; flags is nil if this is no such line.
func envoyHead(line []byte) (request int, flags []byte) {
	switch {
	case len(line) < len(`"GET / HTTP/1.1" 503 UC 0`):
		return 0, nil
	case line[0] == '[' && line[5] == '-' && line[11] == 'T':
		end := bytes.IndexByte(line[:min(len(line), 40)], ']')
		if end < len("[2026-11-22T10:00:00.1Z") || line[20] != '.' || line[end-1] != 'Z' || !begins(line[end:], `] "`) {
			return 0, nil // nginx' own, of a server that puts its $time_iso8601 first
		}
		request = end + 2
	case line[0] != '"' || line[1] < 'A' || line[1] > 'Z':
		return 0, nil
	}
	end := bytes.Index(line[request:min(len(line), request+2048)], []byte(` HTTP/`))
	if end < 0 {
		return 0, nil
	}
	_, rest, ok := bytes.Cut(line[request+end:], []byte(`" `))
	if !ok || len(rest) < len("503 UC ") || rest[3] != ' ' {
		return 0, nil
	}
	if _, ok := statusCode(rest[:3]); !ok {
		return 0, nil
	}
	rest = rest[4:]
	space := bytes.IndexByte(rest, ' ')
	if space <= 0 || space > 16 || request == 0 && rest[0] == '-' { // without its time only a flag tells it from other logs
		return 0, nil
	}
	first, _, _ := bytes.Cut(rest[:space], []byte{','})
	for i := range envoyFlags {
		if string(first) == envoyFlags[i].flag {
			return request, rest[:space]
		}
	}
	return 0, nil
}

func parseEnvoy(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \t\r\n")
	if len(b) == 0 {
		return errSkip
	}
	request, flags := envoyHead(b)
	if flags == nil {
		return errNotEnvoy
	}
	if request > 0 {
		r.Time, r.Fold, _ = d.iso(b[1:])
	}
	asked, rest, _ := bytes.Cut(b[request+1:], []byte(`" `))
	r.SetRequest(asked)
	r.Status, _ = statusCode(rest[:3])
	r.Add("flags", flags)
	if r.Status >= 500 {
		r.envoyFailure(flags)
	}
	r.envoyRest(rest[4+len(flags):])
	return nil
}

// envoyFailure says what Envoy did not get of a backend. With several flags the first that tells counts: "UF,URX" was refused every time.
func (r *Record) envoyFailure(flags []byte) {
	for len(flags) > 0 {
		var flag []byte
		flag, flags, _ = bytes.Cut(flags, []byte{','})
		for i := range envoyFlags {
			if f := &envoyFlags[i]; string(flag) == f.flag && f.failure != nil {
				r.Add("failure", f.failure)
				return
			}
		}
	}
}

// envoyRest reads what stands behind the flags: sizes and times, and of the values in quotes the last five, those of the format that
// Envoy has by itself: forwarded for, agent, id, authority, backend.
func (r *Record) envoyRest(b []byte) {
	var last [5][]byte
	numbers := 0
	for len(b) > 0 {
		switch {
		case b[0] == '"':
			value, rest, ok := bytes.Cut(b[1:], []byte{'"'})
			if !ok {
				return
			}
			copy(last[:], last[1:])
			last[4], b = value, rest
		case b[0] == ' ':
			b = b[1:]
		default:
			word, rest, _ := bytes.Cut(b, []byte{' '})
			if n, k := number(word); k > 0 && k == len(word) {
				if numbers++; numbers == 3 && n < 1<<31 { // bytes received, bytes sent, milliseconds
					r.Duration = time.Duration(n) * time.Millisecond
					if !r.Time.IsZero() {
						r.Time = r.Time.Add(r.Duration) // an error is dated by its end, as nginx does
					}
				}
			}
			b = rest
		}
	}
	if client, _, _ := bytes.Cut(last[0], []byte{','}); isAddress(client) {
		r.Client = client
	}
	if len(last[3]) > 1 {
		r.Host, _ = hostPort(last[3])
	}
	if len(last[4]) > 1 {
		r.Upstream = last[4]
	}
}
