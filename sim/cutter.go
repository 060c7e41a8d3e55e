package sim

import "encoding/binary"

// cutter cuts what comes back from a node into frames. A client trusts the node,
// and an answer may be shorter than any request: wire.Splitter is not for it.
type cutter struct{ held []byte }

// feed takes a piece, and gives each frame that it completes, without its size.
func (c *cutter) feed(piece []byte, each func(frame []byte)) {
	c.held = append(c.held, piece...)
	for len(c.held) >= 4 {
		end := 4 + int(binary.BigEndian.Uint32(c.held))
		if len(c.held) < end {
			return
		}
		frame := c.held[4:end:end]
		c.held = c.held[end:]
		each(frame)
	}
}
