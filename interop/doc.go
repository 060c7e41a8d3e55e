// Package interop holds tests of the real binary: unmodified clients and tools
// of Kafka against it, kill -9 under load, and the order of its system calls.
//
//	go test -tags interop ./interop       (or: make interop)
//
//	servers_test.go   builds the binary, runs it on 127.0.0.1, ends or kills it
//	needs_test.go     what a machine must have; what it lacks is skipped by name
//	clients_test.go   every client x every codec: 100,000 records there and back
//	records_test.go   what is sent, and whether exactly that was read
//	franz_test.go     the client that needs no program of its own
//	kill9_test.go     SIGKILL twenty times; the history is judged by checker
//	load_test.go      what runs meanwhile, and writes the history
//	raw_test.go       one request, one answer, no client's retries
//	strace_test.go    write, fdatasync, reply: the order, at the system calls
//	syscalls_test.go  reads a trace and judges that order
//	tools_test.go     Kafka's admin and console tools
//	cluster_test.go   several nodes, which may be frozen; clusterload_test.go their load
//	chaos_test.go     kill -9, SIGSTOP; netns_test.go: broken networks (ODRADEK_CHAOS=10m)
//	lastone_test.go   N-1 of N replicas die for good
//	cluster_tools_test.go  what tools tell of a cluster
//	dump_test.go      Kafka's dump tool reads our files
//	local             nodes for programs; failover, bench: such programs
//	java, python, kafkajs   the small programs that drive those clients
//
// A client's program gets its records from the test, and tells what it read:
//
//	produce ADDR TOPIC CODEC   stdin:  key TAB value
//	consume ADDR TOPIC         stdout: partition TAB offset TAB key TAB value
//
// Installed clients are kept in .cache/interop.
package interop
