// Command traces has TLC say whether runs of the simulator are behaviours of
// tla/IsrReplication.tla:
//
//	seeds --> sim + sim/tracing --> traces --> IsrTraceData.tla --+--> TLC --> accepted, or refused at a line
//	                                  |        IsrTraces.tla -----+
//	                                  +--> variants made wrong at one line, which should be refused
//
// Traces of one number of replicas and one min.insync.replicas are checked together,
// since these are constants of the specification.
package main
