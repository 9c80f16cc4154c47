package parser

import (
	"reflect"
	"testing"
)

const plainStamp = "22/Nov/2026:18:01:15 +0000"

// plainLines are read by parsePlain where the second is known, and lines near them that it must leave alone or read alike.
var plainLines = []string{
	`192.0.2.7 - - [` + plainStamp + `] "GET / HTTP/1.1" 200 53 "https://ex.test/" "curl/8"`,
	`192.0.2.7 - - [` + plainStamp + `] "GET / HTTP/1.1" 200 53 "-" "-"`,
	`192.0.2.7 - - [` + plainStamp + `] "GET / HTTP/1.1" 200 53 "" ""`,
	`192.0.2.7 - - [` + plainStamp + `] "GET /?q=\"x\" HTTP/1.1" 502 53 "-" "a \"b\" c"`,
	`192.0.2.7 - - [` + plainStamp + `] "GET /" x" HTTP/1.1" 502 53 "-" "curl"`,
	`192.0.2.7 - - [` + plainStamp + `] "-" 408 0 "-" "-"`,
	`192.0.2.7 - - [` + plainStamp + `] "\x16\x03\x01" 400 157 "-" "-"`,
	`192.0.2.7 - - [` + plainStamp + `] "GET / HTTP/1.1" 000 0 "-" "curl"`,
	`192.0.2.7 - - [` + plainStamp + `] "GET / HTTP/1.1" 700 0 "-" "curl"`,
	`192.0.2.7 - - [` + plainStamp + `] "GET / HTTP/1.1" 200 - "-" "curl"`,
	`192.0.2.7 - - [` + plainStamp + `] "GET / HTTP/1.1" 200 1234567890123456789012 "-" "curl"`,
	`192.0.2.7 - - [` + plainStamp + `] "GET / HTTP/1.1" 200 53 "-" "curl" "ex.test" rt=0.002 us="502, 200" ua="unix:/run/a.sock"`,
	`192.0.2.7 - - [` + plainStamp + `] "GET / HTTP/1.1" 200 53 "-" "curl`,
	`192.0.2.7 - - [` + plainStamp + `] "GET / HTTP/1.1" 200 53`,
	`192.0.2.7 - joe [` + plainStamp + `] "GET / HTTP/1.1" 200 53 "-" "curl"`,
	`2001:db8::1 - - [` + plainStamp + `] "GET / HTTP/1.1" 200 53 "-" "curl"`,
	`ex.test:443 192.0.2.7 - - [` + plainStamp + `] "GET / HTTP/2.0" 502 552 "-" "curl"`,
	`192.0.2.7 - - [` + plainStamp + `] "" 400 0 "-" "-"`,
}

// alike reads a line by parsePlain, if that takes it, and by parseCombined: they must agree.
func alike(t *testing.T, line string) (taken bool) {
	t.Helper()
	d := testDecoder()
	d.cached([]byte(plainStamp), clfTime)
	var plain, combined Record
	plain.Reset()
	combined.Reset()
	b := trimEnd([]byte(line), " \r\n")
	if !plain.parsePlain(d, b) {
		if want := (&Record{Duration: -1}); !reflect.DeepEqual(&plain, want) {
			t.Errorf("%q is left alone, but not the record: %+v", line, plain)
		}
		return false
	}
	if !combined.parseCombined(d, b) || !reflect.DeepEqual(&plain, &combined) {
		t.Errorf("%q\n%+v\n%+v", line, plain, combined)
	}
	return true
}

func TestPlainIsCombined(t *testing.T) {
	taken := 0
	for _, line := range plainLines {
		if alike(t, line) {
			taken++
		}
	}
	if taken < 5 {
		t.Errorf("%d lines are read in one go", taken)
	}
}

func FuzzPlainIsCombined(f *testing.F) {
	for _, line := range plainLines {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) { alike(t, line) })
}
