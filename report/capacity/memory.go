package capacity

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// memory is what the server has for PHP.
type memory struct {
	total, reserved int64 // 0: not known
	cpus            int
	from            []string
}

// free is what PHP may have.
func (m *memory) free() int64 { return max(0, m.total-m.reserved) }

// machine finds out what the server has, and what of it is not PHP's.
func machine(k Known) *memory {
	m := &memory{from: []string{}}
	say := func(format string, args ...any) { m.from = append(m.from, fmt.Sprintf(format, args...)) }
	if k.Host != nil {
		m.cpus = k.Host.CPUs
	}
	switch {
	case k.Memory > 0:
		m.total, m.reserved = k.Memory, k.Memory/3
		say("The server has %s of memory (--memory). A third of it is set aside for the database, the web server and the system: what they take was not measured.", mib(m.total))
	case k.Host == nil || k.Host.Memory == 0:
		say("The memory of the server is not known: --memory states it.")
	case k.Host.Limit > 0:
		m.total, m.reserved = k.Host.Limit, k.Host.Limit/10
		say("The cgroup of PHP-FPM may use %s. A tenth of it is set aside for its master and opcache.", mib(m.total))
	default:
		others := max(0, k.Host.Memory-k.Host.Available-k.Host.PHP)
		m.total, m.reserved = k.Host.Memory, others+k.Host.Memory/10
		say("This server has %s of memory. Set aside are %s that others than PHP hold now, and a tenth of all for the cache of files.", mib(m.total), mib(others))
	}
	if m.cpus > 0 {
		say("It has %s.", count(m.cpus, "processor"))
	}
	return m
}

// size is the memory of one child, and how it is known.
type size struct {
	bytes int64
	how   string // behind "A child takes 64 MiB"
	upper bool   // it is a bound that most children stay far below
}

// told says what the children of the pools take and how that is known, a sentence for those of which the same is known.
func told(pools []*pool) (out []string) {
	named := map[size][]string{}
	var order []size
	for _, p := range pools {
		if p.child.bytes == 0 {
			continue
		}
		if named[p.child] == nil {
			order = append(order, p.child)
		}
		named[p.child] = append(named[p.child], p.Name)
	}
	for _, s := range order {
		out = append(out, fmt.Sprintf("A child of %s takes %s %s.", listed(named[s]), mib(s.bytes), s.how))
	}
	return out
}

// maxListed bounds the pools that a sentence names.
const maxListed = 4

// listed is "pool shop", "pools blog, shop and 12 more".
func listed(names []string) string {
	if len(names) == 1 {
		return "pool " + names[0]
	}
	if n := len(names) - maxListed; n > 0 {
		return fmt.Sprintf("pools %s and %s more", strings.Join(names[:maxListed], ", "), thousands(n))
	}
	return "pools " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// phpLimit is memory_limit where neither php.ini nor the pool sets it.
const phpLimit = 128 << 20

// childSize finds out what a child of a pool takes.
func childSize(p *pool, k Known) size {
	if k.Child > 0 {
		return size{bytes: k.Child, how: "(--php-memory)"}
	}
	if k.Host != nil {
		what := "by their share of memory (PSS)"
		if !k.Host.Exact {
			what = "by the pages that are their own (RssAnon; PSS takes root to read)"
		}
		if own := k.Host.Children[p.Name]; len(own) > 0 {
			return size{bytes: most(own), how: fmt.Sprintf("or less, as nine of ten of the %s of this pool that run now do, %s", count(len(own), "child"), what)}
		}
		var all []int64
		for _, sizes := range k.Host.Children {
			all = append(all, sizes...)
		}
		if len(all) > 0 {
			return size{bytes: most(all), how: fmt.Sprintf("or less, as nine of ten of the %s of other pools that run now do, %s; none of this pool runs", count(len(all), "child"), what)}
		}
	}
	if p.Killed > 0 {
		return size{bytes: p.Killed, how: "at most: that is what the largest had which the kernel killed for memory", upper: true}
	}
	for _, name := range [...]string{"php_admin_value[memory_limit]", "php_value[memory_limit]", "memory_limit"} {
		if limit := p.Get(name).Value; limit != "" {
			if n := phpBytes(limit); n > 0 {
				return size{bytes: n, how: "at most: that is its memory_limit; --php-memory states what it really takes", upper: true}
			}
			return size{} // -1: none
		}
	}
	if p.Place() == "" {
		return size{}
	}
	return size{bytes: phpLimit, how: "at most: that is PHP's own memory_limit, which php.ini may set otherwise; --php-memory states what it really takes", upper: true}
}

// most is what nine of ten stay at or below.
func most(sizes []int64) int64 {
	sorted := slices.Sorted(slices.Values(sizes))
	return sorted[(len(sorted)*9+9)/10-1]
}

// phpBytes reads a size as php.ini has it: 128M, 1G, 65536K, 134217728; 0 for what is none, or no limit.
func phpBytes(s string) int64 {
	s = strings.TrimSpace(s)
	unit := int64(1)
	if n := len(s); n > 0 {
		switch s[n-1] | 0x20 {
		case 'k':
			unit, s = 1<<10, s[:n-1]
		case 'm':
			unit, s = 1<<20, s[:n-1]
		case 'g':
			unit, s = 1<<30, s[:n-1]
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || n > math.MaxInt64/unit/maxChildren {
		return 0
	}
	return n * unit
}
