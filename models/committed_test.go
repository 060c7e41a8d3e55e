package models

import (
	"testing"

	"github.com/anishathalye/porcupine"
)

func TestACommittedOffsetIsARegister(t *testing.T) {
	one, two := SetPosition{To: Position{1, "c71"}}, SetPosition{To: Position{2, "c72"}}
	maybe := SetPosition{To: Position{9, "c79"}, Optional: true}
	cases := []struct {
		name string
		ops  []porcupine.Operation
		want bool
	}{
		{"nothing is committed at first", []porcupine.Operation{op(1, 2, AskPosition{}, Uncommitted)}, true},
		{"zero is not nothing", []porcupine.Operation{op(1, 2, AskPosition{}, Position{})}, false},
		{"a commit is told", []porcupine.Operation{op(1, 2, one, nil), op(3, 4, AskPosition{}, Position{1, "c71"})}, true},
		{"another commit of the same offset is another", []porcupine.Operation{op(1, 2, one, nil), op(3, 4, AskPosition{}, Position{1, "c70"})}, false},
		{"a commit is not lost", []porcupine.Operation{op(1, 2, one, nil), op(3, 4, two, nil), op(5, 6, AskPosition{}, Position{1, "c71"})}, false},
		{"of two at a time either may be last", []porcupine.Operation{op(1, 4, one, nil), op(3, 4, two, nil), op(5, 6, AskPosition{}, Position{1, "c71"})}, true},
		{"and then it stays", []porcupine.Operation{op(1, 4, one, nil), op(3, 4, two, nil), op(5, 6, AskPosition{}, Position{1, "c71"}), op(7, 8, AskPosition{}, Position{2, "c72"})}, false},
		{"an offset goes back when that is committed", []porcupine.Operation{op(1, 2, two, nil), op(3, 4, one, nil), op(5, 6, AskPosition{}, Position{1, "c71"})}, true},
		{"it does not vanish", []porcupine.Operation{op(1, 2, one, nil), op(3, 4, AskPosition{}, Uncommitted)}, false},
		{"unless it is deleted", []porcupine.Operation{op(1, 2, one, nil), op(3, 4, SetPosition{To: Uncommitted}, nil), op(5, 6, AskPosition{}, Uncommitted)}, true},
		{"an unknown commit may take effect late", []porcupine.Operation{op(1, 9, maybe, nil), op(3, 4, AskPosition{}, Uncommitted), op(5, 6, AskPosition{}, Position{9, "c79"})}, true},
		{"but only once", []porcupine.Operation{op(1, 9, maybe, nil), op(3, 4, AskPosition{}, Position{9, "c79"}), op(5, 6, AskPosition{}, Uncommitted)}, false},
	}
	for _, c := range cases {
		if got := porcupine.CheckOperations(Committed(true), c.ops); got != c.want {
			t.Errorf("%s: linearizable = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAWindowOfCommitsBeginsWithAnything(t *testing.T) {
	cases := []struct {
		name string
		ops  []porcupine.Operation
		want bool
	}{
		{"the first answer tells", []porcupine.Operation{op(1, 2, AskPosition{}, Position{5, "c7"}), op(3, 4, AskPosition{}, Position{5, "c7"})}, true},
		{"and binds", []porcupine.Operation{op(1, 2, AskPosition{}, Position{5, "c7"}), op(3, 4, AskPosition{}, Position{6, "c8"})}, false},
		{"so does a commit", []porcupine.Operation{op(1, 2, SetPosition{To: Position{1, "c1"}}, nil), op(3, 4, AskPosition{}, Position{5, "c7"})}, false},
	}
	for _, c := range cases {
		if got := porcupine.CheckOperations(Committed(false), c.ops); got != c.want {
			t.Errorf("%s: linearizable = %v, want %v", c.name, got, c.want)
		}
	}
}
