package checker

import "slices"

// topics judges looks at topics against acknowledged creations and deletions.
func (c *check) topics() {
	byTopic := map[string]*topic{}
	var all []*topic
	for i := range c.h.rows {
		r := c.row(ID(i))
		if r.kind != CreateOp && r.kind != DeleteOp && r.kind != MetadataOp {
			continue
		}
		name := c.h.tps.list[r.tp].Topic
		t := byTopic[name]
		if t == nil {
			t = &topic{check: c, name: name, last: -1, ret: -1 << 63}
			byTopic[name] = t
			all = append(all, t)
		}
		t.file(ID(i), r)
	}
	for _, t := range all {
		t.judge()
	}
}

// topic sweeps over the changes of one topic and the looks at it.
type topic struct {
	*check
	name           string
	changes, looks []ID
	last           ID    // the change that returned last
	ret            int64 // when it did, or never
	sure           bool  // it overlaps no other
}

func (t *topic) file(id ID, r *row) {
	switch {
	case r.kind != MetadataOp && r.outcome != Fail:
		t.changes = append(t.changes, id)
	case r.kind == MetadataOp && r.outcome == OK:
		t.looks = append(t.looks, id)
	}
}

func (t *topic) judge() {
	slices.SortStableFunc(t.changes, func(a, b ID) int { return compare(t.row(a).invoke, t.row(b).invoke) })
	slices.SortStableFunc(t.looks, func(a, b ID) int { return compare(t.row(a).ret, t.row(b).ret) })
	left := t.changes
	for _, id := range t.looks {
		r := t.row(id)
		for len(left) > 0 && t.row(left[0]).invoke <= r.ret {
			t.change(left[0])
			left = left[1:]
		}
		if t.sure && t.ret != never && r.invoke-t.o.MetadataLag > t.ret {
			t.look(id, r)
		}
	}
}

func (t *topic) change(id ID) {
	r := t.row(id)
	ret := never
	if r.outcome == OK {
		ret = r.ret
	}
	t.sure = r.invoke > t.ret
	if ret >= t.ret {
		t.last, t.ret = id, ret
	}
}

func (t *topic) look(id ID, r *row) {
	name := ""
	switch kind := t.row(t.last).kind; {
	case kind == CreateOp && !r.has(Exists):
		name = "acknowledged-topic-missing"
	case kind == DeleteOp && r.has(Exists):
		name = "deleted-topic-returned"
	default:
		return
	}
	t.r.add(Anomaly{Name: name, At: TP{t.name, -1}, Ops: []ID{t.last, id}, Detail: "looked at after the change was acknowledged"})
}
