package parser

import "bytes"

// Backend cuts an upstream as nginx logs it into its scheme and the address or name of the peer, so that
// the spellings of one backend become one:
//
//	fastcgi://unix:/run/php.sock:       connect() failed, prematurely closed
//	fastcgi://unix:/run/php.sock        upstream timed out: nginx no longer knows that it was a path
//	http://unix:/run/a.sock:/uri        and, where it timed out, http://unix:/run/a.sock/uri
//	http://127.0.0.1:8080/x?y           the URI is the request's
//	passenger:unix:/tmp/p.x/core:       Phusion Passenger's module
//	unix:///var/www/vhosts/x/php-fpm.sock   as configured; the message names it so
//	fastcgi://php_pool                  no peer chosen: the name of the upstream block
//	127.0.0.1:1, 127.0.0.1:2            $upstream_addr after retries: the last one answered
//
// What is not stated is nil.
func Backend(upstream []byte) (scheme, addr []byte) {
	if i := bytes.Index(upstream, []byte("://")); i > 0 && i <= len("memcached") && string(upstream[:i]) != "unix" {
		scheme, addr = upstream[:i], upstream[i+len("://"):]
	} else if rest, ok := bytes.CutPrefix(upstream, []byte("passenger:")); ok {
		scheme, addr = upstream[:len("passenger")], rest
	} else {
		addr = lastPeer(upstream)
	}
	if path, ok := bytes.CutPrefix(addr, []byte("unix:")); ok {
		addr = addr[:len("unix:")+socketEnd(path)]
	} else if i := bytes.IndexAny(addr, "/?"); i >= 0 {
		addr = addr[:i]
	}
	if len(addr) == 0 || len(addr) == 1 && addr[0] == '-' {
		addr = nil
	}
	return scheme, addr
}

// lastPeer takes the last of several peers: ", " parts the tries of one group, " : " the groups.
func lastPeer(list []byte) []byte {
	if i := lastIndex(list, []byte(", ")); i >= 0 {
		list = list[i+2:]
	}
	if i := lastIndex(list, []byte(" : ")); i >= 0 {
		list = list[i+3:]
	}
	return bytes.TrimSpace(list)
}

// socketEnd finds where the path of a socket ends and a URI begins. Without a colon between them only the
// usual ending of such a path tells.
func socketEnd(path []byte) int {
	for _, ending := range [...]string{".sock", ".socket", "/socket"} {
		for from := 0; ; {
			i := bytes.Index(path[from:], []byte(ending))
			if i < 0 {
				break
			}
			from += i + len(ending)
			if from == len(path) || path[from] == '/' || path[from] == ':' || path[from] == '?' {
				return from
			}
		}
	}
	if i := bytes.IndexAny(path, ":?"); i >= 0 {
		return i
	}
	return len(path)
}
