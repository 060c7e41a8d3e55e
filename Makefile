# `make run` and `make test` need nothing but Go.

GO ?= go
comma := ,

.PHONY: run build test determinism lint race oracle sim speed mutants fuzz bench interop failover maelstrom tla tla-full tla-traces tla-mutants bench-full

run: build
	bin/odradek serve --data data

build:
	$(GO) build -o bin/odradek ./cmd/odradek

# Everything that needs no other program, with 1,000 simulated seeds.
test: build
	$(GO) test ./...
	bin/odradek sim --seeds 0..1000
	$(MAKE) --no-print-directory determinism

# The same seeds in fresh processes, under other conditions, have the same trace hashes.
determinism: build
	bin/odradek sim --seeds 0..100 --hashes > bin/hashes.1
	GOMAXPROCS=1 GOGC=20 bin/odradek sim --seeds 0..100 --hashes > bin/hashes.2
	cmp bin/hashes.1 bin/hashes.2

lint:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "gofmt: the files above"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

race:
	$(GO) test -race ./...

# Plays the golden scripts against Apache Kafka 4.4.0 (needs Java and Maven Central).
oracle:
	$(GO) run ./checker/oracle/record

sim: build
	bin/odradek sim --seeds $(or $(SEEDS),0..10000)

# How fast a simulated cluster runs, on one core.
speed: build
	bin/odradek sim --speed all

# Historical bugs, switched on one by one: what the properties and scripts of the
# rooms find (test, seconds, what it said), then what the swarm finds.
mutants:
	@$(GO) test -tags mutants -v ./node/... ./sim -run 'Mutant|WhatIsWrong' | awk ' \
		$$2 == "RUN" { test = $$3 } \
		/_test.go:[0-9]+: / && !(test in said) { said[test] = substr($$0, index($$0, "_test.go:") + 9, 110) } \
		/^FAIL|^ *--- FAIL/ { print; bad = 1 } \
		/^ *--- PASS/ && match($$3, /[A-G][0-9]+/) { \
			printf "%-4s %-8s %s: %s\n", substr($$3, RSTART, RLENGTH), $$4, $$3, said[$$3]; delete said[$$3] } \
		END { exit bad }'
	$(GO) build -tags mutants -o bin/odradek-mutants ./cmd/odradek
	bin/odradek-mutants mutants

# Unmodified clients and tools of Kafka, kill -9 and strace against the real binary;
# what this machine lacks is skipped by name. CHAOS is how long clusters are hurt.
interop:
	ODRADEK_CHAOS=$(or $(CHAOS),60s) $(GO) test -tags interop -timeout 90m -v ./interop ./cmd/odradek

# Maelstrom's workloads by the harness of our own: SEEDS seeds, each at 1, 3 and 5 nodes. Then by
# Maelstrom itself where MAELSTROM=path names its program (it needs Java).
maelstrom: build
	$(GO) run ./maelstrom/campaign -seeds $(or $(SEEDS),50) $(ARGS)
	maelstrom/real.sh "$(MAELSTROM)" bin/odradek

# Every fuzz target for FUZZTIME.
FUZZTIME ?= 20s
fuzz:
	@grep -rl --include='*_test.go' '^func Fuzz' node faults checker maelstrom | while read -r file; do \
		sed -n 's/^func \(Fuzz[A-Za-z0-9]*\).*/\1/p' "$$file" | while read -r target; do \
			echo "$$(dirname "$$file") $$target"; \
			$(GO) test "./$$(dirname "$$file")" -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) </dev/null || exit 1; \
		done || exit 1; \
	done

# The broker on this machine, its disk and its loopback, then a cluster of three: one
# short repetition, profiles in bin/profiles. PEER=kafka,kafka-fsync measures Apache
# Kafka beside it, with its defaults and syncing (needs Java and Maven Central);
# BROKER=host:port only that one. ARGS: more flags.
bench: build
	$(GO) run ./interop/bench -peer "$(PEER)" -broker "$(BROKER)" -profiles bin/profiles -json bin/bench.json $(ARGS)

# Medians of five, beside both kinds of Kafka, into docs/performance.md and its drawing;
# 30 GB are needed. It takes more than an hour.
bench-full: build
	$(GO) run ./interop/bench -peer "$(if $(PEER),$(PEER),kafka$(comma)kafka-fsync)" -rounds 5 -length 4s -grow 1,10 \
		-profiles bin/profiles -json docs/performance.json -page docs/performance.md $(ARGS)

# How long a producer is without its partition when the leader is killed, told to
# end, or stopped: three nodes, ARGS such as "-rounds 5 -set broker.session.timeout.ms=1000"
# or "-how hole", a network that loses all in silence (root on Linux).
failover: build
	$(GO) run ./interop/failover $(ARGS)

# The specifications: what holds, and what historical bugs violate (needs Java and
# Maven Central, or TLA2TOOLS_JAR; without them it says SKIP, and fails if TLA_REQUIRED=1).
tla:
	$(GO) run ./tla
	$(GO) run ./tla/traces -campaign T2 -seeds 2..8

# The large ones too, with a line a minute on how far it got.
tla-full:
	$(GO) run ./tla -full -memory 4g

# Runs of the simulator as behaviours of the specification. SEEDS=A..B; CAMPAIGN is T1,
# T2, T3 or chop; VARIANTS of each kind for each lot of traces, wrong at one line.
tla-traces:
	$(GO) run ./tla/traces -campaign $(or $(CAMPAIGN),T2) -seeds $(or $(SEEDS),0..100) -variants $(or $(VARIANTS),0)

# Which mutants of replication are refused by traces alone.
tla-mutants:
	$(GO) run -tags mutants ./tla/traces -mutants all -most 1 -lines 400 -campaign $(or $(CAMPAIGN),T2) -seeds $(or $(SEEDS),2..14)
