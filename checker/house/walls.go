package house

import "strings"

// wall stands between two parts of the house.
type wall struct {
	from  []string // who may not import ...
	save  []string // ... but for these
	to    []string // ... what is below here
	tests bool     // tests may
	why   string
}

var walls = []wall{
	{from: everyone, save: []string{"cmd"}, to: []string{"cmd"},
		why: "nobody imports cmd"},
	{from: everyone, save: []string{"cmd", "node/host"}, to: []string{"node/host"},
		why: "the real world is for cmd and for its own tests"},
	{from: []string{"node/env"}, to: everyone,
		why: "the ports know nobody"},
	{from: []string{"node"}, to: []string{"sim", "checker", "models", "faults", "interop", "maelstrom", "streams"}, tests: true,
		why: "a node does not know who runs or checks it"},
	{from: []string{"models"}, to: []string{"node"},
		why: "a model that leans on the code repeats its bugs"},
	{from: []string{"checker"}, to: []string{"node", "sim"},
		why: "a checker works on histories of any broker"},
	{from: []string{"node/group"}, to: []string{"node/txn", "node/meta", "node/partition"}, why: apart},
	{from: []string{"node/txn"}, to: []string{"node/group", "node/meta", "node/partition"}, why: apart},
	{from: []string{"node/meta"}, to: []string{"node/group", "node/txn", "node/partition"}, why: apart},
	{from: []string{"node/quorum"}, to: []string{"node/meta", "node/group", "node/txn", "node/partition", "node/broker"},
		why: "records are opaque bytes to the quorum"},
}

const apart = "group, txn, meta and partition meet in the broker only"

var everyone = []string{"cmd", "node", "faults", "sim", "models", "checker", "interop", "maelstrom", "streams", "tla"}

// behindWalls holds the walls. A test may always import the package beside it.
func behindWalls(f *File, report reporter) {
	for _, spec := range f.AST.Imports {
		to, ours := strings.CutPrefix(importPath(spec), f.module+"/")
		if !ours || to == f.dir() {
			continue
		}
		for _, w := range walls {
			if w.stops(f, to) {
				report(spec.Pos(), "%s imports %s: %s", f.dir(), to, w.why)
			}
		}
	}
}

func (w wall) stops(f *File, to string) bool {
	if f.Test && w.tests {
		return false
	}
	return below(f.dir(), w.from...) && !below(f.dir(), w.save...) && below(to, w.to...)
}
