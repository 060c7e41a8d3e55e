package meta

import "odradek/node/env"

// array walks a compact array that is never null: length plus one as a uvarint,
// and the elements, none of which takes fewer than least bytes. An empty one is
// read as nil.
func array[T any](c *coder, p *[]T, least int, element func(*T, *coder)) {
	nullArray(c, p, false, least, element)
}

// nullArray walks a compact array; if nullable, nil is null and an empty one is
// read as empty.
func nullArray[T any](c *coder, p *[]T, nullable bool, least int, element func(*T, *coder)) {
	if c.reading {
		*p = allot[T](c, nullable, least)
	} else if *p == nil && nullable {
		c.putUvarint(0)
	} else {
		c.putUvarint(uint64(len(*p)) + 1)
	}
	for i := range *p {
		element(&(*p)[i], c)
	}
}

// allot reads an array's length and makes room for no more elements than the
// bytes that are left can hold.
func allot[T any](c *coder, nullable bool, least int) []T {
	n := c.uvarint()
	switch {
	case c.err != nil || n == 0 && nullable:
		return nil
	case n == 0:
		c.fail("null where an array must be")
		return nil
	case n == 1 && !nullable:
		return nil
	case (n-1)*uint64(least) > uint64(len(c.buf)):
		c.fail("an array of %d elements in %d bytes", n-1, len(c.buf))
		return nil
	}
	return make([]T, n-1)
}

func int32Field(v *int32, c *coder)   { c.int32(v) }
func uuidField(v *env.UUID, c *coder) { c.uuid(v) }

func (c *coder) int32s(p *[]int32)       { array(c, p, 4, int32Field) }
func (c *coder) nullInt32s(p *[]int32)   { nullArray(c, p, true, 4, int32Field) }
func (c *coder) uuids(p *[]env.UUID)     { array(c, p, 16, uuidField) }
func (c *coder) nullUUIDs(p *[]env.UUID) { nullArray(c, p, true, 16, uuidField) }
