// Package config is what can be configured: Kafka 4.4's keys of brokers,
// topics, groups and client metrics, and the typed settings made of them.
//
//	server.properties --Parse--> []Setting --Load--> *Broker (settings of a node), warnings
//	                                                    |
//	             dynamic configs of the metadata --With--> *Broker --Topic(overrides)--> Topic
//	                                                    |
//	                                                    +--DescribeBroker, DescribeTopic, ...--> []Entry
//
// The value of a broker's key is looked for in this order (KIP-226):
//
//	this broker, dynamic > all brokers, dynamic > server.properties > default
//
// and at each place under its synonyms (log.retention.ms, then .minutes, then
// .hours). A topic's own value goes before all of them.
//
// All is pure; what is made here is never changed, so it may be shared.
package config
