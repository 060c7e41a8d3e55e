package sim

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"odradek/node/env"
)

func TestAFileExtendsWhatItWasIfItHasItsBytesStill(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := NewDisk(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)), "/d")
		open := func() {
			d.Do(&env.Disk{Kind: env.Open, File: 1, Path: "/d/1.log", Flags: env.Create})
			d.Do(&env.Disk{Kind: env.SyncDir, Path: "/d"})
		}
		open()
		var was Durable
		var copied string
		for _, step := range rapid.SliceOf(rapid.IntRange(0, 6)).Draw(t, "steps") {
			size := int64(len(was.Data))
			switch step {
			case 0, 1:
				d.Do(&env.Disk{Kind: env.Write, File: 1, Off: size, Data: []byte{byte(size), 7}})
			case 2:
				d.Do(&env.Disk{Kind: env.Sync, File: 1})
			case 3:
				d.Do(&env.Disk{Kind: env.Truncate, File: 1, Off: size / 2})
			case 4:
				d.Do(&env.Disk{Kind: env.Write, File: 1, Off: size / 2, Data: []byte{9}})
			case 5:
				d.Flip(uint64(size), func(string) bool { return true })
			case 6:
				d.PowerCut()
				open()
			}
			now := durableIn(d)[0]
			if now.Extends(was) && string(now.Data[:len(copied)]) != copied {
				t.Fatalf("%v is said to extend %v", now.Data, []byte(copied))
			}
			if now.Same(was) && string(now.Data) != copied {
				t.Fatalf("%v is said to be %v", now.Data, []byte(copied))
			}
			was, copied = now, string(now.Data)
		}
	})
}

func TestTheFilesThatAreDurableComeInTheOrderOfTheirNames(t *testing.T) {
	d := NewDisk(rand.New(rand.NewPCG(1, 0)), "/d")
	for i, name := range []string{"3.log", "7.log", "9.index", "5.log"} {
		d.Do(&env.Disk{Kind: env.Open, File: env.FileID(i + 1), Path: "/d/" + name, Flags: env.Create})
	}
	if len(durableIn(d)) > 0 {
		t.Error("nothing is durable yet")
	}
	d.Do(&env.Disk{Kind: env.SyncDir, Path: "/d"})
	var names string
	for _, f := range durableIn(d) {
		names += f.Name + " "
	}
	if names != "3.log 5.log 7.log 9.index " {
		t.Error(names)
	}
}

func durableIn(d *Disk) (all []Durable) {
	d.EachDurable("/d", func(f Durable) { all = append(all, f) })
	return all
}
