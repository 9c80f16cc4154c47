package rootcause

import (
	"fmt"
	"strings"
	"time"

	"why502/classifier/correlate"
)

// The timeouts of a request must lie one within the other: the slow log looks first, then PHP-FPM ends the request, and last
// the web server gives up. Remedies say so by example; what is set on the server has the last word.
const (
	slowTimeout      = "request_slowlog_timeout"
	terminateTimeout = "request_terminate_timeout"
)

// startable makes the slow log's timeout in a piece of configuration shorter where the pool ends its requests before that: PHP-FPM refuses
// to start with request_slowlog_timeout above request_terminate_timeout.
func startable(config string, inForce []correlate.InForce) string {
	if !sets(config, slowTimeout) || sets(config, terminateTimeout) {
		return config
	}
	return looksBefore(config, shortest(inForce, terminateTimeout))
}

// nested lays the timeouts of a piece of configuration below the web server's, where that is shorter than the example has it: a
// longer one would let more children hang.
func nested(config string, inForce []correlate.InForce) string {
	for _, web := range []string{"fastcgi_read_timeout", "ProxyTimeout"} {
		waits := shortest(inForce, web)
		if web == "ProxyTimeout" && waits == 0 {
			waits = shortest(inForce, "Timeout") // Apache's default for it
		}
		if !sets(config, slowTimeout) || waits == 0 {
			continue
		}
		lines := strings.Split(config, "\n")
		for i, line := range lines {
			rest, ok := strings.CutPrefix(line, web+" ")
			if !ok || correlate.Span(strings.TrimSuffix(rest, ";")) <= waits {
				continue
			}
			unit := ""
			if strings.HasSuffix(rest, "s;") {
				unit = "s;"
			}
			lines[i] = fmt.Sprintf("%s %d%s", web, int(waits/time.Second), unit)
			ends := max(time.Second, waits*5/6).Truncate(time.Second)
			for j, line := range lines {
				if strings.HasPrefix(line, terminateTimeout) {
					lines[j] = fmt.Sprintf("%s = %ds", terminateTimeout, int(ends/time.Second))
				}
			}
			return looksBefore(strings.Join(lines, "\n"), ends)
		}
	}
	return config
}

// looksBefore makes the slow log look before requests end; 0: they do not.
func looksBefore(config string, ends time.Duration) string {
	lines := strings.Split(config, "\n")
	for i, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		if d := correlate.Span(strings.TrimSpace(value)); strings.TrimSpace(name) == slowTimeout && ends > 0 && d >= ends {
			lines[i] = fmt.Sprintf("%s = %ds", slowTimeout, max(1, int(ends/time.Second)/2))
		}
	}
	return strings.Join(lines, "\n")
}

// shortest is the least that is set of a timeout; 0 if it is off or not known.
func shortest(inForce []correlate.InForce, name string) (least time.Duration) {
	for _, f := range inForce {
		if d := correlate.Span(f.Value); f.Name == name && d > 0 && (least == 0 || d < least) {
			least = d
		}
	}
	return least
}
