package screen

// ring keeps the newest of what is put into it: a screen left open for months, or a flood of lines, must not fill the memory.
type ring[T any] struct {
	kept []T
	next int // where the next one goes, once it is full
	most int
	lost int // how many were overwritten
}

func newRing[T any](most int) ring[T] { return ring[T]{most: most} }

func (r *ring[T]) push(v T) {
	if len(r.kept) < r.most {
		r.kept = append(r.kept, v)
		return
	}
	r.kept[r.next] = v
	r.next = (r.next + 1) % r.most
	r.lost++
}

// all returns a copy of what is kept, the oldest first.
func (r *ring[T]) all() []T {
	out := make([]T, 0, len(r.kept))
	return append(append(out, r.kept[r.next:]...), r.kept[:r.next]...)
}

// take returns what is kept and how many were overwritten before anybody took them, and empties the ring.
func (r *ring[T]) take() (kept []T, lost int) {
	kept, lost = r.all(), r.lost
	clear(r.kept)
	r.kept, r.next, r.lost = r.kept[:0], 0, 0
	return kept, lost
}
