package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// newSize is a size that a report recommends: in a block for a pool file or a yaml of cPanel, or in a sentence.
var newSize = regexp.MustCompile(`(?:pm\.max_children = |pm_max_children: |pm\.max_children of pool \S+(?: \(\S+\))? from \d+ to |pm\.max_children of pool \S+(?: \(\S+\))? at )(\d+)`)

// Whatever a report says of pm.max_children, it says with one number for a pool: that of its capacity, which the memory holds.
func TestOneSizeForAPool(t *testing.T) {
	cases(t, func(t *testing.T, dir string) {
		tr := readTruth(t, dir)
		for _, memory := range []string{"512M", "2G", "64G"} {
			r := analyzed(t, tr, "--memory", memory, "--php-memory", "48M", filepath.Join(dir, "logs"))
			c := r.Capacity
			if c == nil || len(c.Pools) == 0 {
				t.Fatal("no pool is known")
			}
			var sizes []int
			taken := int64(0)
			for i := range c.Pools {
				p := &c.Pools[i]
				now := 0
				for _, s := range p.Settings {
					if s.Name == "pm.max_children" {
						now, _ = strconv.Atoi(s.Value)
					}
				}
				sizes = append(sizes, p.Children)
				taken += int64(max(p.Children, now)) * p.WorkerBytes
				if p.Verdict == "raise" != (p.Children > now) || p.Verdict == "mend" && p.Children != now {
					t.Errorf("%s: pool %s: %s from %d to %d", memory, p.Name, p.Verdict, now, p.Children)
				}
				for _, m := range newSize.FindAllStringSubmatch(p.Config, -1) {
					if m[1] != fmt.Sprint(p.Children) {
						t.Errorf("%s: pool %s: %d children, and the block says %s", memory, p.Name, p.Children, m[1])
					}
				}
				if p.Verdict == "raise" && taken > c.MemoryBytes-c.ReservedBytes {
					t.Errorf("%s: pool %s is raised beyond the memory", memory, p.Name)
				}
			}
			for _, in := range r.Incidents {
				for _, cause := range in.Causes {
					for _, a := range cause.Advice {
						for _, m := range newSize.FindAllStringSubmatch(a.Text+"\n"+a.Config, -1) {
							if n, _ := strconv.Atoi(m[1]); !slices.Contains(sizes, n) {
								t.Errorf("%s: %s says %d, the capacity none of it:\n%s\n%s", memory, cause.ID, n, a.Text, a.Config)
							}
						}
					}
				}
			}
		}
	})
}

func TestByteSize(t *testing.T) {
	for s, want := range map[string]int64{"96M": 96 << 20, "1.5G": 3 << 29, "512MiB": 512 << 20, "2gb": 2 << 30, "65536K": 64 << 20, "134217728": 128 << 20, "": -1, "x": -1, "-5M": -1, "12": -1, "NaN": -1, "InfG": -1, "9999999T": -1} {
		var b byteSize
		if err := b.Set(s); (err != nil) != (want < 0) || err == nil && int64(b) != want {
			t.Errorf("%q: %d, %v; want %d", s, b, err, want)
		}
	}
}
