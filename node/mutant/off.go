//go:build !mutants

package mutant

import "errors"

var errNotBuilt = errors.New("this binary has no mutants: build it with -tags mutants")

// On is false in every release build: the compiler removes what it guards.
func On(string) bool { return false }

// Enable refuses: this binary was built without the tag `mutants`.
func Enable(id string) error { return errNotBuilt }
