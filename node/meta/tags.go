package meta

// tag is one tagged field: it exists from version since on, and is written only
// if its value is set, that is, not the default.
type tag struct {
	id    uint64
	since int16
	set   bool
	walk  func()
}

// tags walks the tagged fields at the end of a struct:
//
//	uvarint  how many
//	         each: uvarint id, ascending; uvarint size; the field
func (c *coder) tags(known ...tag) {
	if c.reading {
		c.readTags(known)
		return
	}
	n := uint64(0)
	for _, t := range known {
		if t.set {
			n++
		}
	}
	c.putUvarint(n)
	for _, t := range known {
		if t.set {
			c.writeTag(t)
		}
	}
}

func (c *coder) writeTag(t tag) {
	c.putUvarint(t.id)
	before := c.buf
	c.buf = nil
	t.walk()
	content := c.buf
	c.buf = before
	c.putUvarint(uint64(len(content)))
	c.buf = append(c.buf, content...)
}

func (c *coder) readTags(known []tag) {
	next := uint64(0)
	for n := c.uvarint(); n > 0 && c.err == nil; n-- {
		id := c.uvarint()
		content := c.take(c.uvarint())
		if id < next {
			c.fail("tagged fields out of order")
		}
		next = id + 1
		c.readTag(id, content, known)
	}
}

func (c *coder) readTag(id uint64, content []byte, known []tag) {
	for _, t := range known {
		if t.id != id || c.version < t.since || c.err != nil {
			continue
		}
		rest := c.buf
		c.buf = content
		t.walk()
		if len(c.buf) > 0 {
			c.fail("tagged field %d is too long", id)
		}
		c.buf = rest
	}
}
