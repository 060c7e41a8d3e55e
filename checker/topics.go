package checker

// topics judges acknowledged creations and deletions against later looks.
func (c *check) topics() {
	byTopic := map[string][]ID{}
	var names []string
	for i := range c.h.rows {
		r := &c.h.rows[i]
		if r.kind != CreateOp && r.kind != DeleteOp && r.kind != MetadataOp {
			continue
		}
		name := c.h.tps.list[r.tp].Topic
		if byTopic[name] == nil {
			names = append(names, name)
		}
		byTopic[name] = append(byTopic[name], ID(i))
	}
	for _, name := range names {
		c.topic(name, byTopic[name])
	}
}

func (c *check) topic(name string, ops []ID) {
	for _, id := range ops {
		look := &c.h.rows[id]
		if look.kind != MetadataOp || look.outcome != OK {
			continue
		}
		last, sure := c.lastChange(ops, look)
		switch {
		case !sure:
		case c.h.rows[last].kind == CreateOp && !look.has(Exists):
			c.r.add(Anomaly{Name: "acknowledged-topic-missing", At: TP{name, -1}, Ops: []ID{last, id}})
		case c.h.rows[last].kind == DeleteOp && look.has(Exists):
			c.r.add(Anomaly{Name: "deleted-topic-returned", At: TP{name, -1}, Ops: []ID{last, id}})
		}
	}
}

// lastChange is the acknowledged change before a look, if no other change can
// have come between or may still be under way.
func (c *check) lastChange(ops []ID, look *row) (last ID, sure bool) {
	last = -1
	for _, id := range ops {
		r := &c.h.rows[id]
		if r.kind == MetadataOp || r.outcome == Fail || r.invoke > look.ret {
			continue
		}
		if r.outcome != OK || r.ret+c.o.MetadataLag >= look.invoke {
			return -1, false
		}
		if last < 0 || r.ret > c.h.rows[last].ret {
			if last >= 0 && r.invoke < c.h.rows[last].ret {
				return -1, false // they overlap: either may have been last
			}
			last = id
		}
	}
	return last, last >= 0
}
