package capacity

import (
	"fmt"
	"strconv"
	"strings"

	"why502/classifier/correlate"
	"why502/parser/discover"
)

// sizing are the directives that say how large a pool may grow.
var sizing = []string{
	"pm", "pm.max_children", "pm.start_servers", "pm.min_spare_servers", "pm.max_spare_servers", "pm.process_idle_timeout", "pm.max_requests",
}

// settings are what they say.
type settings struct {
	manager               string // static dynamic ondemand
	children              int    // 0: not known
	start, fewest, spares int    // start_servers, min_spare_servers, max_spare_servers
	idle                  string // process_idle_timeout
}

func read(p *correlate.Pool) settings {
	number := func(name string) int {
		n, err := strconv.Atoi(p.Get(name).Value)
		if err != nil || n < 0 || n > maxChildren {
			return 0
		}
		return n
	}
	return settings{
		manager: p.Get("pm").Value, children: number("pm.max_children"), start: number("pm.start_servers"),
		fewest: number("pm.min_spare_servers"), spares: number("pm.max_spare_servers"), idle: p.Get("pm.process_idle_timeout").Value,
	}
}

// maxChildren is more than any pool has: what is beyond is no number to reckon with.
const maxChildren = 1_000_000

// block is the piece of the pool file that gives a pool its size. What is set already and still fits stays as it is.
func (p *pool) block() string {
	if p.cpanel() {
		return fmt.Sprintf("# /var/cpanel/userdata/USER/DOMAIN.php_fpm.yaml\npm_max_children: %d\n# then\n/scripts/php_fpm_config --rebuild\n/scripts/restartsrv_apache_php_fpm", p.ask)
	}
	lines := []string{"; pool " + p.Name, "pm = " + p.manager, fmt.Sprintf("pm.max_children = %d", p.ask)}
	switch p.manager {
	case "dynamic":
		start, least, most := p.spare()
		lines = append(lines, fmt.Sprintf("pm.start_servers = %d", start), fmt.Sprintf("pm.min_spare_servers = %d", least), fmt.Sprintf("pm.max_spare_servers = %d", most))
	case "ondemand":
		idle := p.idle
		if idle == "" {
			idle = "10s" // PHP-FPM's own
		}
		lines = append(lines, "pm.process_idle_timeout = "+idle)
	default:
		if p.manager != "static" {
			lines[1] = "; with pm as it is"
		}
	}
	if p.Place() != "" {
		lines[0] = "; " + p.Place()
	}
	return strings.Join(lines, "\n")
}

// spare are start_servers, min_spare_servers and max_spare_servers for the new size. PHP-FPM refuses to start unless
// 1 <= min_spare_servers <= start_servers <= max_spare_servers <= max_children.
func (p *pool) spare() (start, least, most int) {
	start, least, most = p.start, p.fewest, p.spares
	if p.hasty() || least == 0 { // more of them are to wait ready
		least = max(least, p.ask/8)
	}
	if p.hasty() || most == 0 {
		most = max(most, p.ask/4)
	}
	least = min(max(least, 1), p.ask)
	most = min(max(most, least, min(3, p.ask)), p.ask)
	if start < least || start > most {
		start = least + (most-least)/2 // what PHP-FPM takes by itself
	}
	return start, least, most
}

// cpanel says whether cPanel writes the pool file anew whenever it likes.
func (p *pool) cpanel() bool {
	php, _ := discover.PackageOf(p.Place())
	return php.CPanel
}

// verify is how to bring the block into force and what to look at then.
func (p *pool) verify() string {
	watch := "; then the status page (pm.status_path): \"max children reached\" stays 0 at the next peak, \"listen queue\" too"
	if p.verdict == Lower {
		watch = "; then free -m at the next peak: nothing is swapped, the kernel log shows no kill"
	}
	if p.cpanel() {
		return "grep max_children " + p.Place() + " after the rebuild" + watch
	}
	if php, ok := discover.PackageOf(p.Place()); ok {
		return php.Reload() + watch
	}
	return "php-fpm -t, then reload PHP-FPM" + watch
}
