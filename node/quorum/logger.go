package quorum

import (
	"fmt"

	"odradek/node/env"
	"odradek/node/mutant"
)

// logger is what raft says: nothing, but that it finds a contradiction.
type logger struct{}

// contradiction is a panic of raft: the log and what others say of it do not go
// together, because a disk or another voter broke its promise.
type contradiction string

func (logger) Debug(...any)            {}
func (logger) Debugf(string, ...any)   {}
func (logger) Error(...any)            {}
func (logger) Errorf(string, ...any)   {}
func (logger) Info(...any)             {}
func (logger) Infof(string, ...any)    {}
func (logger) Warning(...any)          {}
func (logger) Warningf(string, ...any) {}

// Fatal and Panic end the voter, see guard.
func (logger) Fatal(v ...any)                 { panic(contradiction(fmt.Sprint(v...))) }
func (logger) Fatalf(format string, v ...any) { panic(contradiction(fmt.Sprintf(format, v...))) }
func (logger) Panic(v ...any)                 { panic(contradiction(fmt.Sprint(v...))) }
func (logger) Panicf(format string, v ...any) { panic(contradiction(fmt.Sprintf(format, v...))) }

// guard lets raft do something. That it finds a contradiction stops the voter.
func (q *Quorum) guard(now env.Time, out *env.Outbox, do func() error) {
	defer func() {
		switch c := recover().(type) {
		case nil:
		case contradiction:
			q.fail(now, fmt.Errorf("raft: %s", string(c)), out)
		default:
			panic(c)
		}
	}()
	if err := do(); err != nil {
		q.fail(now, err, out)
	}
}

// checksQuorum is whether a leader without a majority resigns.
func checksQuorum() bool { return !mutant.On("G4") } // KAFKA-15489: it does not
