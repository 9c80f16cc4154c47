package parser

import "testing"

func TestSyslog(t *testing.T) { golden(t, "syslog", "syslog", nil) }

func TestKernel(t *testing.T) { golden(t, "kernel", "kernel", nil) }

func TestSniffSyslogAndKernel(t *testing.T) {
	for _, tc := range []struct{ line, want string }{
		{"Nov 22 17:55:24 web1 kernel: [ 3407.615025] php-fpm[31271]: segfault at 7ffed8d36ff0 ip 0", "syslog"},
		{"Nov  2 17:55:24 web1 php-fpm[31271]: [NOTICE] ready", "syslog"},
		{"2026-11-22T17:57:31.311148+00:00 web1 systemd[1]: Started x", "syslog"},
		{"2026-11-22T17:57:31 web1 systemd[1]: Started x", "syslog"},
		{"<13>1 2026-11-22T10:00:00Z web1 nginx 12 - - x", "syslog"},
		{"Sun 2026-11-22 10:00:00 CET web1 php-fpm[12]: x", "syslog"},
		{"-- Boot 0123456789abcdef --", "syslog"},
		{"[12345.678901] php-fpm[12345]: segfault at 0", "kernel"},
		{"[Sun Nov 22 10:00:00 2026] php-fpm[12]: segfault at 0", "kernel"},
		{"[Sun Nov 22 10:00:00 2026] [  pid  ]   uid  tgid total_vm", "kernel"},
		{"2026-11-22T10:00:00,123456+01:00 Out of memory and no killable processes...", "kernel"},
		{"Out of memory: Killed process 29454 (php-fpm) total-vm:409816kB", "kernel"},
		{"[Sun Nov 22 10:00:00 2026] [error] [client 10.0.0.2] File does not exist: /a", "apache-error"},
		{"[Sun Nov 22 10:00:00.123456 2026] [core:error] [pid 1] x", "apache-error"},
		// not syslog: MySQL 8, lvestats, an access log with an ISO time, chat
		{"2026-11-22T10:00:00.123456Z 12 [Note] [MY-010914] [Server] Aborted connection", "mysql-error"},
		{"2026-11-22 10:00:00,123: [lvestats.core] INFO: x", "lve-stats"},
		{"May I ask a question: no", ""},
		{"-- a comment", ""},
		{"2026-11-22T10:00:00", ""},
		{"", ""},
	} {
		got := ""
		if f := DetectLine([]byte(tc.line)); f != nil {
			got = f.Name
		}
		if tc.want == "mysql-error" && Lookup(tc.want) == nil {
			tc.want = ""
		}
		if got != tc.want {
			t.Errorf("%q, want %q: %s", got, tc.want, tc.line)
		}
	}
}

// A December line read in January is last year's.
func TestSyslogYear(t *testing.T) {
	d := testDecoder()
	d.Ref = d.Ref.AddDate(0, 0, 20)
	recs, _ := readAll(t, syslogFile, d, "Dec 30 10:00:00 web1 kernel: x\nJan  2 10:00:00 web1 kernel: x\n")
	if len(recs) != 2 || recs[0].Time.Year() != 2026 || recs[1].Time.Year() != 2027 {
		t.Fatalf("%v", recs)
	}
}

func TestSyslogAllocs(t *testing.T) {
	for _, name := range []string{"syslog", "kernel"} {
		f := Lookup(name)
		for _, line := range fixtureLines(t, name) {
			d, r := testDecoder(), &Record{}
			if f.Sniff(line) == 0 || f.Parse(d, line, r) != nil {
				continue
			}
			allocs(t, f, string(line))
		}
	}
}

func FuzzSyslog(f *testing.F) { fuzzFormat(f, syslogFile, "syslog") }

func FuzzKernel(f *testing.F) { fuzzFormat(f, kernelLog, "kernel") }
