// Package oracle holds what Apache Kafka answers. Scripts of requests, with the
// responses that a real Kafka 4.4.0 gave to them, are text files below testdata;
// they are recorded from Kafka itself (StartKafka, StartNodes, Record) and played against
// any other broker (Play), which shows the difference.
//
// A script is read line by line:
//
//	# a comment, kept as it is
//	@config auto.create.topics.enable=false   the broker runs with this property
//	@fresh                                    the broker is used by no other script
//	@nodes 3                                  it is played against a cluster
//	@conn b                                   what follows goes over connection b
//	@until Topics[0].ErrorCode = NONE         repeats the next request until it holds;
//	                                          several have to hold together
//	@later join-b                             the next request is only sent; its answer
//	@await join-b                             is taken here, and follows this line
//	@at 2                                     what follows goes to node 2 of the cluster
//	@stop 2                                   node 2 ends in order; @kill 2: as in a crash
//	@start 2                                  and is there again
//	> CreateTopics v7 {"Topics": [{"Topic": "a"}]}
//	  (a line that starts with two spaces continues the request)
//	> key 999 v0 00ff                         any header, and a body in hexadecimal
//	> raw 0003000000000001                    a whole frame in hexadecimal
//	< {"Topics": [...]}                       the response, on one or many lines
//	< nothing                                 acks=0: no response is sent
//	< closed                                  the broker closed the connection
//	< hex 0003...                             the response body to key and raw
//	! we answer so because ...                a difference that is meant, and
//	<o {"Topics": [...]}                      what is to be answered instead
//	@save id = Topics[0].TopicID              names a value of the last response;
//	                                          "$id" in a later request stands for it
//
// Names of requests and fields are those of kmsg. A response shows exactly the
// fields that its version has. Error codes are shown by their names, bytes as
// text ("hex:..." where they are none), records in the syntax of batchSpec. What
// legitimately differs from run to run is replaced by a placeholder in angle
// brackets; the rules are one table, in normal.go, and what is sorted another, in
// order.go. Scripts that our broker does not serve yet are listed, with reasons,
// in testdata/notyet.txt: the one that passes has to be struck off.
package oracle
