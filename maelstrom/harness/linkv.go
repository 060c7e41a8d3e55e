package harness

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"

	"odradek/maelstrom"
)

// RunLinKV is Run for the workload lin-kv: a few keys, each of which has to be a
// linearizable register.
func RunLinKV(o Options) (*Registers, error) {
	r, err := launch(o)
	if err != nil {
		return nil, err
	}
	all := &Registers{}
	err = r.begin()
	if err == nil {
		err = r.play(func(node string) func() error {
			p := &registerPlayer{shared: r.shared, all: all, ask: r.net.askNew(node), rng: r.next()}
			p.process = p.processes.Add(1)
			return p.step
		})
	}
	all.Err = errors.Join(err, r.cluster.end())
	all.judge()
	all.Carried, all.Lost = r.net.counts()
	return all, nil
}

// next is the source of chance of the next player.
func (r *running) next() *rand.Rand {
	return stream(r.Seed, fmt.Sprintf("register %d", r.processes.Load()))
}

// Registers are what became of a run of lin-kv.
type Registers struct {
	mu            sync.Mutex
	ops           []porcupine.Operation
	Verdict       porcupine.CheckResult
	Good, InDoubt int // operations that were answered well, or nobody knows
	Carried, Lost int
	Err           error
}

// Valid holds if nothing is wrong.
func (r *Registers) Valid() bool { return r.Err == nil && r.Verdict == porcupine.Ok }

func (r *Registers) String() string {
	text := fmt.Sprintf("linearizable: %v, %d operations, %d in doubt, %d messages between nodes, %d of them lost",
		r.Verdict, r.Good, r.InDoubt, r.Carried, r.Lost)
	if r.Err != nil {
		text += "; FAILED: " + r.Err.Error()
	}
	return text
}

// judge asks Porcupine.
func (r *Registers) judge() {
	for i := range r.ops {
		if out := r.ops[i].Output.(registerAnswer); out.known {
			r.Good++
		} else {
			r.InDoubt++
		}
	}
	r.Verdict = porcupine.CheckOperationsTimeout(registerModel(), r.ops, 30*time.Second)
}

func (r *Registers) add(op porcupine.Operation) {
	r.mu.Lock()
	r.ops = append(r.ops, op)
	r.mu.Unlock()
}

// registerPlayer asks one node.
type registerPlayer struct {
	*shared
	all     *Registers
	ask     ask
	rng     *rand.Rand
	process int32
}

func (p *registerPlayer) step() error {
	in := registerAsked{key: p.rng.IntN(4), kind: []string{"read", "write", "cas"}[p.rng.IntN(3)], from: p.rng.IntN(5), to: p.rng.IntN(5)}
	fields := map[string]any{"key": in.key}
	switch in.kind {
	case "write":
		fields["value"] = in.to
	case "cas":
		fields["from"], fields["to"] = in.from, in.to
	}
	var got struct{ Value int }
	op := porcupine.Operation{ClientId: int(p.process), Input: in, Call: p.now()}
	err := p.ask(in.kind, fields, &got)
	op.Return = p.now()
	var e *maelstrom.Error
	if err != nil && !errors.As(err, &e) {
		return err
	}
	answer := registerAnswer{known: true, value: got.Value}
	switch {
	case err == nil:
	case e.Code == maelstrom.KeyDoesNotExist:
		answer.missing = true
	case e.Code == maelstrom.PreconditionFailed:
		answer.differs = true
	case e.Code.Definite() || in.kind == "read":
		return nil
	default:
		answer, op.Return = registerAnswer{}, math.MaxInt64
		p.process = p.processes.Add(1)
	}
	op.Output = answer
	p.all.add(op)
	return nil
}
