package main

import (
	"os"
	"path/filepath"
	"testing"

	"why502/parser/input"
)

// A server's own log is read as it stands, however short, also where a line of it is strange. The same lines in a folder that
// somebody gave may have been pasted.
func TestServersLogsAreNoPastes(t *testing.T) {
	dir := t.TempDir()
	const lines = "what the customer wrote\n" +
		`2026/11/22 10:00:00 [error] 812#812: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.9, server: shop.test, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:3000/", host: "shop.test"` + "\n"
	if err := os.WriteFile(filepath.Join(dir, "error.log"), []byte(lines), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, given := range []bool{true, false} {
		files, errs := input.Open([]string{dir}, input.Options{})
		if len(errs) > 0 || len(files) != 1 {
			t.Fatal(files, errs)
		}
		f := look(t.Context(), files, &selection{}, given).files[0]
		if pasted := f.paste != nil; pasted != given || f.format == nil || f.format.Name != "nginx-error" {
			t.Errorf("given: %v; pasted: %v, format %v", given, pasted, f.format)
		}
	}
}
