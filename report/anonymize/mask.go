// Package anonymize takes out of a report who visited, whose server it is and what was asked for: addresses of clients, names of
// hosts, of accounts and of their pools, mail addresses and query strings get pseudonyms. What an analysis is for stays: statuses, times, plugins,
// functions, paths below the document root.
//
// It works on the report and not on what is drawn of it, so nothing can be forgotten in one output. Every text field of a report
// has a class here; a test fails for a new one without.
package anonymize

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"strings"
)

// keyBytes is how long a key is.
const keyBytes = 32

// Mask gives pseudonyms. The same name has the same one wherever it stands, and in all reports that are made with the same key;
// without the key nobody can try out names to see which of them it was.
type Mask struct {
	key      []byte
	hosts    map[string]bool // names in small letters, as the logs call hosts, without "www."
	accounts map[string]bool // users of the system and pools
	known    map[string]string
	learnt   map[string]bool          // texts that were looked at, of the report that is masked
	masked   map[string]string        // the same, and what became of them
	shared   map[shared]reflect.Value // lists
}

// New makes a mask with a key; nil makes one of its own, which nobody will know.
func New(key []byte) *Mask {
	if key == nil {
		key = make([]byte, keyBytes)
		_, _ = rand.Read(key) // never fails: it ends the program instead
	}
	return &Mask{key: key, hosts: map[string]bool{}, accounts: map[string]bool{}, known: map[string]string{}, learnt: map[string]bool{}, masked: map[string]string{}}
}

// Key reads the key in a file. If there is none, it is made.
func Key(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newKey(path)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: not a file", path)
	case info.Mode().Perm()&0o007 != 0:
		return nil, fmt.Errorf("%s: every user can read or change it; chmod 600 %s", path, path)
	}
	text := make([]byte, 4*keyBytes)
	n, _ := f.Read(text)
	key, err := hex.DecodeString(strings.TrimSpace(string(text[:n])))
	if err != nil || len(key) != keyBytes {
		return nil, fmt.Errorf("%s: not a key; give a file that does not exist yet, and one is made", path)
	}
	return key, nil
}

func newKey(path string) ([]byte, error) {
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if _, err := f.WriteString(hex.EncodeToString(key) + "\n"); err != nil {
		f.Close()
		return nil, err
	}
	return key, f.Close()
}

// digits of a pseudonym: two of a thousand names share one with a chance of 3 %.
const digits = 6

// sum is the beginning of a pseudonym's digits.
func (m *Mask) sum(kind, name string, n int) string {
	h := hmac.New(sha256.New, m.key)
	h.Write([]byte(kind + "\x00" + name))
	return hex.EncodeToString(h.Sum(nil))[:n]
}

// pseudonym is the one of a name of a kind.
func (m *Mask) pseudonym(kind, name string) string {
	at := kind + "\x00" + name
	if s, ok := m.known[at]; ok {
		return s
	}
	s := kind + "-" + m.sum(kind, name, digits)
	if kind == "host" {
		s += ".example"
	}
	if len(m.known) < 1<<16 {
		m.known[at] = s
	}
	return s
}

// own says whether a word is a pseudonym already: what was masked once stays as it is.
func own(word, kind string) bool {
	rest, ok := strings.CutPrefix(word, kind+"-")
	if kind == "host" {
		if rest, ok = strings.CutSuffix(rest, ".example"); !ok {
			return false
		}
	}
	return ok && len(rest) == digits && strings.Trim(rest, "0123456789abcdef") == ""
}

// Host is the pseudonym of a host's name.
func (m *Mask) Host(name string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if nameless[name] || own(name, "host") {
		return name
	}
	if base, ok := strings.CutPrefix(name, "www."); ok {
		return "www." + m.Host(base)
	}
	return m.pseudonym("host", name)
}

// nameless are hosts that are nobody's.
var nameless = map[string]bool{"": true, "_": true, "localhost": true, "default": true, "*": true, "-": true, "(other)": true, "(none)": true, "unknown": true, "unix": true}

// common are accounts and pools that every system has.
var common = map[string]bool{
	"": true, "root": true, "nobody": true, "www": true, "www-data": true, "apache": true, "nginx": true, "http": true, "httpd": true, "mysql": true, "php": true,
	"php-fpm": true, "fpm": true, "default": true, "web": true, "site": true, "app": true, "main": true, "pool": true, "global": true, "user": true, "username": true,
	"account": true, "name": true, "(other)": true, "-": true, "unknown": true, "daemon": true, "systemd": true, "user1": true, "lib": true, "log": true,
	"logs": true, "access": true, "error": true, "ssl": true, "slow": true, "conf": true, "localhost": true, "server": true, "vps": true, "mail": true, "db": true, "host": true, "node": true, "kernel": true,
	"debian": true, "ubuntu": true, "centos": true,
}

// Account is the pseudonym of a user of the system, or a pool of one.
func (m *Mask) Account(name string) string {
	if common[strings.ToLower(name)] || own(name, "account") || own(name, "host") {
		return name
	}
	if m.isHost(strings.ToLower(name)) {
		return m.Host(name)
	}
	return m.pseudonym("account", name)
}
