package sim

import (
	"encoding/binary"
	"fmt"
	"strings"

	"odradek/node/env"
	"odradek/node/wire"
)

// show is an event or effect on one line of a trace.
func show(what any) string {
	switch x := what.(type) {
	case env.Request:
		return fmt.Sprintf("Request conn %d %s, %d bytes", x.Conn, requestName(x.Frame), len(x.Frame))
	case *env.Reply:
		size := 0
		for _, p := range x.Parts {
			size += p.Size()
		}
		return fmt.Sprintf("Reply conn %d, %d bytes", x.Conn, size)
	case *env.Disk:
		return showDisk(x)
	case *env.DiskDone:
		s := fmt.Sprintf("DiskDone %d %v n %d size %d", x.Op, x.Kind, x.N, x.Size)
		if x.Err != nil {
			s += " " + x.Err.Error()
		}
		return s
	case env.Message:
		return fmt.Sprintf("Message from %d %T", x.From, x.Body)
	case env.Send:
		return fmt.Sprintf("Send to %d %T", x.To, x.Body)
	case env.Log:
		return "Log " + x.Text
	}
	return strings.TrimPrefix(fmt.Sprintf("%T%+v", what, what), "env.")
}

func showDisk(d *env.Disk) string {
	s := fmt.Sprintf("Disk %d %v", d.Op, d.Kind)
	if d.Path != "" {
		s += " " + d.Path
	}
	if d.To != "" {
		s += " to " + d.To
	}
	if onFile(d.Kind) {
		s += fmt.Sprintf(" file %d off %d len %d", d.File, d.Off, max(d.Len, len(d.Data)))
	}
	if d.After != 0 {
		s += fmt.Sprintf(" after %d", d.After)
	}
	return s
}

// requestName reads a frame's key and version.
func requestName(frame []byte) string {
	if len(frame) < 8 {
		return "?"
	}
	key, version := int16(binary.BigEndian.Uint16(frame)), int16(binary.BigEndian.Uint16(frame[2:]))
	return fmt.Sprintf("%s v%d", wire.KeyName(key), version)
}
