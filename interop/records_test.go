//go:build interop

package interop

import (
	"bufio"
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

const recordCount = 100_000

func keyOf(i int) string   { return fmt.Sprintf("key-%d", i%1000) }
func valueOf(i int) string { return fmt.Sprintf("%07d all that is said here is said again", i) }

// recordLines are the records as a client's program reads them.
var recordLines = func() []byte {
	var b bytes.Buffer
	for i := range recordCount {
		fmt.Fprintf(&b, "%s\t%s\n", keyOf(i), valueOf(i))
	}
	return b.Bytes()
}()

// got is a record that a client says it read.
type got struct {
	partition  int
	offset     int64
	key, value string
}

func parseGot(out []byte) (all []got, err error) {
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) != 4 {
			return nil, fmt.Errorf("line %d is not a record: %q", len(all)+1, lines.Text())
		}
		partition, err1 := strconv.Atoi(f[0])
		offset, err2 := strconv.ParseInt(f[1], 10, 64)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("line %d is not a record: %q", len(all)+1, lines.Text())
		}
		all = append(all, got{partition, offset, f[2], f[3]})
	}
	return all, lines.Err()
}

// exactly holds that all are the records sent: each once, with its key, without
// gaps in a partition's offsets, and in every partition in the order sent.
func exactly(t *testing.T, who string, all []got) {
	t.Helper()
	if len(all) != recordCount {
		t.Errorf("%s read %d records, %d were sent", who, len(all), recordCount)
	}
	seen := make([]bool, recordCount)
	next, last := map[int]int64{}, map[int]int{}
	for _, g := range all {
		i, err := strconv.Atoi(g.value[:min(7, len(g.value))])
		if err != nil || i >= recordCount || g.value != valueOf(i) || g.key != keyOf(i) {
			t.Fatalf("%s read what nobody sent: %+v", who, g)
		}
		if seen[i] {
			t.Fatalf("%s read twice: %+v", who, g)
		}
		seen[i] = true
		if g.offset != next[g.partition] {
			t.Fatalf("%s read offset %d of partition %d after %d", who, g.offset, g.partition, next[g.partition]-1)
		}
		next[g.partition]++
		if before, any := last[g.partition]; any && i <= before {
			t.Fatalf("%s read record %d of partition %d after record %d", who, i, g.partition, before)
		}
		last[g.partition] = i
	}
}
