package parser

import (
	"bytes"
	"errors"
	"time"
)

// redisLog is what Redis and Valkey write: process, role (M master, S replica, C child that saves, X sentinel), a
// local time, and a sign for the level.
//
//	12:M 22 Nov 2026 10:00:00.123 # Can't save in background: fork: Cannot allocate memory
//	[12] 22 Nov 10:00:00.123 * Background saving terminated with success            2.x
//	12:signal-handler (1795341600) Received SIGTERM scheduling shutdown...
var redisLog = &Format{
	Name:  "redis",
	Doc:   "log of Redis and Valkey",
	Paths: []string{"/var/log/redis/redis-server.log", "/var/log/redis/redis.log", "/var/log/valkey/valkey.log"},
	Sniff: sniffRedis,
	Parse: parseRedis,
}

var errNotRedis = errors.New("no process, time and level sign at its beginning")

// redisHead is what stands before the message.
type redisHead struct {
	pid   int
	stamp []byte // "22 Nov 2026 10:00:00.123", "22 Nov 10:00:00.123"; of a signal handler the seconds since 1970
	epoch bool
	level Level
	rest  []byte
}

func cutRedisHead(b []byte) (h redisHead, ok bool) {
	old := len(b) > 0 && b[0] == '['
	if old {
		b = b[1:]
	}
	pid, n := number(b)
	if n == 0 || n+2 >= len(b) {
		return h, false
	}
	h.pid, b = int(pid), b[n:]
	switch {
	case old:
		if b[0] != ']' || b[1] != ' ' {
			return h, false
		}
		b = b[2:]
	case bytes.HasPrefix(b, []byte(":signal-handler (")):
		b = b[len(":signal-handler ("):]
		_, n := number(b)
		if n < 10 || !bytes.HasPrefix(b[n:], []byte(") ")) {
			return h, false
		}
		h.stamp, h.epoch, h.level, h.rest = b[:n], true, LevelWarn, b[n+2:]
		return h, true
	case b[0] == ':' && b[2] == ' ' && (b[1] == 'M' || b[1] == 'S' || b[1] == 'C' || b[1] == 'X'):
		b = b[3:]
	default:
		return h, false
	}
	if n = redisStampLen(b); n == 0 || len(b) < n+3 || b[n] != ' ' || b[n+2] != ' ' {
		return h, false
	}
	switch b[n+1] {
	case '.':
		h.level = LevelDebug
	case '-':
		h.level = LevelInfo
	case '*':
		h.level = LevelNotice
	case '#':
		h.level = LevelWarn
	default:
		return h, false
	}
	h.stamp, h.rest = b[:n], b[n+3:]
	return h, true
}

// redisStampLen measures "22 Nov 2026 10:00:00.123", with or without the year and the fraction.
func redisStampLen(b []byte) int {
	if len(b) < 15 || b[2] != ' ' || b[6] != ' ' || digits(b, 2) < 1 || month(b[3:]) == 0 {
		return 0
	}
	n := 7
	if digits(b[n:], 4) > 0 && b[n+4] == ' ' {
		n += 5
	}
	if len(b) < n+8 {
		return 0
	}
	if _, _, _, ok := clockTime(b[n:]); !ok {
		return 0
	}
	n += 8
	if n < len(b) && b[n] == '.' {
		_, width := number(b[n+1:])
		n += 1 + width
	}
	return n
}

func sniffRedis(line []byte) int {
	if len(line) < 20 || line[0] != '[' && (line[0] < '0' || line[0] > '9') {
		return 0
	}
	if _, ok := cutRedisHead(line); ok {
		return 95
	}
	return 0
}

func parseRedis(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \r\n")
	if len(b) == 0 {
		return errSkip
	}
	h, ok := cutRedisHead(b)
	switch {
	case ok && h.epoch:
		r.setEpoch(d, h.stamp, time.Second)
	case ok:
		whole := h.stamp
		if i := bytes.IndexByte(h.stamp, '.'); i > 0 {
			whole = h.stamp[:i]
		}
		if r.Time, r.Fold, ok = d.cached(whole, readRedisStamp); !ok {
			return errStamp
		}
		if len(whole) < len(h.stamp) {
			r.Time = r.Time.Add(time.Duration(fractionOf(h.stamp[len(whole)+1:])))
		}
	case redisArt(b):
		return errSkip
	default:
		return errNotRedis
	}
	r.PID, r.Level, r.Message = h.pid, h.level, h.rest
	return nil
}

// readRedisStamp reads "22 Nov 2026 10:00:00" or "22 Nov 10:00:00".
func readRedisStamp(d *Decoder, b []byte) (t time.Time, fold, ok bool) {
	mon, day := month(b[3:]), digits(b, 2)
	year := 0
	if len(b) > 15 {
		year = digits(b[7:], 4)
	} else {
		year = d.year(mon, day)
	}
	h, m, s, ok := clockTime(b[len(b)-8:])
	if !ok || day > 31 || year < 1970 {
		return t, false, false
	}
	t, fold = d.Local(year, mon, day, h, m, s, 0)
	return t, fold, true
}

// redisArt says whether a line is of the picture that Redis draws when it starts, or a heading of a crash report.
func redisArt(b []byte) bool {
	return b[0] == ' ' || b[0] == '-' || b[0] == '='
}
