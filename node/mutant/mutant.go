// Package mutant re-introduces historical bugs, one at a time, so that the
// suite can show that it finds them. A mutant is a switch at the very line
// where the bug once lived. In builds without the tag `mutants` On is a
// constant false and Enable an error, so no release binary can be made wrong.
package mutant
