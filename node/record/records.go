package record

import (
	"io"
	"iter"
)

// Record is one record. Offset is absolute, Timestamp in ms.
type Record struct {
	Offset    int64
	Timestamp int64
	Key       []byte // nil: null
	Value     []byte // nil: null
	Headers   []Header
}

// Header is an application's header of a record (KIP-82).
type Header struct {
	Key   string
	Value []byte // nil: null
}

// ended accepts the end of a stream, and nothing else, as one.
func ended(out []byte, err error) ([]byte, error) {
	if err == io.EOF {
		return out, nil
	}
	return nil, err
}

// Records decodes the records of a batch that Check passed. Keys and values
// alias the batch, or, if it is compressed, memory made for this call (at most
// limit bytes; 0: any number). c may be nil. It ends at the first fault.
func Records(b Batch, c *Compressor, limit int) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if b.Count() == 0 && len(b) == HeaderSize {
			return
		}
		if c == nil {
			c = NewCompressor()
		}
		plain, err := c.Decompress(b, limit)
		if err != nil {
			yield(Record{}, err)
			return
		}
		yieldRecords(b, plain, yield)
	}
}

func yieldRecords(b Batch, plain []byte, yield func(Record, error) bool) {
	cur := cursor{buf: plain}
	for range b.Count() {
		rec, err := cur.record(b)
		if !yield(rec, err) || err != nil {
			return
		}
	}
	if err := cur.end(); err != nil {
		yield(Record{}, err)
	}
}

// record decodes the next record; buf must be the whole stream.
func (c *cursor) record(b Batch) (rec Record, err error) {
	begin := c.pos
	if _, err = c.next(); err != nil {
		return Record{}, err
	}
	// The walk found the structure sound: what follows only picks it up.
	f := cursor{buf: c.buf[:c.pos], pos: begin}
	f.varint()
	f.byte()
	timeDelta, _ := f.varlong()
	offsetDelta, _ := f.varint()
	rec.Offset = b.BaseOffset() + int64(offsetDelta)
	rec.Timestamp = b.BaseTimestamp() + timeDelta
	if b.TimestampType() == LogAppendTime {
		rec.Timestamp = b.MaxTimestamp()
	}
	rec.Key, rec.Value = f.field(), f.field()
	rec.Headers = f.headers()
	return rec, nil
}

// field takes a length and as many bytes, without a copy.
func (c *cursor) field() []byte {
	n, _ := c.varint()
	if n < 0 {
		return nil
	}
	v := c.buf[c.pos : c.pos+int(n) : c.pos+int(n)]
	c.pos += int(n)
	return v
}

func (c *cursor) headers() []Header {
	n, _ := c.varint()
	if n == 0 {
		return nil
	}
	headers := make([]Header, n)
	for i := range headers {
		headers[i] = Header{Key: string(c.field()), Value: c.field()}
	}
	return headers
}
