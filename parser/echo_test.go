package parser

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// echoAsks are the fields that the tests ask for.
func echoAsks(key string) bool {
	return slices.Contains([]string{"limit", "signal", "code", "php_severity", "module", "rule_id", "action"}, key)
}

// checkEchoes reads lines with Echoes and holds that each one that is known means what it would mean if it was parsed, and that
// no other is touched. It returns how many were known.
func checkEchoes(t testing.TB, format *Format, lines [][]byte) (known int) {
	t.Helper()
	text := bytes.Join(lines, []byte("\n"))
	var plain []*Record
	d := testDecoder()
	src := inBlocks{memory{"test", text}}
	for r, err := range Records(t.Context(), struct{ Source }{src}, format, d) {
		if err == nil {
			plain = append(plain, r.Clone())
		}
	}
	echoing := testDecoder()
	next := func(r *Record) *Record {
		if len(plain) == 0 || plain[0].Pos != r.Pos {
			t.Fatalf("a record at %v that is none: %s", r.Pos, r.Raw)
		}
		want := plain[0]
		plain = plain[1:]
		return want
	}
	e := NewEchoes(echoing, func(r *Record, made *Record) bool {
		known++
		want := next(r)
		if got, want := ofLine(r), ofLine(want); got != want {
			t.Fatalf("%s\n got %s\nwant %s", r.Raw, got, want)
		}
		if got, want := ofOutline(made), ofOutline(want); got != want {
			t.Fatalf("%s\nas %s\n got %s\nwant %s", r.Raw, made.Raw, got, want)
		}
		return true
	}, func([]byte) bool { return true })
	e.lines = minLines
	for r, err := range Records(t.Context(), src, format, echoing) {
		if err != nil {
			continue
		}
		if want := next(r); string(want.Raw) != string(r.Raw) || want.Lines != r.Lines || want.Time != r.Time {
			t.Fatalf("%s, not %s", r.Raw, want.Raw)
		}
		e.Learn(r, Meaning[*Record]{
			Asks: echoAsks, Blind: func(_, _ []byte) bool { return true }, Made: func() (*Record, bool) { return r.Clone(), true },
		})
	}
	if len(plain) > 0 {
		t.Fatalf("%d records less", len(plain))
	}
	if d.Zoned != echoing.Zoned || d.Unzoned != echoing.Unzoned || d.wall != echoing.wall {
		t.Error("another state of the clock")
	}
	return known
}

// inBlocks is a text that comes in blocks of some lines, which do not live long.
type inBlocks struct{ memory }

func (m inBlocks) Lines(ctx context.Context) iter.Seq2[Line, error] { return Lines(m.Blocks(ctx)) }

func (m inBlocks) Blocks(context.Context) iter.Seq2[*Block, error] {
	return func(yield func(*Block, error) bool) {
		var b Block
		for text := m.text; len(text) > 0; {
			end := 0
			lines := 0
			for ; lines < 37 && end < len(text); lines++ {
				i := bytes.IndexByte(text[end:], '\n')
				if i < 0 {
					break
				}
				end += i + 1
			}
			own := bytes.Clone(text[:end])
			if b = (Block{Text: own, Number: b.Number, Offset: b.Offset}); lines == 0 {
				own = bytes.Clone(text)
				end = len(text)
				line, _ := TrimLine(own)
				b = OneLine(Line{Text: line, Number: b.Number + 1, Offset: b.Offset})
			}
			if !yield(&b, nil) {
				return
			}
			for i := range own {
				own[i] = '!'
			}
			text = text[end:]
		}
	}
}

// ofLine is what Echoes reads of each line.
func ofLine(r *Record) string {
	return fmt.Sprintf("%v %v %v %d %d %q %q %q %q %q %q %v %d", r.Pos, r.Time, r.Fold, r.PID, r.Conn, r.Client, r.Request, r.Method, r.URI, r.Referrer, r.Field("port"), r.Duration, r.Lines)
}

// ofOutline is what lines share that are told by their outline and names.
func ofOutline(r *Record) string {
	message := r.Message
	if r.Format == "php-fpm" && r.Request != nil {
		message = bytes.Replace(message, r.Request, nil, 1)
	}
	s := fmt.Sprintf("%s %v %q %q %q %q %q %q %q %q %d %d %d %q", r.Format, r.Level, Outline(message), r.Phase, r.Server, r.Vhost, r.Pool, r.Script,
		r.Upstream, r.Host, r.Errno, r.Status, len(r.Frames), r.Field("ah"))
	for _, f := range r.Fields {
		if f.Key == "port" { // ofLine tells
			continue
		}
		s += " " + f.Key
		if echoAsks(f.Key) {
			s += "=" + string(f.Value)
		}
	}
	return s
}

// mutated is a line like another: mostly but for its numbers.
func mutated(rnd *rand.Rand, line []byte, stamp int) []byte {
	line = bytes.Clone(line)
	for i := stamp; i < len(line); i++ {
		if isDigit(line[i]) && rnd.IntN(3) == 0 {
			line[i] = '0' + byte(rnd.IntN(10)*rnd.IntN(2))
		}
	}
	for len(line) > 0 && rnd.IntN(4) == 0 {
		i := rnd.IntN(len(line))
		pieces := []string{
			"\"", ", ", ": ", "0", "7", "12", "[", "]", ")", "\x00", " ", ":", ", client: 192.0.2.1, server: x", `, request: "`, " while ", ", referer: ", "[client 192.0.2.7:80]",
			" (11: x)", `, host: "a`, "AH01075: ", "PHP message: ", "\\n", " in /srv/a.php on line 3", `", upstream: "http://a/"`, "\r", " (22)", "192.0.2.7", "b", "[client 2001:db8::1:80] ", "2001:db8::7", "] AH01071: ",
			"\n", "\n[", "\n0", "\n==> a <==", "\r\n", ", client: ",
		}
		p := pieces[rnd.IntN(len(pieces))]
		switch rnd.IntN(3) {
		case 0:
			line = slices.Concat(line[:i], []byte(p), line[i:])
		case 1:
			line = slices.Concat(line[:i], []byte(p), line[min(len(line), i+len(p)):])
		default:
			line = slices.Delete(line, i, min(len(line), i+1+rnd.IntN(5)))
		}
	}
	return line
}

// stderrTrace is an entry of several lines.
const stderrTrace = "2026/11/22 00:00:00 [error] 1207#1207: *4102184 FastCGI sent in stderr: \"PHP message: PHP Fatal error:  Uncaught Error: x in /srv/a/b.php:815\n" +
	"Stack trace:\n#0 /srv/wp-includes/class-wp-hook.php(324): acme_filter('8099')\n#1 {main}\n  thrown in /srv/a/b.php on line 815\" while reading response header from upstream, " +
	"client: 198.18.48.111, server: a.test, request: \"GET /b/?c=22 HTTP/2.0\", upstream: \"fastcgi://unix:/run/php/a.sock:\", host: \"a.test\""

func TestEchoes(t *testing.T) {
	for _, c := range []struct {
		format  *Format
		fixture []string
		stamp   int
	}{
		{nginxError, []string{"nginx-error"}, nginxStamp},
		{apacheError, []string{"apache-error", "apache-messages"}, len("[Sun Nov 22 10:00:00.123456 2026]")},
		{phpFPM, []string{"php-fpm"}, phpStampDigits + 2},
	} {
		var lines [][]byte
		for _, f := range c.fixture {
			lines = append(lines, fixtureLines(t, f)...)
		}
		known := 0
		for seed := range uint64(100) {
			rnd := rand.New(rand.NewPCG(seed, 4))
			var some [][]byte
			for range 6 {
				some = append(some, lines[rnd.IntN(len(lines))])
			}
			if c.format == nginxError {
				some = append(some, []byte(stderrTrace))
			}
			var log [][]byte
			for range 150 {
				i := rnd.IntN(len(some))
				m := mutated(rnd, some[i], c.stamp)
				if log = append(log, m); rnd.IntN(8) == 0 {
					some[i] = m // go on from there
				}
			}
			known += checkEchoes(t, c.format, log)
		}
		if known < 500 {
			t.Errorf("%s: %d lines were known again", c.format.Name, known)
		}
	}
}

// Two lines and mixtures of them.
func FuzzEchoes(f *testing.F) {
	formats := []*Format{nginxError, apacheError, phpFPM}
	rnd := rand.New(rand.NewPCG(5, 4))
	for i, fixture := range []string{"nginx-error", "apache-error", "php-fpm"} {
		for _, line := range fixtureLines(f, fixture) {
			f.Add(byte(i), line, mutated(rnd, line, 0))
		}
	}
	f.Add(byte(0), []byte(stderrTrace), []byte(stderrTrace))
	f.Add(byte(0), []byte(stderrTrace), mutated(rnd, []byte(stderrTrace), 0))
	f.Add(byte(0), []byte(stderrTrace), []byte(strings.Replace(stderrTrace, "\n", "\r\n", 1)))
	f.Add(byte(0), []byte(stderrTrace), []byte("0\n[1] \n"+stderrTrace))
	f.Add(byte(0), []byte("2000/01/01 00:00:00"), []byte("0"))                                         // a stamp and no entry: nobody reads its time
	f.Add(byte(0), []byte(`A, client: 0, server: , request: "`), []byte("2000/01/01 00:00:00 [err] ")) // a level, whatever stands in the next line
	f.Add(byte(1), []byte("0"), []byte("[Sun Nov 01 00:00:00.00000 20000] "))                          // no stamp, but it begins with one
	f.Add(byte(1), []byte("0"), []byte("[Sun Nov 01 00:00:00.0 2000 0000] "))
	f.Fuzz(func(t *testing.T, format byte, a, b []byte) {
		checkEchoes(t, formats[int(format)%len(formats)], [][]byte{a, a, b, a, b, b, a})
	})
}

func TestOutline(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 4))
	for range 20_000 {
		b := make([]byte, rnd.IntN(70))
		for i := range b {
			b[i] = "0123456789ab \xb0\xff"[rnd.IntN(15)]
		}
		o := bytes.Clone(b)
		for i, c := range Outline(b) {
			if c == 0 {
				o[i] = '0' + byte(rnd.IntN(10))
			}
		}
		hash := func(b []byte) uint64 { return hashOutline(3, b) }
		if hash(b) != hash(o) {
			t.Fatalf("%q and %q have one outline and two hashes", b, o)
		}
		if len(o) == 0 {
			continue
		}
		i := rnd.IntN(len(o))
		o[i] = "0123456789ab"[rnd.IntN(12)]
		if hash(b) == hash(o) != bytes.Equal(Outline(b), Outline(o)) {
			t.Fatalf("%q, %q: hash and outline differ", b, o)
		}
	}
}

func TestEchoAllocs(t *testing.T) {
	for format, line := range map[*Format]string{
		nginxError:  `2026/11/22 18:00:27 [error] 4468#4468: *11 no live upstreams while connecting to upstream, client: 192.0.2.7, server: ex.test, request: "GET /a HTTP/1.1", upstream: "fastcgi://pool", host: "ex.test"`,
		apacheError: `[Sun Nov 22 10:00:00.123456 2026] [proxy_fcgi:error] [pid 12:tid 13] (70007)The timeout specified has expired: [client 203.0.113.9:51234] AH01075: Error dispatching request to : (polling), referer: https://ex.test/`,
		phpFPM:      `[22-Nov-2026 10:00:00] WARNING: [pool www] child 695, script '/srv/a.php' (request: "GET /a.php?x=1") executing too slow (5.004321 sec), logging`,
	} {
		d := testDecoder()
		known := 0
		e := NewEchoes(d, func(*Record, int) bool { known++; return true }, func([]byte) bool { return true })
		s := NewStream("test", format, d, func(r *Record, err error) bool {
			if err != nil {
				t.Error(err)
			}
			e.Learn(r, Meaning[int]{Asks: echoAsks, Blind: func(_, _ []byte) bool { return true }, Made: func() (int, bool) { return 0, true }})
			return true
		})
		next := Line{Text: []byte(line)}
		put := func() {
			next.Number++
			s.Put(next)
		}
		for range minLines + 5 {
			put()
		}
		if n := testing.AllocsPerRun(100, put); n != 0 || known < 100 {
			t.Errorf("%s: %v allocations, %d lines known", format.Name, n, known)
		}
	}
}

// TestEchoRoom holds that outlines that want one place do not drive each other out before all places beside it are taken.
func TestEchoRoom(t *testing.T) {
	e := &Echoes[int]{kept: make([]kept[int], 1<<echoBits)}
	last := uint64(1<<echoBits-1) << (64 - echoBits) // at the last place
	put := func(hash uint64) {
		*e.room(hash) = kept[int]{hash, &echo[int]{}}
	}
	held := func() (n int) {
		for i := range e.kept {
			if e.kept[i].echo != nil {
				n++
			}
		}
		return n
	}
	for i := range uint64(echoWays) {
		put(last | i)
	}
	if n := held(); n != echoWays {
		t.Fatalf("%d of %d are held", n, echoWays)
	}
	put(last | echoWays)
	if n := held(); n != echoWays {
		t.Fatalf("%d are held", n)
	}
	place := last >> (64 - echoBits)
	for i := range e.kept {
		if e.kept[i].echo != nil && uint64(i)/echoWays != place/echoWays {
			t.Errorf("one is at %d", i)
		}
	}
}
