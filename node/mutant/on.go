//go:build mutants

package mutant

var active string

// On tells whether the mutant with this id is switched on in this process.
func On(id string) bool { return id == active }

// Enable switches one mutant on for the rest of the process; "" switches all
// off. It is called before a world starts, never while one runs.
func Enable(id string) error {
	active = id
	return nil
}
