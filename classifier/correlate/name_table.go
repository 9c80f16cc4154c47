package correlate

import "hash/maphash"

// known is the number of a name, if it has one.
func (n *names) known(s string) (ID, bool) {
	b := []byte(s) // no copy: it stays here
	return n.find(maphash.Bytes(slotSeed, b), b)
}

// find is the number of a name of a hash, if it has one. There may be a hundred thousand: where each stands is kept in one table,
// which takes a third of what a map of strings would.
func (n *names) find(hash uint64, b []byte) (ID, bool) {
	mask, tag := uint32(len(n.places)-1), uint32(hash>>32)
	for at := tag & mask; n.places[at].number != 0; at = (at + 1) & mask {
		if p := n.places[at]; p.hash == tag && n.list[p.number-1] == string(b) {
			return ID(p.number - 1), true
		}
	}
	return 0, len(b) == 0
}

// append gives the name that is not known yet the next number.
func (n *names) append(s string, uses uint16) ID {
	id := ID(len(n.list))
	n.list, n.uses = append(n.list, s), append(n.uses, uses)
	if len(n.list) > len(n.places)/4*3 {
		n.places = grown(n.places)
	}
	hash := uint32(maphash.String(slotSeed, s) >> 32)
	*free(n.places, hash) = seat{hash, uint32(id + 1)}
	return id
}

// grown are twice as many seats, with those of old taken.
func grown(old []seat) []seat {
	seats := make([]seat, max(64, 2*len(old)))
	for _, p := range old {
		if p.number != 0 {
			*free(seats, p.hash) = p
		}
	}
	return seats
}

// free is the seat that an entry of a hash gets.
func free(seats []seat, hash uint32) *seat {
	mask := uint32(len(seats) - 1)
	at := hash & mask
	for seats[at].number != 0 {
		at = (at + 1) & mask
	}
	return &seats[at]
}
