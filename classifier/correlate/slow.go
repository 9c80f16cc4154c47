package correlate

import (
	"bytes"
	"slices"

	"why502/parser"
)

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
func (t *Timeline) addSlow(r *parser.Record) {
	var stack *stack
	if t.profiled.has(r.Time) {
		stack = t.stack(r)
		t.slow.entries++
		stack.n++
	} else {
		stack = t.around(r)
	}
	t.addTrace(r, stack)
}

// AddKnown adds an entry of the slow log like Add if its stack is known, without looking at the frames; else it adds nothing.
func (t *Timeline) AddKnown(r *parser.Record) bool {
	stack := t.slow.known.at(r.Stack)
	if stack == nil || !t.profiled.has(r.Time) {
		return false
	}
	t.read(r)
	t.slow.entries++
	stack.n++
	t.addTrace(r, stack)
	return true
}

// addTrace counts an entry in its time.
func (t *Timeline) addTrace(r *parser.Record, stack *stack) {
	if r.Time.IsZero() {
		t.bound()
		return
	}
	s := &t.whom
	t.subject(s, r, rest)
	k := s.key
	k.tag, k.culprit, k.function = stack.class, stack.culprit, stack.function
	t.mark(k, nil, r.Time).count(r)
	t.links.learn(t, s, r)
	t.bound()
}

// slowRequest is the tag of PHP-FPM's line about a request whose stack it writes to the slow log in the same second. It has the
// request, the slow log has the stack; the process number joins them.
//
//	[pool www] child 4242, script '/srv/index.php' (request: "GET /shop/?a=1") executing too slow (5.004321 sec), logging
const slowRequest = "phpfpm/slow"

// slowPage is the page family of such a request. Behind nginx PHP-FPM sees the script only, /index.php for every page: that
// says nothing.
func (t *Timeline) slowPage(uri []byte) ID {
	path, _, _ := bytes.Cut(uri, []byte{'?'})
	if bytes.HasSuffix(path, []byte("/index.php")) {
		return 0
	}
	return t.group(ofSlow, uri)
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
		case "execute", "query", "fetchAll", "commit", "beginTransaction":
			// What PHP itself calls so are methods of PDO and mysqli, whatever the file that calls them is named. A program's own
			// method seldom is the innermost frame: it calls something.
			if !any4(frames, "job", "command", "process", "task", "worker", "elastic", "solr", "graphql", "soap") || database(frames) {
				return SlowDB
			}
		case "exec", "prepare", "fetch", "__construct":
			if database(frames) {
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
		case "fgets", "stream_get_contents", "stream_select", "getimagesize":
			// Nor does a local file keep these waiting: it is a socket, or the pipe of a program that PHP started.
			if !any4(frames, "symfony/process", "proc_open", "popen", "shell", "pipe", "magick", "ffmpeg", "ghostscript", "wkhtml", "convert", "thumbnail", "transcod", "pdf", "video", "chromium", "office", "latex") {
				return SlowHTTP
			}
		}
	}
	return SlowCode
}

// database says whether the innermost frames have to do with one.
func database(frames []parser.Frame) bool {
	return any4(frames, "pdo", "mysqli", "sql", "wpdb", "database", "doctrine", "/db", "repository", "dao")
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
func vhostOfScript(script []byte) []byte {
	for part := range bytes.SplitSeq(script, []byte{'/'}) {
		if bytes.IndexByte(part, '.') > 0 && !bytes.HasSuffix(part, []byte(".php")) && site(string(part)) {
			return part
		}
	}
	return nil
}
