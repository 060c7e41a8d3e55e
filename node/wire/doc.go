// Package wire turns bytes into Kafka's requests and responses back into bytes.
//
//	stream --Splitter--> frame --ParseRequest-----------> Request{Header, Body kmsg.Request}
//	                           `-ParseControllerRequest-'
//	kmsg.Response --AppendResponse--> bytes        (with size prefix and response header)
//	fetch skeleton + lengths --AppendFetch--> []Part   (bytes and ranges; records are never copied)
//
// It is pure: no clock, socket or file. Whatever comes from outside is bounded
// before memory is taken for it: the Splitter takes memory as bytes arrive, and
// ParseRequest walks every array count of a frame against a budget before kmsg
// decodes it, since a hostile frame can decode to eighty times its size.
//
// Nodes of Odradek have requests of their own between them (peer*.go), framed like
// Kafka's and hand-encoded.
package wire
