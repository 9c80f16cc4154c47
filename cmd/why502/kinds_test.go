package main

import (
	"os"
	"path/filepath"
	"testing"
)

// Lines of both servers' access logs look alike: the report names the server that the lines were taken for.
func TestAccessLogsAreNamedByTheirServer(t *testing.T) {
	const line = `192.0.2.7 - - [10/Mar/2026:14:00:00 +0000] "GET / HTTP/1.1" 200 5120 "-" "Mozilla/5.0"` + "\n"
	for name, want := range map[string]string{"domlogs/shop.example": "apache-access", "nginx/access.log": "nginx-access"} {
		dir := t.TempDir()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(line+line+line), 0o644); err != nil {
			t.Fatal(err)
		}
		r := analyzed(t, truth{Timezone: "UTC"}, dir)
		if len(r.Coverage.Sources) != 1 || r.Coverage.Sources[0].Format != want {
			t.Errorf("%s: %+v, want %s", name, r.Coverage.Sources, want)
		}
	}
}
