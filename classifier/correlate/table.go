package correlate

import (
	"iter"
	"math/rand/v2"
)

// table is a map for tens of thousands of small entries that hold no pointers: none is an allocation of its own, and the garbage
// collector looks at none. Entries are not taken out one by one.
type table[K tableKey, V any] struct {
	places []seat // by hash; as many as a power of two
	pieces [][]tableEntry[K, V]
	n      int
}

type tableKey interface {
	comparable
	hash() uint64
}

// seat says where an entry stands: of others, mostly, it tells enough that they need not be looked at.
type seat struct{ hash, number uint32 } // number is 1 + its index, 0 if there is none

type tableEntry[K tableKey, V any] struct {
	key   K
	value V
}

// tablePiece is how many entries are allocated together.
const tablePiece = 256

func (t *table[K, V]) len() int { return t.n }

func (t *table[K, V]) at(i int) *tableEntry[K, V] { return &t.pieces[i/tablePiece][i%tablePiece] }

// find is where the entry of k stands, and its place, or the one that it would get.
func (t *table[K, V]) find(k K, hash uint32) (*seat, *tableEntry[K, V]) {
	mask := uint32(len(t.places) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		p := &t.places[at]
		if p.number == 0 {
			return p, nil
		}
		if p.hash == hash {
			if e := t.at(int(p.number - 1)); e.key == k {
				return p, e
			}
		}
	}
}

// get is the value of k, nil if there is none. Values stay where they are.
func (t *table[K, V]) get(k K) *V {
	if t.n == 0 {
		return nil
	}
	if _, e := t.find(k, uint32(k.hash())); e != nil {
		return &e.value
	}
	return nil
}

// put is the value of k, which is made if there is none.
func (t *table[K, V]) put(k K) *V {
	if t.n >= len(t.places)/4*3 {
		t.places = grown(t.places)
	}
	hash := uint32(k.hash())
	p, e := t.find(k, hash)
	if e == nil {
		if t.n == len(t.pieces)*tablePiece {
			t.pieces = append(t.pieces, make([]tableEntry[K, V], tablePiece))
		}
		e = t.at(t.n)
		*e = tableEntry[K, V]{key: k}
		t.n++
		*p = seat{hash, uint32(t.n)}
	}
	return &e.value
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

// wipe empties t, which keeps its room.
func (t *table[K, V]) wipe() {
	clear(t.places)
	t.n = 0
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

func (k clientKey) hash() uint64 {
	return fold64(fold64(uint64(k.sec)^tableSeed[0]) ^ uint64(k.client) ^ tableSeed[2])
}

func (k longKey) hash() uint64 {
	x := uint64(k.src) << 1
	if k.left {
		x++
	}
	return fold64(fold64(uint64(k.end)^tableSeed[0]) ^ fold64(uint64(k.start)^tableSeed[2]) ^ uint64(k.vhost)<<32 ^ uint64(k.uri) ^ fold64(x^tableSeed[1]))
}
