package env

import "math/rand/v2"

// Stream is the source of chance for one purpose of one node: the same seed,
// node and purpose always give the same numbers, whatever others draw.
func Stream(seed uint64, node int, purpose string) *rand.Rand {
	return rand.New(rand.NewPCG(seed^uint64(node)*0x9e3779b97f4a7c15, hash(purpose)))
}

// hash is FNV-1a: stable across processes and versions, unlike maphash.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// UUID is Kafka's 16-byte id (topics, directories, clusters).
type UUID [16]byte

// NewUUID draws a random id (RFC 4122, version 4) that Kafka does not reserve
// and whose text form does not begin with a dash (Kafka's Uuid.randomUuid).
func NewUUID(r *rand.Rand) UUID {
	for {
		var u UUID
		for i := range u {
			u[i] = byte(r.Uint32())
		}
		u[6] = u[6]&0x0f | 0x40
		u[8] = u[8]&0x3f | 0x80
		if u.String()[0] != '-' {
			return u
		}
	}
}
