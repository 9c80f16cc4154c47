package doctor

import (
	"fmt"
	"slices"
	"strconv"

	"why502/parser/discover"
)

var poolsAboveMemory = &Check{
	ID: "pools-above-memory", Kind: Breaks,
	Title:   "The pools may have more children than the memory holds",
	Fine:    "the memory holds all children that the pools may have",
	Why:     "On the busiest day all pools fill up at once. Then the machine swaps until every page times out, or the kernel kills a process, often the database.",
	Caution: "Fewer children queue visitors up sooner: why502 -v over the logs of a busy day says how many each pool needs.",
	Verify:  "free -m while the site is busy; no line \"Out of memory\" in journalctl -k.",
	Source:  "php-fpm.conf (pm.max_children); proc_pid_smaps(5), Pss",
	about: func(s *Server) bool {
		return s.Memory > 0 && s.Child != nil && slices.ContainsFunc(s.Pools, func(p discover.Pool) bool { return s.Child(p.Name) > 0 })
	},
	find: func(s *Server) []Finding {
		sum, children := int64(0), 0
		for _, p := range s.Pools {
			set, _ := discover.Set(p.Settings, "pm.max_children")
			n, err := strconv.Atoi(set.Value)
			size := s.Child(p.Name)
			if err != nil || n <= 0 || size <= 0 {
				continue
			}
			children += n
			sum = min(sum+int64(min(n, maxChildren))*min(size, maxSize), maxSum)
		}
		if sum <= s.Memory {
			return nil
		}
		return []Finding{{
			Who:  "all pools",
			Says: fmt.Sprintf("%d children may take %d MiB, and the server has %d MiB", children, sum>>20, s.Memory>>20),
		}}
	},
}

// What is above these is a slip of the pen, and must not overflow a sum.
const (
	maxChildren = 1 << 20
	maxSize     = 1 << 40
	maxSum      = 1 << 61
)
