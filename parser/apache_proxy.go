package parser

import "bytes"

// apacheProxy reads the messages of mod_proxy and its schemes: which backend they speak about, and for which URI.
//
//	FCGI: attempt to connect to Unix domain socket /run/php-fpm/shop.sock (*:80) failed
//	HTTP: attempt to connect to 127.0.0.1:8080 (app:8080) failed
//	error reading status line from remote server app:8080
//	Error reading from remote server returned by /checkout
//	failed to make connection to backend: httpd-UDS
//	balancer://app: All workers are in error state
func apacheProxy(d *Decoder, r *Record, text []byte) {
	if rest := afterWords(text, "attempt to connect to ", "error creating "); rest != nil {
		apacheTarget(d, r, rest)
		return
	}
	if i := lastIndex(text, []byte(" returned by ")); i >= 0 {
		if uri := text[i+len(" returned by "):]; len(uri) > 0 && uri[0] == '/' {
			r.URI = uri
		}
		return
	}
	if rest := afterWords(text, "status line from remote server ", "sending data to ", "reading response headers from "); rest != nil {
		rest, _, _ = bytes.Cut(rest, []byte(" "))
		r.Upstream = bytes.TrimRight(rest, ",")
		return
	}
	if rest := afterWords(text, "to make connection to backend: "); rest != nil {
		r.Add("backend", rest)
		return
	}
	if rest := afterWords(text, "request body failed to "); rest != nil {
		r.Upstream, _, _ = bytes.Cut(rest, []byte(" ("))
		return
	}
	// HTTP: disabled connection for (app:8080)
	// ap_proxy_connect_backend disabling worker for (app:8080) for 60s
	if rest := afterWords(text, "connection for (", "disabling worker for ("); rest != nil {
		if end := bytes.IndexByte(rest, ')'); end > 0 {
			r.Add("backend", rest[:end])
		}
		return
	}
	if bytes.HasPrefix(text, []byte("balancer://")) {
		r.Upstream, _, _ = bytes.Cut(text, []byte(": "))
	}
}

// apacheTarget reads "Unix domain socket /run/a.sock (*:80) failed" and "127.0.0.1:8080 (app:8080) failed". The
// name in parentheses is a fake one for a socket: "*", "httpd-UDS", or what the SetHandler line happens to say.
func apacheTarget(d *Decoder, r *Record, b []byte) {
	if rest := afterWords(b, "Unix domain socket "); rest != nil {
		if i := lastIndex(rest, []byte(" (")); i >= 0 {
			rest = rest[:i]
		}
		d.out = append(append(d.out[:0], "unix:"...), rest...)
		r.Upstream = d.out
		return
	}
	if i := bytes.Index(b, []byte("socket to ")); i >= 0 { // error creating fam 2 socket to 127.0.0.1:8080 for (app:8080)
		b = b[i+len("socket to "):]
	}
	if end := bytes.IndexByte(b, ' '); end > 0 && bytes.IndexByte(b[:end], ':') >= 0 {
		r.Upstream = b[:end]
	}
}

// afterWords returns what follows the first of the words that stands in text, nil if none does.
func afterWords(text []byte, words ...string) []byte {
	for _, w := range words {
		if i := bytes.Index(text, []byte(w)); i >= 0 {
			return text[i+len(w):]
		}
	}
	return nil
}
