package gunzip

// block is a piece of a member that has codes of its own, or none.
type block struct {
	last   bool
	stored int  // so many bytes stand there as they are
	coded  bool // there are codes yet
	lit    litTable
	dist   distTable
}

// begin reads what stands before a block.
func (r *unpacker) begin() error {
	kind, err := r.in.number(3)
	if err != nil {
		return err
	}
	r.last = kind&1 != 0
	switch kind >> 1 {
	case 0:
		return r.beginStored()
	case 1:
		fixedCodes(&r.block)
	case 2:
		if err := r.readCodes(); err != nil {
			return err
		}
	default:
		return ErrCorrupt
	}
	r.coded = true
	return nil
}

func (r *unpacker) beginStored() error {
	r.in.align()
	n, err := r.in.number(32)
	if err == nil && n>>16 != ^n&0xffff {
		err = ErrCorrupt
	}
	r.stored = n & 0xffff
	return err
}

func (r *unpacker) copyStored() error {
	w := &r.out
	n, err := r.in.bytes(w.buf[w.end:min(w.end+r.stored, farthest+chunk+longest)])
	w.end += n
	r.stored -= n
	return err
}

// decode reads codes until the block ends or there is no more room.
func (r *unpacker) decode() error {
	in, w := &r.in, &r.out
	for w.room() && r.coded {
		if err := r.quick(); err != nil || !w.room() || !r.coded {
			return err
		}
		// The end of the input, or of a piece of it, is near.
		e, err := in.code(r.lit.at)
		switch {
		case err != nil:
			return err
		case e&literal != 0:
			in.take(e.all())
			w.buf[w.end] = byte(e.value())
			w.end++
			continue
		case e&special != 0:
			in.take(e.all())
			r.coded = false
			return ended(e)
		}
		n := e.with(in.bits)
		in.take(e.all())
		if e, err = in.code(r.dist.at); err != nil {
			return err
		}
		distance := e.with(in.bits)
		if e&special != 0 || distance > w.end {
			return ErrCorrupt
		}
		in.take(e.all())
		repeat(&w.buf, w.end, distance, n)
		w.end += n
	}
	return nil
}

// ended says what the end of a block comes to that is e.
func ended(e entry) error {
	if e&end == 0 {
		return ErrCorrupt
	}
	return nil
}

// code looks what the next bits mean, of which no more are taken than that needs.
func (in *bitReader) code(at func(bits uint64) entry) (entry, error) {
	for n := uint(1); ; n = in.held + 1 {
		if err := in.need(n); err != nil {
			return 0, err
		}
		// What is not there yet reads as 0, or as it will be.
		if e := at(in.bits); e.all() <= in.held && (e&bad == 0 || in.held >= maxCode) {
			return e, nil
		}
	}
}

// quick decodes for as long as there is so much input and room that neither can end on the way from one refill to the next: of 56 bits
// three literals take at most 33, and a length 20.
func (r *unpacker) quick() error {
	in, w := &r.in, &r.out
	buf, at, bits, held := in.buf[:in.end], in.at, in.bits, in.held
	out, o := &w.buf, w.end
	var err error
	for at <= len(buf)-16 && o <= farthest+chunk {
		at, bits, held = refill(buf, at, bits, held)
		e := r.lit[bits&(1<<litRoot-1)]
		for i := 0; i < 3 && e&literal != 0; i++ { // one seldom comes alone
			bits >>= e.all()
			held -= e.all()
			out[o] = byte(e.value())
			o++
			e = r.lit[bits&(1<<litRoot-1)]
		}
		if e&(literal|special) != 0 {
			if e = r.lit.at(bits); e&literal != 0 {
				bits >>= e.all()
				held -= e.all()
				out[o] = byte(e.value())
				o++
				continue
			}
			if e&special != 0 {
				bits >>= e.all()
				held -= e.all()
				r.coded = false
				err = ended(e)
				break
			}
		}
		n := e.with(bits)
		bits >>= e.all()
		held -= e.all()
		at, bits, held = refill(buf, at, bits, held)
		if e = r.dist[bits&(1<<distRoot-1)]; e&special != 0 {
			e = r.dist.at(bits)
		}
		distance := e.with(bits)
		if e&special != 0 || distance > o {
			err = ErrCorrupt
			break
		}
		bits >>= e.all()
		held -= e.all()
		repeat(out, o, distance, n)
		o += n
	}
	in.at, in.bits, in.held = at, bits, held
	w.end = o
	return err
}
