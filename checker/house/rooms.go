package house

import "strings"

// rooms are the packages that the plan of the house names; a room may have
// packages below it.
var rooms = []string{
	"cmd/odradek",
	"node/env", "node/record", "node/wire", "node/storage", "node/partition", "node/quorum", "node/meta",
	"node/group", "node/txn", "node/access", "node/config", "node/mutant", "node/broker", "node/host",
	"faults", "sim", "models", "checker", "interop", "maelstrom", "streams", "tla",
}

// inARoom holds that a package's folder is in the plan.
func inARoom(f *File, report reporter) {
	if !below(f.dir(), rooms...) {
		report(f.AST.Package, "%s is in no room of the house: name it in rooms.go, or move it", f.dir())
	}
}

// deterministic tells whether the file must do the same in every run of a seed.
// Tests may start goroutines, and look at the clock.
func (f *File) deterministic() bool {
	return !f.Test && below(f.dir(), "node", "sim", "faults") && !below(f.dir(), "node/host")
}

// below tells whether folder is one of these, or in one.
func below(folder string, these ...string) bool {
	for _, one := range these {
		if folder == one || strings.HasPrefix(folder, one+"/") {
			return true
		}
	}
	return false
}
