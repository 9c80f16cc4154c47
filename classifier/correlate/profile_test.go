package correlate

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"why502/parser"
)

func TestPiece(t *testing.T) {
	for file, want := range map[string]string{
		"/srv/wp-includes/Requests/src/Transport/Curl.php":                 "core:wordpress",
		"/srv/wp-admin/admin-ajax.php":                                     "core:wordpress",
		"/srv/wp-content/plugins/acme-rates/api.php":                       "plugin:acme-rates",
		"/srv/wp-content/plugins/acme/vendor/guzzlehttp/guzzle/Client.php": "plugin:acme",
		"/srv/wp-content/mu-plugins/limits.php":                            "plugin:limits",
		"/srv/wp-content/themes/storefront/functions.php":                  "theme:storefront",
		"/srv/wp-content/object-cache.php":                                 "drop-in:object-cache.php",
		"/srv/vendor/laravel/framework/src/Illuminate/Http/Request.php":    "package:laravel/framework",
		"/srv/vendor/magento/module-catalog/Model/Product.php":             "package:magento/module-catalog",
		"/srv/app/code/Acme/Rates/Model/Api.php":                           "module:Acme_Rates",
		"/srv/web/modules/contrib/views/views.module":                      "module:contrib",
		"/srv/core/lib/Drupal/Core/Database/Connection.php":                "core:drupal",
		"/srv/libraries/src/Factory.php":                                   "core:joomla",
		"/srv/components/com_content/models/article.php":                   "component:com_content",
		"/srv/src/ReportExporter.php":                                      "",
		"/srv/app/code/Acme":                                               "",
		"":                                                                 "",
	} {
		if got := string(piece(nil, []byte(file))); got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}

// slow makes an entry of a slow log.
func slow(at time.Time, pool, script string, stack ...parser.Frame) *parser.Record {
	r := &parser.Record{
		Pos: parser.Pos{File: "slow.log"}, Format: "php-slow", Raw: []byte("x"), Duration: -1, Time: at,
		Pool: []byte(pool), Script: []byte(script), Frames: stack,
	}
	r.Stack = stackID(r)
	return r
}

var stackSeed = maphash.MakeSeed()

// stackID is one that a parser may give a record.
func stackID(r *parser.Record) parser.StackID {
	var h maphash.Hash
	h.SetSeed(stackSeed)
	write := func(b []byte) { _, _ = h.Write(append(strconv.AppendInt(nil, int64(len(b)), 10), b...)) }
	write(r.Pool)
	write(r.Script)
	for _, f := range r.Frames {
		write(f.Func)
		write(f.File)
		write(strconv.AppendInt(nil, int64(f.Line), 10))
	}
	return parser.StackID{h.Sum64()}
}

func TestSlow(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	tl := New()
	tl.Profile(at, at.Add(time.Hour), true)
	const script = "/srv/shop.example/index.php"
	remote := frames("curl_exec /srv/shop.example/wp-includes/http.php", "rates /srv/shop.example/wp-content/plugins/acme/api.php",
		"rates /srv/shop.example/wp-content/plugins/acme/api.php", "[INCLUDE_OR_EVAL] "+script)
	for range 2 {
		tl.Add(slow(at, "shop", script, remote...), nil)
	}
	tl.Add(slow(at, "blog", script, frames("mysqli_query "+script)...), nil)
	tl.Add(slow(at, "shop", script), nil)                                              // the dump failed
	tl.Add(slow(at.Add(-time.Minute), "shop", "/old.php", frames("sleep /a")...), nil) // before the time asked for
	tl.Add(slow(at.Add(time.Hour), "shop", "/new.php", frames("sleep /b")...), nil)    // after it
	want := &Slow{
		Entries: 4, Classes: map[string]int{"http": 2, "db": 1, "code": 1},
		Functions: map[string]int{"curl_exec": 2, "mysqli_query": 1}, Culprits: map[string]int{"plugin:acme": 2},
		Scripts: map[string]int{script: 4}, Pieces: map[string]int{"core:wordpress": 2, "plugin:acme": 2},
		Calls: map[Call]int{{"curl_exec", "plugin:acme"}: 2},
		Stacks: map[string]int{
			"[INCLUDE_OR_EVAL] index.php:1;rates api.php:1;rates api.php:1;curl_exec http.php:1": 2,
			"mysqli_query index.php:1": 1,
		},
	}
	if got := tl.Slow(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	stacks := slices.Collect(tl.Stacks())
	if len(stacks) != 2 || stacks[0].Pool != "blog" || stacks[1].Pool != "shop" || stacks[1].Vhost != "shop.example" || stacks[1].Script != script ||
		stacks[1].Count != 2 || stacks[1].Frames[0] != (Frame{"curl_exec", "/srv/shop.example/wp-includes/http.php", 1}) {
		t.Errorf("%+v", stacks)
	}
}

// What parts the pieces of a key may stand in a path or, in a log that somebody made up, in any name.
func TestStackKey(t *testing.T) {
	r := slow(time.Time{}, "a;b\nc", "/x\ty.php", parser.Frame{Func: []byte("f;g"), File: []byte("/a\n/b;c.php"), Line: 7}, parser.Frame{Func: []byte{}, File: nil})
	s := unfold(string(fold(nil, r)))
	want := Stack{Pool: `a\x3bb\x0ac`, Script: `/x\x09y.php`, Frames: []Frame{{`f\x3bg`, `/a\x0a/b\x3bc.php`, 7}, {}}}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("%+v, want %+v", s, want)
	}
}

// What has been cut can be cut again, and cutting in steps is cutting at once: else the order of reading would show.
func TestStackGrains(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var stack []parser.Frame
		for range random.IntN(12) + 1 {
			name := func() []byte {
				return []byte([]string{"", "f", "/a/b.php", "x;y", "c:1", "/:2", "\t", "d/"}[random.IntN(8)])
			}
			stack = append(stack, parser.Frame{Func: name(), File: name(), Line: random.IntN(3)})
		}
		key := fold(nil, slow(time.Time{}, "p", "/s", stack...))
		for i := range stackGrains {
			once := stackGrains[i].cut(bytes.Clone(key))
			for j := i; j < len(stackGrains); j++ {
				want := stackGrains[j].cut(bytes.Clone(key))
				if got := stackGrains[j].cut(bytes.Clone(once)); !bytes.Equal(got, want) {
					t.Fatalf("%q: %d after %d gives %q, want %q", key, j, i, got, want)
				}
			}
		}
	}
}

// A server of many pools and stacks: the labels go first, the counts stay, and no order of reading shows.
func TestManyStacksInAnyOrder(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	const entries = 20_000
	entry := func(i int) *parser.Record {
		return slow(at, fmt.Sprint("pool", i%50), fmt.Sprintf("/srv/site%d.example/%d.php", i%50, i%7),
			frames("curl_exec /srv/http.php", fmt.Sprintf("f%d /srv/vendor/a/b%d/c.php", i%701, i%3))...)
	}
	whole, left, right := New(), New(), New()
	for _, t := range []*Timeline{whole, left, right} {
		t.Profile(time.Time{}, time.Time{}, true)
	}
	for i := range entries {
		whole.Add(entry(i), nil)
	}
	for _, i := range rand.New(rand.NewPCG(3, 4)).Perm(entries) {
		if i%2 == 0 {
			left.Add(entry(i), nil)
		} else {
			right.Add(entry(i), nil)
		}
	}
	left.Merge(right)
	a, b := slices.Collect(whole.Stacks()), slices.Collect(left.Stacks())
	if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(whole.Slow(), left.Slow()) {
		t.Error("another order gives another profile")
	}
	sum := 0
	for _, s := range a {
		if sum += s.Count; s.Pool != "" || s.Frames[0].File != "/srv/http.php" {
			t.Fatalf("%+v: the labels go before the folders", s)
		}
	}
	if sum != entries {
		t.Errorf("%d entries of %d", sum, entries)
	}
}
