package models

import (
	"fmt"
	"strings"
)

func describeOperation(input, output any) string {
	switch in := input.(type) {
	case Append:
		return describeAppend(in, output.(Appended))
	case Read:
		return describeRead(in, output.(Seen))
	}
	return fmt.Sprintf("%v -> %v", input, output)
}

func describeAppend(in Append, out Appended) string {
	call := fmt.Sprintf("append(%s)", values(in.Values))
	switch {
	case in.Optional:
		return call + " -> unknown"
	case out.Base == Untold:
		return call + " -> done"
	}
	return fmt.Sprintf("%s -> at %d", call, out.Base)
}

func describeRead(in Read, out Seen) string {
	var b strings.Builder
	b.WriteString("read(")
	if in.From != Untold {
		fmt.Fprint(&b, in.From)
	}
	b.WriteString(") ->")
	for i, r := range out.Records {
		if i == 8 {
			fmt.Fprintf(&b, " ... to %d", out.Records[len(out.Records)-1].Offset)
			break
		}
		fmt.Fprintf(&b, " %d:%d", r.Offset, r.Value)
	}
	if out.End != Untold {
		fmt.Fprintf(&b, " end %d", out.End)
	}
	return b.String()
}

func (l *log) describeState(s any) string {
	t := s.(tail)
	return fmt.Sprintf("end %d, last %s", l.end(t), values(t[max(0, len(t)-8):]))
}

func values(vs []uint64) string {
	if len(vs) > 8 {
		return fmt.Sprintf("%v and %d more", vs[:8], len(vs)-8)
	}
	return fmt.Sprint(vs)
}
