package sim

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"odradek/node/env"
)

// plain is a file as processes see it, and every content that it had since the
// last sync, of which a power cut leaves a mixture.
type plain struct {
	now      []byte
	possible []map[byte]bool // at each offset, since the sync
	least    int             // smallest and largest size since the sync
	most     int
}

func (p *plain) note() {
	p.least, p.most = min(p.least, len(p.now)), max(p.most, len(p.now))
	for len(p.possible) < len(p.now) {
		p.possible = append(p.possible, map[byte]bool{0: true})
	}
	for i := range p.possible {
		if i < len(p.now) {
			p.possible[i][p.now[i]] = true
		} else {
			p.possible[i][0] = true // what was cut off is zero when the file grows again
		}
	}
}

func (p *plain) sync() {
	p.possible, p.least, p.most = nil, len(p.now), len(p.now)
	for _, b := range p.now {
		p.possible = append(p.possible, map[byte]bool{b: true})
	}
}

func (p *plain) allows(left []byte) bool {
	if len(left) < p.least || len(left) > p.most {
		return false
	}
	for i, b := range left {
		if !p.possible[i][b] {
			return false
		}
	}
	return true
}

func (p *plain) resize(size int) {
	for len(p.now) < size {
		p.now = append(p.now, 0)
	}
	p.now = p.now[:size]
}

// TestAFileIsWhatWasWrittenAndAPowerCutLeavesWhatItOnceWas compares a file with
// a plain slice through writes, truncations, syncs, crashes and power cuts.
func TestAFileIsWhatWasWrittenAndAPowerCutLeavesWhatItOnceWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := NewDisk(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)), "/d")
		file := env.FileID(0)
		open := func() {
			file++
			if done := d.Do(&env.Disk{Kind: env.Open, File: file, Path: "/d/f", Flags: env.Create}); done.Err != nil {
				t.Fatal(done.Err)
			}
		}
		do := func(op env.Disk) {
			op.File = file
			if done := d.Do(&op); done.Err != nil {
				t.Fatal(done.Err)
			}
		}
		open()
		do(env.Disk{Kind: env.SyncDir, Path: "/d"})
		p := &plain{}
		t.Repeat(map[string]func(*rapid.T){
			"write": func(t *rapid.T) {
				off, data := rapid.IntRange(0, 20).Draw(t, "off"), rapid.SliceOfN(rapid.Byte(), 1, 8).Draw(t, "data")
				do(env.Disk{Kind: env.Write, Off: int64(off), Data: data})
				p.resize(max(len(p.now), off+len(data)))
				copy(p.now[off:], data)
				p.note()
			},
			"truncate": func(t *rapid.T) {
				size := rapid.IntRange(0, 25).Draw(t, "size")
				do(env.Disk{Kind: env.Truncate, Off: int64(size)})
				p.resize(size)
				p.note()
			},
			"sync":  func(*rapid.T) { do(env.Disk{Kind: env.Sync}); p.sync() },
			"crash": func(*rapid.T) { d.Crash(); open() },
			"power cut": func(t *rapid.T) {
				d.PowerCut()
				left, ok := d.Cached("/d/f")
				if !ok || !p.allows(left) {
					t.Fatalf("left %x (%v) of %x", left, ok, p.now)
				}
				p.now = left
				p.sync()
				open()
			},
			"": func(t *rapid.T) {
				if got, _ := d.Cached("/d/f"); !bytes.Equal(got, p.now) {
					t.Fatalf("%x instead of %x", got, p.now)
				}
			},
		})
	})
}
