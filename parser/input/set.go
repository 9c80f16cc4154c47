package input

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Stem is the name that the rotated generations of one log share: "var/log/error.log" of error.log.1, error.log.2.gz,
// error.log-20261122, error.log-20261122-1795341600.zst, error.log.old and, where the suffix is kept, error-20261122.log;
// "logs/shop.test" of cPanel's logs/shop.test-Nov-2026.gz.
func Stem(name string) string {
	for _, packed := range [...]string{".gz", ".zst", ".xz", ".bz2"} {
		if s, ok := strings.CutSuffix(name, packed); ok {
			name = s
			break
		}
	}
	name = strings.TrimSuffix(name, ".old")
	if n := len(name) - len("-Nov-2026"); n > 0 && name[n] == '-' && name[n-1] != '/' {
		if _, err := time.Parse("-Jan-2006", name[n:]); err == nil {
			return name[:n]
		}
	}
	suffix := ""
	if s, ok := strings.CutSuffix(name, ".log"); ok && generation(s) < len(s) {
		name, suffix = s, ".log"
	}
	for range 2 { // a date and what makes it unique
		name = name[:generation(name)]
	}
	return name + suffix
}

// Beside are the generations of the log called name, which is there, that lie in its folder: itself and those that rotation put aside.
func Beside(name string) []string {
	dir, base := filepath.Split(name)
	entries, err := os.ReadDir(filepath.Clean(dir))
	if err != nil {
		return []string{name}
	}
	all := []string{name}
	for _, e := range entries {
		if n := e.Name(); n != base && Stem(n) == Stem(base) {
			if info, err := os.Stat(dir + n); err == nil && info.Mode().IsRegular() {
				all = append(all, dir+n)
			}
		}
	}
	return all
}

// generation is where the number or date at the end of name begins, with its separator; len(name) if there is none.
func generation(name string) int {
	i := len(name)
	for i > 0 && (name[i-1] >= '0' && name[i-1] <= '9') {
		i--
	}
	digits := len(name) - i
	if digits == 0 || i < 2 || name[i-2] == '/' {
		return len(name)
	}
	switch name[i-1] {
	case '.':
		if digits <= 4 || digits == 8 || digits == 10 || digits == 14 {
			return i - 1
		}
	case '-', '_':
		if digits == 8 || digits == 10 || digits == 14 {
			return i - 1
		}
		if n := len("2026-11-22"); digits == 2 && i >= n-1 && len(name) > n { // "error.log-2026-11-22"
			if d := name[len(name)-n:]; d[4] == '-' && d[7] == '-' && strings.Trim(d, "0123456789-") == "" {
				return len(name) - n - 1
			}
		}
	}
	return len(name)
}
