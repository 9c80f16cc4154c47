package correlate

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"why502/parser"
)

// Slow is the profile of the slow logs: what PHP was caught waiting in.
type Slow struct {
	Entries   int
	Functions map[string]int // innermost function
	Culprits  map[string]int // "plugin:name"
	Stacks    map[string]int // folded: outermost;…;innermost
}

// maxProfile bounds the distinct names of each table of the profile; what comes later is counted under Other.
const maxProfile = 4096

func newSlow() Slow {
	return Slow{Functions: map[string]int{}, Culprits: map[string]int{}, Stacks: map[string]int{}}
}

func (s *Slow) merge(o *Slow) {
	s.Entries += o.Entries
	for _, p := range [...]struct{ to, from map[string]int }{
		{s.Functions, o.Functions}, {s.Culprits, o.Culprits}, {s.Stacks, o.Stacks},
	} {
		for k, n := range p.from {
			tally(p.to, k, n)
		}
	}
}

func tally(m map[string]int, k string, n int) {
	if _, ok := m[k]; !ok && len(m) >= maxProfile {
		k = Other
	}
	m[k] += n
}

// Tags of slow-log entries, by what the innermost frames wait for.
const (
	SlowHTTP    = "phpslow/http"
	SlowDB      = "phpslow/db"
	SlowSession = "phpslow/session"
	SlowCache   = "phpslow/cache"
	SlowFile    = "phpslow/file"
	SlowCode    = "phpslow/code"
)

// addSlow counts one slow-log entry under its class, culprit and function.
func (t *Timeline) addSlow(src *Source, r *parser.Record) {
	t.slow.Entries++
	who := culprit(r)
	function := ""
	if len(r.Frames) > 0 {
		function = string(r.Frames[0].Func)
		tally(t.slow.Functions, function, 1)
		tally(t.slow.Stacks, fold(r.Frames), 1)
	}
	if who != "" {
		tally(t.slow.Culprits, who, 1)
	}
	if r.Time.IsZero() {
		return
	}
	s := t.subject(src, r)
	k := s.key
	k.tag = t.names.idString(slowClass(r.Frames))
	k.culprit = t.names.idString(who)
	k.function = t.names.idString(function)
	t.mark(k, r)
	t.links.learn(t, &s, r)
}

// slowRequest is the tag of PHP-FPM's line about a request whose stack it writes to the slow log in the same second. It has the
// request, the slow log has the stack; the process number joins them.
//
//	[pool www] child 4242, script '/srv/index.php' (request: "GET /shop/?a=1") executing too slow (5.004321 sec), logging
const slowRequest = "phpfpm/slow"

// slowPage is the page family of such a request. Behind nginx PHP-FPM sees the script only, /index.php for every page: that
// says nothing.
func slowPage(uri []byte) []byte {
	path, _, _ := bytes.Cut(uri, []byte{'?'})
	if bytes.HasSuffix(path, []byte("/index.php")) {
		return nil
	}
	return uriGroup(uri)
}

// fold joins a stack to one line for flame graphs, outermost first.
func fold(frames []parser.Frame) string {
	var b strings.Builder
	for i := len(frames) - 1; i >= 0; i-- {
		b.Write(frames[i].Func)
		b.WriteByte(' ')
		b.Write(frames[i].File[bytes.LastIndexByte(frames[i].File, '/')+1:])
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(frames[i].Line))
		if i > 0 {
			b.WriteByte(';')
		}
	}
	return b.String()
}

// waits lists the functions PHP is caught in, by what they wait for. The slow log prints no class names: methods
// that several kinds share (query, connect, get) are told apart by the file they are called from.
var waits = map[string][]string{
	SlowHTTP: {
		"curl_exec", "curl_multi_exec", "curl_multi_select", "fsockopen", "pfsockopen", "stream_socket_client", "stream_socket_enable_crypto",
		"gethostbyname", "gethostbynamel", "dns_get_record", "checkdnsrr", "__doRequest", "__soapCall", "ftp_connect", "ssh2_connect", "ldap_bind", "ldap_connect", "mail", "imap_open",
	},
	SlowDB: {
		"mysqli_query", "mysqli_real_query", "mysqli_multi_query", "mysqli_stmt_execute", "mysqli_real_connect", "mysqli_connect", "mysqli_store_result", "mysqli_prepare",
		"mysql_query", "mysql_connect", "pg_query", "pg_query_params", "pg_execute", "pg_connect", "pg_prepare", "real_query", "multi_query", "real_connect", "_do_query", "sqlsrv_query", "oci_execute", "executeQuery", "executeStatement",
	},
	SlowSession: {"session_start", "session_write_close", "session_regenerate_id"},
	SlowFile: {
		"flock", "fopen", "fread", "fwrite", "fclose", "file_put_contents", "unlink", "opendir", "readdir", "scandir", "stat", "is_file", "is_dir", "file_exists", "copy", "rename", "mkdir", "touch", "glob",
	},
}

var waitOf = func() map[string]string {
	m := map[string]string{}
	for class, functions := range waits {
		for _, f := range functions {
			m[f] = class
		}
	}
	return m
}()

// slowClass says what a slow entry waits for, by its innermost frames.
func slowClass(frames []parser.Frame) string {
	for i := range min(3, len(frames)) {
		f := &frames[i]
		name := string(f.Func)
		if class, ok := waitOf[name]; ok && (i == 0 || class != SlowFile) {
			return class
		}
		switch name {
		case "sleep", "usleep", "time_nanosleep":
			// A sleep in a session handler is the wait for another request's lock.
			for j := i; j < min(i+4, len(frames)); j++ {
				if bytes.Contains(frames[j].File, []byte("ession")) {
					return SlowSession
				}
			}
			return SlowCode
		}
		if i > 0 {
			continue
		}
		switch name {
		case "query", "execute", "exec", "prepare", "commit", "beginTransaction", "fetch", "fetchAll", "__construct":
			if any4(frames, "pdo", "mysqli", "sql", "wpdb", "database", "doctrine", "/db", "repository", "dao") {
				return SlowDB
			}
		case "connect", "pconnect", "get", "set", "mget", "rawCommand", "read", "eval", "auth", "select":
			if any4(frames, "redis", "memcache", "object-cache") {
				if any4(frames, "session") {
					return SlowSession
				}
				return SlowCache
			}
		case "file_get_contents", "get_headers", "simplexml_load_file":
			// A local file is read in no time: one of these that lasts reads a URL.
			return SlowHTTP
		case "fgets", "fread", "stream_get_contents", "stream_select", "getimagesize", "copy", "fopen":
			if any4(frames, "http", "requests", "guzzle", "curl", "wp_remote", "api", "socket", "smtp") {
				return SlowHTTP
			}
		}
	}
	return SlowCode
}

// any4 says whether a file or function of the four innermost frames contains one of the words.
func any4(frames []parser.Frame, words ...string) bool {
	for i := range min(4, len(frames)) {
		file := bytes.ToLower(frames[i].File[max(0, bytes.LastIndex(frames[i].File, []byte("/wp-content/"))):])
		fn := bytes.ToLower(frames[i].Func)
		if slices.ContainsFunc(words, func(w string) bool {
			return bytes.Contains(file, []byte(w)) || bytes.Contains(fn, []byte(w))
		}) {
			return true
		}
	}
	return false
}

// vhostOfScript reads the site off a script's path where the path has it: /var/www/shop.example/index.php.
func vhostOfScript(script []byte) string {
	for part := range bytes.SplitSeq(script, []byte{'/'}) {
		if s := string(part); site(s) && !strings.HasSuffix(s, ".php") {
			return s
		}
	}
	return ""
}
