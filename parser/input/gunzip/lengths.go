package gunzip

// lengthOrder is the order in which the lengths of those codes stand that the lengths of codes are written in.
var lengthOrder = [...]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// lengthMeanings are what those codes mean: a length, or 16 and more for some of the same.
var lengthMeanings = func() (all [len(lengthOrder)]entry) {
	for i := range all {
		all[i] = entry(i) << 16
	}
	return all
}()

// readCodes reads the codes of a block.
func (r *unpacker) readCodes() error {
	in := &r.in
	counts, err := in.number(5 + 5 + 4)
	if err != nil {
		return err
	}
	lits, dists := counts&31+257, counts>>5&31+1
	if lits > 286 || dists > 30 {
		return ErrCorrupt
	}
	var few [len(lengthOrder)]uint8
	for _, symbol := range lengthOrder[:counts>>10+4] {
		n, err := in.number(3)
		if err != nil {
			return err
		}
		few[symbol] = uint8(n)
	}
	// Their table lies where that of the distances will.
	if !build(r.dist[:], distRoot, few[:], lengthMeanings[:]) {
		return ErrCorrupt
	}
	var all [286 + 30]uint8
	if err := r.readLengths(all[:lits+dists]); err != nil {
		return err
	}
	if !build(r.lit[:], litRoot, all[:lits], litMeanings[:]) || !build(r.dist[:], distRoot, all[lits:lits+dists], distMeanings[:]) {
		return ErrCorrupt
	}
	return nil
}

func (r *unpacker) readLengths(all []uint8) error {
	in := &r.in
	for i := 0; i < len(all); {
		e, err := in.code(r.dist.at)
		if err != nil {
			return err
		}
		if e&bad != 0 {
			return ErrCorrupt
		}
		in.take(e.all())
		n, least, more, length := 1, 0, uint(0), uint8(e.value())
		switch e.value() {
		case 16:
			if i == 0 {
				return ErrCorrupt
			}
			least, more, length = 3, 2, all[i-1]
		case 17:
			least, more, length = 3, 3, 0
		case 18:
			least, more, length = 11, 7, 0
		}
		if least > 0 {
			if n, err = in.number(more); err != nil {
				return err
			}
			n += least
		}
		if i+n > len(all) {
			return ErrCorrupt
		}
		for range n {
			all[i] = length
			i++
		}
	}
	return nil
}

// fixedCodes are those of a block that brings none.
func fixedCodes(b *block) {
	var lit [litSymbols]uint8
	for i := range lit {
		switch {
		case i < 144 || i >= 280:
			lit[i] = 8
		case i < 256:
			lit[i] = 9
		default:
			lit[i] = 7
		}
	}
	var dist [distSymbols]uint8
	for i := range dist {
		dist[i] = 5
	}
	build(b.lit[:], litRoot, lit[:], litMeanings[:])
	build(b.dist[:], distRoot, dist[:], distMeanings[:])
}
