//go:build mutants

package console

import (
	"errors"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"odradek/node/mutant"
)

func TestMutantB24SkipsACorruptRecordInSilence(t *testing.T) {
	cl, err := kgo.NewClient() // which connects to nobody
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	if err := mutant.Enable("B24"); err != nil {
		t.Fatal(err)
	}
	defer mutant.Enable("")
	c := take(9)
	c.Client, c.at[0] = cl, 4
	if err := c.partition(fetch(errors.New("bad crc"), 0), nil); err != nil || c.at[0] != 5 {
		t.Errorf("at %d: %v", c.at[0], err)
	}
}
