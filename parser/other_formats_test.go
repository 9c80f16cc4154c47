package parser

import "testing"

// The logs around the web server: each fixture is named as its format, but for those of CloudLinux.
var otherFormats = []struct{ file, format string }{
	{"redis", "redis"},
	{"monolog", "monolog"},
	{"chkservd", "chkservd"},
	{"cpanel", "cpanel"},
	{"cloudflare", "cloudflare"},
	{"haproxy", "haproxy"},
	{"varnish", "varnish"},
	{"litespeed-error", "litespeed-error"},
	{"lighttpd", "lighttpd"},
	{"suexec", "suexec"},
	{"suphp", "suphp"},
	{"audit", "audit"},
	{"cloudlinux", "lve-stats"},
	{"dbgovernor", "dbgovernor"},
	{"php-fpm-access", "php-fpm-access"},
	{"gunicorn", "gunicorn"},
	{"uwsgi", "uwsgi"},
	{"ruby", "ruby"},
	{"supervisor", "supervisor"},
	{"app-console", "app-console"},
	{"caddy", "caddy"},
	{"traefik", "traefik"},
	{"aws-alb", "aws-alb"},
	{"envoy", "envoy"},
	{"heroku", "heroku"},
}

func TestOtherFormats(t *testing.T) {
	for _, o := range otherFormats {
		t.Run(o.format, func(t *testing.T) { golden(t, o.file, o.format, nil) })
	}
}

func TestOtherFormatsAreDetected(t *testing.T) {
	for _, o := range otherFormats {
		if f := Detect(fixtureLines(t, o.file)); f == nil || f.Name != o.format {
			t.Errorf("%s: %v", o.format, f)
		}
	}
}

func TestOtherFormatsAllocs(t *testing.T) {
	for _, o := range otherFormats {
		f := Lookup(o.format)
		recs, _ := readAll(t, f, testDecoder(), string(joinLines(fixtureLines(t, o.file))))
		for _, r := range recs {
			if r.Format == o.format && f.Sniff(r.Raw) > 0 {
				allocs(t, f, string(r.Raw))
			}
		}
	}
}

func FuzzEnvoy(f *testing.F)        { fuzzFormat(f, envoyLog, "envoy") }
func FuzzLighttpd(f *testing.F)     { fuzzFormat(f, lighttpdLog, "lighttpd") }
func FuzzHeroku(f *testing.F)       { fuzzFormat(f, herokuLog, "heroku") }
func FuzzRedis(f *testing.F)        { fuzzFormat(f, redisLog, "redis") }
func FuzzMonolog(f *testing.F)      { fuzzFormat(f, monologLog, "monolog") }
func FuzzChkservd(f *testing.F)     { fuzzFormat(f, chkservdLog, "chkservd") }
func FuzzCpanel(f *testing.F)       { fuzzFormat(f, cpanelDaemon, "cpanel") }
func FuzzCloudflare(f *testing.F)   { fuzzFormat(f, cloudflareLog, "cloudflare") }
func FuzzHAProxy(f *testing.F)      { fuzzFormat(f, haproxyLog, "haproxy") }
func FuzzVarnish(f *testing.F)      { fuzzFormat(f, varnishLog, "varnish") }
func FuzzLitespeed(f *testing.F)    { fuzzFormat(f, litespeedError, "litespeed-error") }
func FuzzSuexec(f *testing.F)       { fuzzFormat(f, suexecLog, "suexec") }
func FuzzSuphp(f *testing.F)        { fuzzFormat(f, suphpLog, "suphp") }
func FuzzAudit(f *testing.F)        { fuzzFormat(f, auditLog, "audit") }
func FuzzLVEStats(f *testing.F)     { fuzzFormat(f, lveStats, "cloudlinux") }
func FuzzDBGovernor(f *testing.F)   { fuzzFormat(f, dbGovernor, "dbgovernor") }
func FuzzPHPFPMAccess(f *testing.F) { fuzzFormat(f, fpmAccess, "php-fpm-access") }
func FuzzGunicorn(f *testing.F)     { fuzzFormat(f, gunicornLog, "gunicorn") }
func FuzzUWSGI(f *testing.F)        { fuzzFormat(f, uwsgiLog, "uwsgi") }
func FuzzRuby(f *testing.F)         { fuzzFormat(f, rubyLog, "ruby") }
func FuzzSupervisor(f *testing.F)   { fuzzFormat(f, supervisorLog, "supervisor") }
func FuzzAppConsole(f *testing.F)   { fuzzFormat(f, appConsole, "app-console") }
func FuzzCaddy(f *testing.F)        { fuzzFormat(f, caddyLog, "caddy") }
func FuzzTraefik(f *testing.F)      { fuzzFormat(f, traefikLog, "traefik") }
func FuzzAWSALB(f *testing.F)       { fuzzFormat(f, albLog, "aws-alb") }
