package sim

import (
	"fmt"
	"hash/crc32"
	"io"
	"reflect"
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

func sum(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

func (t *trace) mix(numbers ...uint64) {
	for _, x := range numbers {
		t.state = (t.state ^ x) * 0x9e3779b97f4a7c15
		t.state ^= t.state >> 29
	}
}

func (t *trace) bytes(b []byte) { t.mix(uint64(len(b))<<32 | uint64(sum(b))) }

func (t *trace) text(s string) { t.bytes([]byte(s)) }

// note takes an event or effect of a machine into account.
func (t *trace) note(at time.Duration, node, machine int, what any) {
	t.mix(uint64(at), uint64(node)<<32|uint64(machine))
	t.event(what)
	if t.out != nil {
		fmt.Fprintf(t.out, "%v %d/%d %s %016x\n", at, node, machine, show(what), t.state)
	}
}

// event takes an event's kind and content into account. Bodies of messages are
// a node's own affair: only their types count.
func (t *trace) event(what any) {
	switch x := what.(type) {
	case env.Started:
		t.mix(1)
	case env.ConnOpened:
		t.mix(2, uint64(x.Conn))
		t.text(x.Peer)
	case env.Dialed:
		t.mix(21, uint64(x.Conn))
	case env.Request:
		t.mix(3, uint64(x.Conn))
		t.bytes(x.Frame)
	case env.Sent:
		t.mix(4, uint64(x.Conn), uint64(x.Size))
	case env.ConnClosed:
		t.mix(5, uint64(x.Conn))
	case env.Wake:
		t.mix(6)
	case env.Message:
		t.mix(7, uint64(x.From))
		t.text(reflect.TypeOf(x.Body).String())
	case *env.DiskDone:
		t.diskDone(x)
	case env.Drained:
		t.mix(9)
	case env.Shutdown:
		t.mix(10)
	default:
		t.effect(what)
	}
}

func (t *trace) diskDone(x *env.DiskDone) {
	t.mix(8, uint64(x.Op), uint64(x.N), uint64(x.Size))
	t.bytes(x.Data)
	for _, e := range x.Entries {
		t.text(e.Name)
		t.mix(uint64(e.Size))
	}
	if x.Err != nil {
		t.text(x.Err.Error())
	}
}

func (t *trace) effect(what any) {
	switch x := what.(type) {
	case *env.Disk:
		t.mix(11, uint64(x.Op), uint64(x.Kind), uint64(x.File), uint64(x.Off), uint64(x.Len), uint64(x.Flags), uint64(x.After))
		t.text(x.Path)
		t.text(x.To)
		t.bytes(x.Data)
	case env.Dial:
		t.mix(22, uint64(x.Conn))
		t.text(x.Addr)
	case *env.Reply:
		t.mix(12, uint64(x.Conn))
		for _, p := range x.Parts {
			t.bytes(p.Bytes)
			t.mix(uint64(p.File), uint64(p.Off), uint64(p.Len))
		}
	case env.Pause:
		t.mix(13, uint64(x.Conn))
	case env.Resume:
		t.mix(14, uint64(x.Conn))
	case env.CloseConn:
		t.mix(15, uint64(x.Conn))
		t.text(x.Reason)
	case env.WakeAt:
		t.mix(16, uint64(x.At))
	case env.Send:
		t.mix(17, uint64(x.To))
		t.text(reflect.TypeOf(x.Body).String())
	case env.Log:
		t.mix(18, uint64(x.Level))
		t.text(x.Text)
	case env.Ready:
		t.mix(19)
	case env.Stopped:
		t.mix(20)
	default:
		panic(fmt.Sprintf("sim: no such event or effect: %T", what))
	}
}
