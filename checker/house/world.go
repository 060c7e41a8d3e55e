package house

import "slices"

// world are packages, and all below them, that reach clocks, files, sockets,
// threads or chance that nobody seeded.
var world = []string{
	"context", "crypto/rand", "hash/maphash", "log", "net", "os", "os/exec", "plugin", "runtime/cgo", "sync", "syscall",
	"golang.org/x/sync", "golang.org/x/sys",
}

// harmless are packages below those of the world that only work on values.
var harmless = []string{"net/netip", "net/url"}

// standIns are the files which put a seeded source in the place of what the world
// has, for others' code that reads it.
var standIns = map[string]string{"sim/chance.go": "crypto/rand"}

// outOfTheWorld holds that a deterministic room imports none of it.
func outOfTheWorld(f *File, report reporter) {
	if !f.deterministic() {
		return
	}
	for _, spec := range f.AST.Imports {
		at := importPath(spec)
		if below(at, world...) && !slices.Contains(harmless, at) && standIns[f.Path] != at {
			report(spec.Pos(), "%s imports %q: the world is an argument here", f.dir(), at)
		}
	}
}
