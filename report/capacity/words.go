package capacity

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// mib writes a size as "1,536 MiB".
func mib(n int64) string {
	return thousands(int((n+1<<19)>>20)) + " MiB"
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count writes a number with its noun: "1 child", "8 children".
func count(n int, noun string) string {
	if n != 1 {
		if noun == "child" {
			noun = "children"
		} else {
			noun += "s"
		}
	}
	return thousands(n) + " " + noun
}

// figure writes a number to where it matters: 0.04, 0.42, 3.1, 120.
func figure(f float64) string {
	switch {
	case f >= 99.5:
		return thousands(int(math.Round(f)))
	case f >= 10:
		return trim(strconv.FormatFloat(f, 'f', 1, 64))
	case f >= 0.1:
		return trim(strconv.FormatFloat(f, 'f', 2, 64))
	}
	return trim(strconv.FormatFloat(f, 'f', 3, 64))
}

func trim(s string) string { return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") }

func round(f float64) float64 { return math.Round(f*100) / 100 }
func milli(f float64) float64 { return math.Round(f*1000) / 1000 }

// clock writes a moment that is spoken of once.
func clock(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2 Jan 15:04")
}
