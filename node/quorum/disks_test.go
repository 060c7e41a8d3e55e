package quorum_test

import (
	"math/rand/v2"
	"slices"
	"strings"

	"odradek/node/env"
	"odradek/sim"
)

// machine carries out the disk operations of one process in an order drawn from
// a seed: those on one file as they came, the others as After lets them.
type machine struct {
	rng     *rand.Rand
	disk    *sim.Disk
	out     *env.Outbox
	tasks   *env.Tasks
	pending []*env.Disk
	answers []*env.DiskDone
	live    map[env.Op]bool
	failed  map[env.Op]bool
	cuts    int // of a log's end
}

func newMachine(rng *rand.Rand) *machine {
	m := &machine{rng: rng, disk: sim.NewDisk(rng, "d")}
	m.begin()
	return m
}

// begin is a new process.
func (m *machine) begin() {
	m.out, m.tasks = env.NewOutbox(0), &env.Tasks{}
	m.pending, m.answers = nil, nil
	m.live, m.failed = map[env.Op]bool{}, map[env.Op]bool{}
}

func (m *machine) gather() {
	for _, e := range m.out.Take() {
		switch e := e.(type) {
		case *env.Disk:
			m.pending = append(m.pending, e)
			m.live[e.Op] = true
		case env.Log:
			if strings.Contains(e.Text, "cut from") {
				m.cuts++
			}
		}
	}
}

func onFile(k env.DiskKind) bool {
	switch k {
	case env.Open, env.Close, env.Read, env.Write, env.Sync, env.Truncate, env.Reset:
		return true
	}
	return false
}

// ready are the operations that may be carried out now.
func (m *machine) ready() (all []int) {
	busy := map[env.FileID]bool{}
	for i, op := range m.pending {
		if first := !onFile(op.Kind) || !busy[op.File]; first && !m.live[op.After] {
			all = append(all, i)
		}
		busy[op.File] = busy[op.File] || onFile(op.Kind)
	}
	return all
}

// pump carries out one operation, or tells of one that was; false: there is none.
func (m *machine) pump(now env.Time) bool {
	m.gather()
	if ready := m.ready(); len(ready) > 0 && (len(m.answers) == 0 || m.rng.IntN(2) == 0) {
		m.execute(ready[m.rng.IntN(len(ready))])
		return true
	}
	if len(m.answers) == 0 {
		return false
	}
	done := m.answers[0]
	m.answers = m.answers[1:]
	done.Tag.Completed(now, done, m.out)
	return true
}

func (m *machine) execute(i int) {
	op := m.pending[i]
	m.pending = slices.Delete(m.pending, i, i+1)
	var done *env.DiskDone
	if m.failed[op.After] {
		done = m.disk.Skip(op)
	} else {
		done = m.disk.Do(op)
	}
	delete(m.live, op.Op)
	m.failed[op.Op] = done.Err != nil
	m.answers = append(m.answers, done)
}

// die ends the process; with a power cut only what is durable stays for certain.
func (m *machine) die(power bool) {
	m.tasks.Discard()
	if power {
		m.disk.PowerCut()
	} else {
		m.disk.Crash()
	}
	m.begin()
}
