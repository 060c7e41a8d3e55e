// Package house is lint as code: the rules of this repository, held by a test.
//
//	Load --go/packages--> Tree of Files --each rule--> Findings (none, or the test fails)
//	                           |
//	                           +------> Sizes, against those recorded in testdata/sizes.txt
//
// The rules, each in its file:
//
//	rooms.go      every package is in a room that has a name
//	walls.go      who may import whom
//	world.go      deterministic rooms import nothing that reaches the real world
//	words.go      nor use goroutines, channels, or functions that reach it
//	maporder.go   nor let the order of a map be seen
//	threads.go    nor let a library start goroutines for them
//	papers.go     every package says what it is, in doc.go
//	sizes.go      files and functions stay small
//
// Files that build constraints leave out are parsed but have no types: rules that
// need types to see (ranging over a map) are blind there.
package house
