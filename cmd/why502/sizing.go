package main

import (
	"errors"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/parser/host"
	"why502/report/capacity"
)

// sizeFlags are those that say what the size of pools is reckoned with.
func (in *selection) sizeFlags(c *cobra.Command) {
	under(c, "What to read", func(f *pflag.FlagSet) {
		f.Var(&in.memory, "memory", "the server has `SIZE` of memory (8G, 512M), for the size of its pools (default: what this host has, if the logs are its own)")
		f.Var(&in.child, "php-memory", "a child of PHP-FPM takes `SIZE` (default: what those that run on this host take, if the logs are its own; else at most memory_limit)")
	})
}

// sizing is what is known besides the logs of the server they are of; own says that it is this host.
func (in *selection) sizing(own bool) capacity.Known {
	k := capacity.Known{Memory: int64(in.memory), Child: int64(in.child)}
	if own {
		k.Host = host.Measure(os.DirFS(liveRoot))
	}
	return k
}

// byteSize is a flag that takes a size: 96M, 1.5G, 512MiB, 65536K.
type byteSize int64

func (b *byteSize) Set(s string) error {
	digits := strings.TrimRight(strings.ToLower(strings.TrimSpace(s)), "ib")
	unit := 1.0
	if n := len(digits); n > 0 {
		if at := strings.IndexByte("kmgt", digits[n-1]); at >= 0 {
			unit, digits = math.Pow(1024, float64(at+1)), digits[:n-1]
		}
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if err != nil || !(n*unit >= 1<<20) || n*unit > 1<<50 {
		return errors.New("give a size like 96M or 1.5G, 1M at least")
	}
	*b = byteSize(n * unit)
	return nil
}

func (b *byteSize) String() string {
	if *b == 0 {
		return ""
	}
	return strconv.FormatInt(int64(*b), 10)
}

func (b *byteSize) Type() string { return "size" }
