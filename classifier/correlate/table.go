package correlate

import (
	"iter"
	"math/rand/v2"
)

// table is a map for tens of thousands of small entries that hold no pointers: none is an allocation of its own, and the garbage
// collector looks at none. Entries are not taken out one by one.
type table[K tableKey, V any] struct {
	places []uint32 // by hash: 1 + the place of an entry, 0 for none; as many as a power of two
	pieces [][]tableEntry[K, V]
	n      int
}

type tableKey interface {
	comparable
	hash() uint64
}

type tableEntry[K tableKey, V any] struct {
	key   K
	value V
}

// tablePiece is how many entries are allocated together.
const tablePiece = 256

func (t *table[K, V]) len() int { return t.n }

func (t *table[K, V]) at(i int) *tableEntry[K, V] { return &t.pieces[i/tablePiece][i%tablePiece] }

// find is where the place of k stands, or would stand, in places.
func (t *table[K, V]) find(k K) (at int, there *tableEntry[K, V]) {
	mask := len(t.places) - 1
	for at = int(k.hash()) & mask; t.places[at] != 0; at = (at + 1) & mask {
		if e := t.at(int(t.places[at] - 1)); e.key == k {
			return at, e
		}
	}
	return at, nil
}

// get is the value of k, nil if there is none. Values stay where they are.
func (t *table[K, V]) get(k K) *V {
	if t.n == 0 {
		return nil
	}
	if _, e := t.find(k); e != nil {
		return &e.value
	}
	return nil
}

// put is the value of k, which is made if there is none.
func (t *table[K, V]) put(k K) *V {
	if t.n >= len(t.places)/2 {
		t.grow()
	}
	at, e := t.find(k)
	if e == nil {
		if t.n%tablePiece == 0 {
			t.pieces = append(t.pieces, make([]tableEntry[K, V], tablePiece))
		}
		e = t.at(t.n)
		e.key = k
		t.n++
		t.places[at] = uint32(t.n)
	}
	return &e.value
}

func (t *table[K, V]) grow() {
	t.places = make([]uint32, max(64, 2*len(t.places)))
	for i := range t.n {
		at, _ := t.find(t.at(i).key)
		t.places[at] = uint32(i + 1)
	}
}

func (t *table[K, V]) all() iter.Seq2[K, *V] {
	return func(yield func(K, *V) bool) {
		for i := range t.n {
			if e := t.at(i); !yield(e.key, &e.value) {
				return
			}
		}
	}
}

func (t *table[K, V]) clone() (c table[K, V]) {
	for k, v := range t.all() {
		*c.put(k) = *v
	}
	return c
}

// tableSeed makes sure that nobody can write a log whose keys all hash to one place. It shows in nothing but in time.
var tableSeed = [3]uint64{rand.Uint64(), rand.Uint64(), rand.Uint64()}

func (k pageKey) hash() uint64 {
	return fold64(fold64(uint64(k.sec)^tableSeed[0]) ^ uint64(k.vhost)<<32 ^ uint64(k.uri) ^ fold64(uint64(k.src)^tableSeed[1]))
}

func (k longKey) hash() uint64 {
	x := uint64(k.src) << 1
	if k.left {
		x++
	}
	return fold64(fold64(uint64(k.end)^tableSeed[0]) ^ fold64(uint64(k.start)^tableSeed[2]) ^ uint64(k.vhost)<<32 ^ uint64(k.uri) ^ fold64(x^tableSeed[1]))
}
