package sim

import (
	"fmt"
	"hash/crc32"
	"io"
	"time"

	"odradek/node/env"
)

// trace folds everything that happens into one number. With a writer it also
// leaves a line for each thing, which is how two runs are compared by eye.
type trace struct {
	state uint64
	out   io.Writer
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (t *trace) mix(x uint64) {
	t.state = (t.state ^ x) * 0x9e3779b97f4a7c15
	t.state ^= t.state >> 29
}

func (t *trace) bytes(b []byte) { t.mix(uint64(len(b))<<32 | uint64(crc32.Checksum(b, castagnoli))) }

// note takes an event or effect of a machine into account.
func (t *trace) note(at time.Duration, node, machine int, what any) {
	t.mix(uint64(at))
	t.mix(uint64(node)<<32 | uint64(machine))
	name := fmt.Sprintf("%T", what)
	t.bytes([]byte(name))
	t.content(what)
	if t.out != nil {
		fmt.Fprintf(t.out, "%v %d/%d %s %016x\n", at, node, machine, name, t.state)
	}
}

func (t *trace) content(what any) {
	switch x := what.(type) {
	case env.Request:
		t.mix(uint64(x.Conn))
		t.bytes(x.Frame)
	case *env.Reply:
		t.mix(uint64(x.Conn))
		for _, p := range x.Parts {
			t.bytes(p.Bytes)
			t.mix(uint64(p.File) ^ uint64(p.Off)<<20 ^ uint64(p.Len))
		}
	case *env.Disk:
		t.mix(uint64(x.Op))
		t.mix(uint64(x.Kind)<<56 ^ uint64(x.File) ^ uint64(x.Off)<<8 ^ uint64(x.After))
		t.bytes([]byte(x.Path))
		t.bytes(x.Data)
	case *env.DiskDone:
		t.mix(uint64(x.Op))
		t.mix(uint64(x.N)<<8 ^ uint64(x.Size))
		t.bytes(x.Data)
		if x.Err != nil {
			t.bytes([]byte(x.Err.Error()))
		}
	case env.Log:
		t.bytes([]byte(x.Text))
	case env.Send:
		t.bytes(fmt.Appendf(nil, "%T", x.Body))
	}
}
