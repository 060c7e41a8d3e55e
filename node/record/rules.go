package record

import "math"

// Rules are what a topic and a request demand of produced records.
type Rules struct {
	MaxMessageBytes int             // max.message.bytes; 0: no limit
	CompressionType CompressionType // compression.type
	Levels          Levels          // compression.*.level
	TimestampType   TimestampType   // message.timestamp.type
	Now             int64           // wall clock, ms
	BeforeMaxMs     int64           // message.timestamp.before.max.ms
	AfterMaxMs      int64           // message.timestamp.after.max.ms
	Compacted       bool            // cleanup.policy has compact: each record needs a key
	MaxDecompressed int             // bytes that one batch may decompress to; 0: no limit
	NoZstd          bool            // the Produce request is older than version 7 (KIP-110)
	Compressor      *Compressor     // nil: one is made when a batch needs it
}

// DefaultRules are those of a topic with Kafka's default configs.
func DefaultRules(now int64) Rules {
	return Rules{
		MaxMessageBytes: 1048588,
		CompressionType: Producer,
		Now:             now,
		BeforeMaxMs:     math.MaxInt64,
		AfterMaxMs:      3600000,
		MaxDecompressed: 128 << 20,
	}
}

func (r *Rules) compressor() *Compressor {
	if r.Compressor == nil {
		r.Compressor = NewCompressor()
	}
	return r.Compressor
}

// timely tells whether a record's own timestamp is within bounds. The
// differences wrap as Java's do, so that extreme values are judged alike.
func (r *Rules) timely(ts int64) bool {
	age := r.Now - ts
	return age <= r.BeforeMaxMs && -age <= r.AfterMaxMs
}
