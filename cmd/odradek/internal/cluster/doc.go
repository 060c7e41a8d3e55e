// Package cluster connects a tool to a cluster, or says at once why it cannot.
//
//	Flags --Dial--> one TCP connection on trial --> *kgo.Client, with short patience
//
// A client library retries for a long time, since its program is to outlive a
// broker's restart. A person at a terminal wants to know in milliseconds that
// nobody listens.
package cluster
