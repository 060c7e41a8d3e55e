package harness

import (
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

func TestRegistersAreLinearizableUnderPartitions(t *testing.T) {
	o := quick(t, 3, 7)
	o.Partition, o.Latency = 2500*time.Millisecond, Latency{Mean: 5 * time.Millisecond, Exponential: true}
	out, err := RunLinKV(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(out)
	if !out.Valid() || out.Good < 50 || out.Lost == 0 {
		t.Fatal("not linearizable, or nothing has happened")
	}
}

func TestAStaleReadOfARegisterIsFound(t *testing.T) {
	write := func(value int) (any, any) {
		return registerAsked{kind: "write", to: value}, registerAnswer{known: true}
	}
	read := func(value int) (any, any) {
		return registerAsked{kind: "read"}, registerAnswer{known: true, value: value}
	}
	history := func(last int) (ops []porcupine.Operation) {
		for i, step := range []func(int) (any, any){write, write, read} {
			in, out := step([]int{1, 2, last}[i])
			ops = append(ops, porcupine.Operation{Input: in, Output: out, Call: int64(2 * i), Return: int64(2*i + 1)})
		}
		return ops
	}
	if !porcupine.CheckOperations(registerModel(), history(2)) || porcupine.CheckOperations(registerModel(), history(1)) {
		t.Fatal("a register is not what it should be")
	}
}
