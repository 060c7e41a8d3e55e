// Package broker is one node: the controller (machine 0) and its shards.
//
//	client --frame--> shard of the connection --part--> shard of the partition
//	                       |        ^  parts answered by message
//	                       |        |
//	                       +--change--> controller: decide -> records -> metadata log
//	                                        |  durable
//	                                        v
//	                            every shard replays the records, then the reply goes out
//
// One file per API key (api_*.go) holds what the API answers; its header says
// versions and behaviour. The golden scripts of checker/oracle are played
// against this package.
package broker
