package storage

import (
	"fmt"

	"odradek/node/env"
	"odradek/node/mutant"
)

// lossFile, empty, says that recovery had to cut below what was synced, and that
// somebody may still count on the records. The log itself does not show it any
// more: it was cut, and has a new recovery point. So the file is there before that
// point, and every start reports the loss until Forgive:
//
//	cut -> storage-lost -> recovery point -> the metadata counts on others -> Forgive
const lossFile = "storage-lost"

// readLoss takes over what an earlier start found, and nobody was told.
func (r *recovery) readLoss() {
	if r.files[lossFile] {
		r.l.bereft = true
		r.lose()
	}
}

// keepLoss makes the loss durable that was found now.
func (r *recovery) keepLoss() error {
	if !r.report.Lost || r.l.bereft {
		return nil
	}
	r.l.bereft = true
	return ReplaceFile(r.t, r.l.path(lossFile), nil)
}

// Bereft tells whether the log has lost records that had been synced, and was not
// forgiven.
func (l *Log) Bereft() bool { return l.bereft }

// Forgive is called when nobody counts any more on what the log has lost: it can be
// filled again, and then be trusted like any other. An error leaves things as they
// are.
func (l *Log) Forgive(t *env.Task) error {
	for _, d := range []env.Disk{{Kind: env.Remove, Path: l.path(lossFile)}, {Kind: env.SyncDir, Path: l.o.Dir}} {
		if done := t.Do(d); done.Err != nil {
			return fmt.Errorf("forgive %s: %w", l.o.Dir, done.Err)
		}
	}
	l.bereft = false
	return nil
}

// lose notes that storage was lost.
func (r *recovery) lose() {
	// B30: what had to be cut below the synced mark passes for a clean restart; with
	// B12 (see mayMark) it is cut, too.
	if !mutant.On("B30") && !mutant.On("B12") {
		r.report.Lost = true
	}
}
