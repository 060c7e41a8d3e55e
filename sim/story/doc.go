// Package story records what happens in a simulated world, for the space-time
// diagram of a report (checker.Story):
//
//	every step -> Stepped: processes, leaders, high watermarks --+
//	every frame -> Passed: arrows                                +--> Story
//	every fault -> Struck: bars and points ----------------------+
//
// A Recorder stands before the Watch of a run, and hands everything on to it: the
// run is the same with it and without.
package story
