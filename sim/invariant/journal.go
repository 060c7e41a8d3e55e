package invariant

import (
	"slices"

	"odradek/node/env"
	"odradek/node/storage"
	"odradek/sim"
)

// journals are what the durable journals of a node hold, as long as they stay as they
// are.
type journals struct {
	files []sim.Durable
	logs  []*storage.Journalled
}

// replayed is how far a log goes on from its segments when the journals are replayed.
func (x *Watch) replayed(n *sim.Node, p *part, end int64) int64 {
	for _, l := range x.journalled(n) {
		if l.Topic != p.topic || l.Name != p.name {
			continue
		}
		for _, b := range l.Batches {
			if b.BaseOffset() <= end {
				end = max(end, b.NextOffset())
			}
		}
	}
	return end
}

func (x *Watch) journalled(n *sim.Node) []*storage.Journalled {
	var files []sim.Durable
	n.Disk().EachDurable(sim.DataDir, func(f sim.Durable) {
		if storage.IsJournal(f.Name) {
			files = append(files, f)
		}
	})
	was := x.journals[n.Place()]
	if was != nil && slices.EqualFunc(files, was.files, sim.Durable.Same) {
		return was.logs
	}
	now := &journals{files: files}
	for _, f := range files {
		logs, _ := storage.ReadJournal(slices.Clone(f.Data), directory(n))
		now.logs = append(now.logs, logs...)
	}
	x.journals[n.Place()] = now
	return now.logs
}

// directory is the id of a node's log directory.
func directory(n *sim.Node) env.UUID {
	text, _ := n.Disk().Durable(sim.DataDir + "/meta.properties")
	p, _ := storage.ParseMetaProperties(text)
	return p.DirectoryID
}
