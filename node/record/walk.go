package record

// shape is what a walk learns of one record without looking into its fields.
type shape struct {
	timeDelta   int64
	offsetDelta int32
	keyLength   int32 // negative: null
}

// next walks over one record and checks its structure, without a copy.
func (c *cursor) next() (s shape, err error) {
	length, err := c.varint()
	if err != nil {
		return s, err
	}
	end := c.offset() + int64(length)
	if _, err = c.byte(); err != nil { // attributes: none are defined
		return s, err
	}
	if s.timeDelta, err = c.varlong(); err != nil {
		return s, err
	}
	if s.offsetDelta, err = c.varint(); err != nil {
		return s, err
	}
	if s.keyLength, err = c.skipField(); err != nil {
		return s, err
	}
	if _, err = c.skipField(); err != nil {
		return s, err
	}
	return s, c.skipHeaders(end)
}

// skipField passes over a length and as many bytes.
func (c *cursor) skipField() (length int32, err error) {
	if length, err = c.varint(); err != nil {
		return 0, err
	}
	return length, c.skip(int64(length))
}

// skipHeaders passes over the headers, with which the record must end.
func (c *cursor) skipHeaders(end int64) error {
	n, err := c.varint()
	if err != nil {
		return err
	}
	if n < 0 || int64(n) > end-c.offset() {
		return errHeaders
	}
	for range n {
		key, err := c.skipField()
		if err != nil {
			return err
		}
		if key < 0 {
			return errHeaders
		}
		if _, err = c.skipField(); err != nil {
			return err
		}
	}
	if c.offset() != end {
		return errLength
	}
	return nil
}
