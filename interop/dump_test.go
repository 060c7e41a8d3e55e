//go:build interop

package interop

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// dump runs Kafka's dump tool, and holds that it finds nothing to complain of.
func dump(t *testing.T, args ...string) string {
	t.Helper()
	java, args := toolCommand(t, "DumpLogSegments", args)
	out, errs := executeBoth(t, nil, java, args...)
	if complaints := meant(string(errs)); complaints != "" {
		t.Errorf("Kafka's dump tool complains:\n%s", tail([]byte(complaints)))
	}
	for _, bad := range []string{"isvalid: false", "Mismatches in", "Found "} {
		if strings.Contains(string(out), bad) {
			t.Errorf("Kafka's dump tool says %q:\n%s", bad, tail(out))
		}
	}
	return string(out)
}

// quirk is what the tool says of each segment, Kafka's own included, that does
// not begin at offset 0: it takes the record before it for number -1.
var quirk = regexp.MustCompile(`(?m)^Non-consecutive offsets in .*\n|^ *-1 is followed by \d+\n`)

// meant is what remains of the tool's complaints; the offsets of a real gap do.
func meant(complaints string) string { return quirk.ReplaceAllString(complaints, "") }

func files(t *testing.T, s *server, partition, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(s.data, partition, pattern))
	must(t, err)
	return found
}

var dumpedRecord = regexp.MustCompile(`(?m)^\| offset: (\d+) `)

func TestKafkasDumpToolReadsSegmentsAndTheirIndexes(t *testing.T) {
	program(t, "java")
	s := serve(t)
	for _, codec := range append([]string{"none"}, everyCodec...) {
		s.create(codec, 1, "segment.bytes", "1048576", "index.interval.bytes", "256")
		franzProduce(t, s, codec, codec, recordLines)
	}
	s.stop()
	for _, codec := range append([]string{"none"}, everyCodec...) {
		t.Run(codec, func(t *testing.T) {
			logs := files(t, s, codec+"-0", "*.log")
			readsRecords(t, codec, logs)
			readsIndexes(t, s, codec, len(logs))
		})
	}
}

// readsRecords holds that the tool sees every record once, at its offset.
func readsRecords(t *testing.T, codec string, logs []string) {
	t.Helper()
	out := dump(t, "--deep-iteration", "--files", strings.Join(logs, ","))
	says(t, out, "compresscodec: "+codec, "isvalid: true", "magic: 2")
	found := dumpedRecord.FindAllStringSubmatch(out, -1)
	if len(found) != recordCount {
		t.Errorf("Kafka's dump tool sees %d of %d records", len(found), recordCount)
	}
	for i, m := range found {
		if m[1] != fmt.Sprint(i) {
			t.Fatalf("record %d of the dump has offset %s", i, m[1])
		}
	}
}

// readsIndexes lets the tool compare indexes with their logs, and read what is
// known of producers.
func readsIndexes(t *testing.T, s *server, codec string, segments int) {
	t.Helper()
	offsets := files(t, s, codec+"-0", "*.index")
	times := files(t, s, codec+"-0", "*.timeindex")
	snapshots := files(t, s, codec+"-0", "*.snapshot")
	t.Logf("%d segments, %d offset indexes, %d time indexes, %d snapshots", segments, len(offsets), len(times), len(snapshots))
	if len(offsets) < segments-1 || len(times) < segments-1 || len(snapshots) == 0 {
		t.Errorf("too few indexes or snapshots for %d segments", segments)
	}
	all := strings.Join(append(offsets, times...), ",")
	says(t, dump(t, "--index-sanity-check", "--files", all), "passed sanity check.")
	dump(t, "--verify-index-only", "--files", all)
	says(t, dump(t, "--files", strings.Join(snapshots, ",")), "producerId: ")
}

func TestKafkasDumpToolReadsTheMetadataLog(t *testing.T) {
	program(t, "java")
	s := serve(t)
	s.create("told", 2, "retention.ms", "1234567")
	s.stop()
	logs := files(t, s, "__cluster_metadata-0", "*.log")
	out := dump(t, "--cluster-metadata-decoder", "--files", strings.Join(logs, ","))
	says(t, out, `"type":"FEATURE_LEVEL_RECORD"`, `"type":"REGISTER_BROKER_RECORD"`, `"type":"TOPIC_RECORD"`, `"name":"told"`,
		`"type":"PARTITION_RECORD"`, `"name":"retention.ms","value":"1234567"`)
}
