package sim

import (
	"maps"
	"slices"
	"strings"

	"odradek/node/record"
	"odradek/node/storage"
)

// chop takes the end of a partition's log, from some byte on that lies below what the
// log's mark says was synced:
//
//	|--------------- log -----------------------|
//	    | start | cut             | mark
//
// What lies behind the mark was synced, too, but nothing on this disk says so: if only
// that is gone it passes for a torn tail.
func (d *Disk) chop(bit uint64) {
	var logs []marked
	total := uint64(0)
	walk(d.tree.root, "", true, func(path string, n *inode) {
		if n.dir && !strings.Contains(path, "/__") {
			for _, m := range belowMark(n) {
				logs = append(logs, m)
				total += m.size
			}
		}
	})
	if total == 0 {
		return
	}
	bit %= total
	for _, m := range logs {
		if bit < m.size {
			d.cut(m, int64(m.from+bit))
			return
		}
		bit -= m.size
	}
}

// marked is how much of a file lies below the mark of its log.
type marked struct {
	dir  *inode
	name string
	from uint64 // bytes that are deleted already, as their offsets lie before the log start
	size uint64 // bytes that are not
}

func belowMark(dir *inode) (all []marked) {
	point := dir.stored[storage.RecoveryFile]
	if point == nil {
		return nil
	}
	start, mark := storage.SyncedMark(point.durable)
	for _, name := range slices.Sorted(maps.Keys(dir.stored)) {
		m := marked{dir: dir, name: name}
		if !strings.HasSuffix(name, ".log") {
			continue
		}
		for b, err := range record.Batches(dir.stored[name].durable) {
			if err != nil || b.NextOffset() > mark {
				break
			}
			if b.NextOffset() <= start {
				m.from += uint64(len(b))
			} else {
				m.size += uint64(len(b))
			}
		}
		all = append(all, m)
	}
	return all
}

// cut ends a file, and removes the segments that follow it.
func (d *Disk) cut(m marked, at int64) {
	n := m.dir.names[m.name]
	n.change(change{off: at})
	n.sync()
	for _, later := range slices.Sorted(maps.Keys(m.dir.names)) {
		if later > m.name && strings.HasSuffix(later, ".log") {
			d.tree.link(m.dir, later, nil)
		}
	}
	d.syncTree()
}
