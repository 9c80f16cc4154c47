package host

import (
	"os"
	"reflect"
	"testing"
	"testing/fstest"
)

const rollup = `00400000-7ffd3b5f2000 ---p 00000000 00:00 0                              [rollup]
Rss:               48120 kB
Pss:               23124 kB
Pss_Dirty:         14000 kB
Shared_Clean:      20000 kB
SwapPss:               0 kB
`

const meminfoText = `MemTotal:        4026532 kB
MemFree:          203840 kB
MemAvailable:    2097152 kB
SwapTotal:             0 kB
HugePages_Total:       0
`

func file(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

func TestMeasure(t *testing.T) {
	root := fstest.MapFS{
		"proc/meminfo": file(meminfoText),
		"proc/cpuinfo": file("processor\t: 0\nmodel name\t: x\nprocessor\t: 1\n"),
		// a master, two children of one pool, one of another
		"proc/10/cmdline":      file("php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)\x00\x00"),
		"proc/10/smaps_rollup": file("Pss: 1000 kB\n"),
		"proc/11/cmdline":      file("php-fpm: pool shop\x00\x00\x00"),
		"proc/11/smaps_rollup": file(rollup),
		"proc/11/cgroup":       file("0::/system.slice/php8.2-fpm.service\n"),
		"proc/12/cmdline":      file("php-fpm: pool shop"),
		"proc/12/smaps_rollup": file("Pss: 3000 kB\n"),
		"proc/13/cmdline":      file("php-fpm: pool blog"),
		"proc/13/smaps_rollup": file("Pss: 5 kB\n"),
		// others, and what only looks like one
		"proc/20/cmdline":      file("nginx: worker process\x00"),
		"proc/20/smaps_rollup": file(rollup),
		"proc/21/cmdline":      file("grep\x00php-fpm: pool shop\x00"),
		"proc/21/smaps_rollup": file(rollup),
		"proc/self/cmdline":    file("php-fpm: pool shop"),
		"sys/fs/cgroup/system.slice/php8.2-fpm.service/memory.max": file("max\n"),
		"sys/fs/cgroup/system.slice/memory.max":                    file("2147483648\n"),
	}
	want := &Host{
		Memory: 4026532 << 10, Available: 2097152 << 10, CPUs: 2, Limit: 2 << 30, Exact: true,
		PHP: (1000 + 23124 + 3000 + 5) << 10, Children: map[string][]int64{"shop": {23124 << 10, 3000 << 10}, "blog": {5 << 10}},
	}
	if got := Measure(root); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	// Without the rights of root the kernel hides the shares and tells what is the process' own.
	for pid, own := range map[string]string{"10": "500", "11": "20000", "12": "2000", "13": "4"} {
		delete(root, "proc/"+pid+"/smaps_rollup")
		root["proc/"+pid+"/status"] = file("Name:\tphp-fpm8.2\nVmRSS:\t 48120 kB\nRssAnon:\t " + own + " kB\n")
	}
	got := Measure(root)
	if got.Exact || !reflect.DeepEqual(got.Children["shop"], []int64{20000 << 10, 2000 << 10}) {
		t.Errorf("without smaps: %+v", got)
	}
}

func TestMemoryLimitOfTheFirstCgroups(t *testing.T) {
	root := fstest.MapFS{
		"sys/fs/cgroup/memory/memory.limit_in_bytes":            file("9223372036854771712\n"), // none
		"sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes":   file("536870912\n"),
		"sys/fs/cgroup/memory/docker/x/y/memory.limit_in_bytes": file("1073741824\n"),
	}
	group := cgroup([]byte("8:pids:/a\n4:memory:/docker/x/y\n0::/\n"))
	if got := memoryLimit(root, group); got != 512<<20 {
		t.Errorf("%s: %d", group, got)
	}
	if got := memoryLimit(fstest.MapFS{}, ""); got != 0 {
		t.Errorf("no cgroup: %d", got)
	}
}

func TestMeasureThisMachine(t *testing.T) {
	if _, err := os.Stat("/proc/meminfo"); err != nil {
		t.Skip("no /proc here")
	}
	h := Measure(os.DirFS("/"))
	if h.Memory < 16<<20 || h.Available <= 0 || h.Available > h.Memory || h.CPUs < 1 {
		t.Errorf("%+v", h)
	}
}

// FuzzMeasure lets the kernel say anything.
func FuzzMeasure(f *testing.F) {
	f.Add([]byte(rollup))
	f.Add([]byte(meminfoText))
	f.Add([]byte("php-fpm: pool shop\x00"))
	f.Add([]byte("0::/../../a\n4:memory:/x\n1:2"))
	f.Add([]byte("Pss: 99999999999999999999 kB\nPss: -1 kB\nPss:\nPss: 1125899906842624 kB\nPss: 1125899906842624 kB"))
	f.Fuzz(func(t *testing.T, b []byte) {
		root := fstest.MapFS{}
		for _, name := range []string{"proc/meminfo", "proc/cpuinfo", "proc/7/smaps_rollup", "proc/7/status", "proc/7/cgroup", "sys/fs/cgroup/memory.max"} {
			root[name] = &fstest.MapFile{Data: b}
		}
		for _, cmdline := range [][]byte{b, []byte("php-fpm: pool x")} {
			root["proc/7/cmdline"] = &fstest.MapFile{Data: cmdline}
			h := Measure(root)
			for pool, sizes := range h.Children {
				for _, n := range sizes {
					if n <= 0 {
						t.Errorf("a child of %q holds %d", pool, n)
					}
				}
			}
			if h.Memory < 0 || h.Limit < 0 || h.CPUs < 0 {
				t.Errorf("%+v", h)
			}
		}
	})
}
