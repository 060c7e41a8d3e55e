// Package console is records as people read and type them.
//
//	lines --LineReader--> *kgo.Record --Send--> cluster
//	cluster --Take--> *kgo.Record --Text or JSON--> lines
//
// The text forms are those of Kafka's console tools (kafka-console-producer,
// kafka-console-consumer, kafka-topics), the JSON form is kcat's.
package console
