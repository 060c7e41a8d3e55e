package house_test

import (
	"bufio"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"

	"odradek/checker/house"
)

var ours = sync.OnceValues(func() (*house.Tree, error) { return house.Load("../..") })

func TestTheHouseKeepsItsRules(t *testing.T) {
	for _, f := range load(t).Check() {
		t.Error(f)
	}
}

// The house's size: no file over 600 lines, half of the files under 150,
// functions around 7 lines, one in fifty over 70. The recorded numbers are a
// ratchet: whoever gets below one writes it down, nobody goes above.
func TestFilesAndFunctionsStaySmall(t *testing.T) {
	have := reflect.ValueOf(load(t).Sizes())
	recorded := recordedSizes(t)
	for i := range have.NumField() {
		name, n := have.Type().Field(i).Name, int(have.Field(i).Int())
		limit, ok := recorded[name]
		if !ok {
			t.Errorf("testdata/sizes.txt does not tell %s", name)
		}
		if n > limit {
			t.Errorf("%s is %d, at most %d is allowed", name, n, limit)
		}
		t.Logf("%s is %d of %d", name, n, limit)
	}
}

func TestNoRecordedSizeIsAboveTheHousesOwn(t *testing.T) {
	law := map[string]int{"LongestFile": 600, "MedianFile": 150, "MedianFunction": 10, "PerMilleOver70": 20}
	for name, n := range recordedSizes(t) {
		if n > law[name] {
			t.Errorf("%s is recorded as %d, above %d", name, n, law[name])
		}
	}
}

func load(t *testing.T) *house.Tree {
	t.Helper()
	tree, err := ours()
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// recordedSizes reads lines of a name and a number.
func recordedSizes(t *testing.T) map[string]int {
	t.Helper()
	f, err := os.Open("testdata/sizes.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sizes := map[string]int{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		var name string
		var n int
		if _, err := fmt.Sscan(line, &name, &n); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		sizes[name] = n
	}
	return sizes
}
