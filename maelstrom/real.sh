#!/usr/bin/env bash
# Has Maelstrom itself judge the node: real.sh MAELSTROM ODRADEK
# MAELSTROM is its program; without one nothing is run, and SKIP is said.
set -euo pipefail

if [ -z "$1" ]; then
	echo "SKIP: Maelstrom itself (MAELSTROM=path/to/maelstrom runs it)"
	exit 0
fi
maelstrom=$(realpath "$1")
node=$(realpath "$2")

run() { # workload nodes latency distribution, then more arguments
	local what="$1, $2 nodes, latency $3 ms $4"
	shift 4
	printf '%s: ' "$what"
	if "$maelstrom" test --bin "$node" "$@" -- maelstrom >"$log" 2>&1; then
		echo valid
	else
		echo "NOT VALID; $log:"
		tail -40 "$log"
		exit 1
	fi
}

cd "$(mktemp -d)" # where Maelstrom leaves its store
log=$PWD/log
for workload in echo kafka lin-kv; do
	for nodes in 1 3 5; do
		for latency in 0 10 100; do
			for dist in constant exponential; do
				run "$workload" "$nodes" "$latency" "$dist" -w "$workload" --node-count "$nodes" --concurrency 2n --rate 100 \
					--time-limit 30 --nemesis partition --latency "$latency" --latency-dist "$dist"
			done
		done
	done
done
