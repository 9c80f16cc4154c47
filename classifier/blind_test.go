package classifier

import (
	"math/rand/v2"
	"slices"
	"testing"

	"why502/parser"
)

// A record of which Blind says so gets the same tags whatever its longer numbers are.
func TestBlind(t *testing.T) {
	rules := Load()
	rnd := rand.New(rand.NewPCG(1, 5))
	blind := 0
	for _, rule := range rules.All() {
		for _, format := range []string{"nginx-error", "apache-error", "php-fpm"} {
			for _, literal := range rule.Literal {
				for _, around := range []string{"", "x 1040 ", "[2002] ", "code 500 ", " 2 "} {
					r := &parser.Record{Format: format, Message: []byte(around + literal + " 17 (" + literal + " 104)"), Errno: 111}
					outline := parser.Outline(r.Message)
					if !rules.Blind(r, outline, nil) {
						continue
					}
					blind++
					want := rules.Classify(nil, r)
					for range 20 {
						other := *r
						other.Message = slices.Clone(r.Message)
						for i, c := range outline {
							if c == 0 {
								other.Message[i] = "0123456789"[rnd.IntN(10)]
							}
						}
						got := rules.Classify(nil, &other)
						if !slices.EqualFunc(got, want, func(a, b Event) bool { return a.Rule == b.Rule }) {
							t.Fatalf("%s: other tags than %s", other.Message, r.Message)
						}
					}
				}
			}
		}
	}
	if blind < 500 {
		t.Errorf("only %d are", blind)
	}
	for message, want := range map[string]bool{
		"child 4711 exited with code 0 after 12.345678 seconds from start":   true,
		"child 4711 exited with code 255 after 12.345678 seconds from start": true,
		"SQLSTATE[HY000] [2002] Connection refused":                          false,
		"SQLSTATE[HY000] [1] Connection refused":                             true,
	} {
		r := &parser.Record{Format: "php-fpm", Message: []byte(message)}
		if got := rules.Blind(r, parser.Outline(r.Message), nil); got != want {
			t.Errorf("%v: %s", got, message)
		}
	}
	if !rules.Asks("php-fpm", "signal") || rules.Asks("php-fpm", "lifetime") {
		t.Error("the fields that rules go by")
	}
}

// No rule of the program keeps the lines from being known again that fill the log of a busy PHP-FPM: one whose text may begin or end
// with the quote beside a request would.
func TestBlindRequest(t *testing.T) {
	before := parser.Outline([]byte(`[pool www] child 6950, script '/srv/www/index.php' (request: "`))
	for _, end := range []string{`") executing too slow (5.004321 sec), logging`, `") execution timed out (30.012345 sec), terminating`} {
		r := &parser.Record{Format: "php-fpm", Message: []byte(string(before) + "GET /index.php" + end)}
		if !Load().Blind(r, before, parser.Outline([]byte(end))) {
			t.Errorf("a rule looks at what stands before %s", end)
		}
	}
}

// A rule with a pattern makes those lines alone differ by their digits of which it may hold: not the noise of the same call.
func TestBlindToOtherLevels(t *testing.T) {
	for _, c := range []struct {
		level parser.Level
		errno int
		want  bool
	}{{parser.LevelCrit, 13, false}, {parser.LevelError, 13, true}, {parser.LevelCrit, 2, true}} {
		r := &parser.Record{Format: "nginx-error", Level: c.level, Errno: c.errno, Message: []byte(`open() "/srv/shop/photo.jpg" failed`)}
		if got := Load().Blind(r, parser.Outline(r.Message), nil); got != c.want {
			t.Errorf("%v %d: %v", c.level, c.errno, got)
		}
	}
}
