package correlate

import (
	"maps"
	"time"
)

// heard are the clients that web servers' error logs name, by time, whatever the lines say: a notice of PHP's, a missing
// file. The access log knows when each of them was there, and so what clock the error log goes by.
//
//	2026/11/22 18:00:44 [error] 4887#4887: *9 FastCGI sent in stderr: "PHP message: PHP Warning: …" …, client: 192.0.2.7, …
type heard struct {
	sets  map[heardKey]*Set
	every uint64 // one moment of so many, as a power of two, is kept

	bucket bucket
	recent struct {
		heardKey
		*Set // nil: it is not among those kept
	}
}

type heardKey struct {
	sec int64 // of the span it begins
	src ID
}

// maxHeard bounds the moments that are kept: of more, a sample that does not depend on their order.
const maxHeard = 1000

func (h *heard) add(sec int64, s *subject) {
	k := heardKey{h.bucket.of(sec, span), s.src}
	if k != h.recent.heardKey {
		h.recent.heardKey, h.recent.Set = k, nil
		if h.keeps(k) {
			h.recent.Set = h.set(k)
		}
	}
	if h.recent.Set != nil {
		h.recent.Add(s.client)
	}
}

// keeps says whether a moment is in the sample.
func (h *heard) keeps(k heardKey) bool {
	return uint64(k.sec)*0x9e3779b97f4a7c15>>32&(1<<h.every-1) == 0
}

func (h *heard) set(k heardKey) *Set {
	set := h.sets[k]
	if set == nil {
		set = &Set{}
		h.sets[k] = set
		h.thin()
	}
	return set
}

func (h *heard) thin() {
	for len(h.sets) > maxHeard && h.every < 32 {
		h.every++
		maps.DeleteFunc(h.sets, func(k heardKey, _ *Set) bool { return !h.keeps(k) })
		h.recent.heardKey, h.recent.Set = heardKey{}, nil
	}
}

func (h *heard) merge(o *heard, ids []ID) {
	for o.every > h.every {
		h.every++
	}
	for k, set := range o.sets {
		k.src = ids[k.src]
		mergeSet(h.sets, k, set)
	}
	maps.DeleteFunc(h.sets, func(k heardKey, _ *Set) bool { return !h.keeps(k) })
	h.recent.heardKey, h.recent.Set = heardKey{}, nil
	h.thin()
}

// mergeSet adds a set to those of a moment.
func mergeSet(sets map[heardKey]*Set, k heardKey, set *Set) {
	if have := sets[k]; have != nil {
		have.Merge(set)
	} else {
		sets[k] = set
	}
}

func (h *heard) move(src ID, move func(time.Time) time.Time) {
	moved := map[heardKey]*Set{}
	for k, set := range h.sets {
		if k.src != src {
			continue
		}
		delete(h.sets, k)
		k.sec = floor(move(time.Unix(k.sec, 0)).Unix(), span)
		mergeSet(moved, k, set)
	}
	maps.Copy(h.sets, moved)
}
