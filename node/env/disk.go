package env

import (
	"errors"
	"fmt"
)

// Op numbers the disk operations of one machine, from 1, never reused.
type Op uint64

// DiskKind is the verb of a disk operation.
type DiskKind uint8

// The disk operations. Those on one file complete in the order in which they
// were emitted; across files, and for operations on paths, the only order is
// Disk.After.
const (
	Nop      DiskKind = iota // completes at once, as a later event: a bounded task's pause
	Open                     // Path, Flags -> Size. File is chosen by the machine (Outbox.NewFile)
	Close                    // File. The inode lives until ranges being sent are sent
	Read                     // File, Off, Len -> Data (shorter at the end of the file)
	Write                    // File, Off, Data
	Sync                     // File: makes durable every Write and Truncate emitted before it
	Truncate                 // File, Size in Off
	Reset                    // File: ends the Skipped state after a failure
	SyncDir                  // Path: makes the directory's entries durable
	Mkdir                    // Path, and missing parents; existing is fine
	Rename                   // Path to To, replacing To; files and directories
	Remove                   // Path, with all below it; missing is fine
	List                     // Path -> Entries
)

// Flags of Open.
const (
	Existing  = 0      // ErrNotExist if missing; read and write
	Create    = 1 << 0 // created if missing
	Exclusive = 1 << 1 // with Create: ErrExist if present
	ReadOnly  = 1 << 2
)

// Disk is the effect of one disk operation. Its completion is a DiskDone.
type Disk struct {
	Op    Op // set by Outbox.Disk
	Kind  DiskKind
	File  FileID
	Path  string // slash-separated, below one of the log directories
	To    string
	Off   int64
	Len   int
	Flags int
	Data  []byte // Write: not changed by anyone until completion
	After Op     // not started before that operation completed; Skipped if it failed. 0: none
	Tag   Completer
}

// Errors of disk operations. After a failed Write, Sync or Truncate every later
// operation on that file but Reset, Close and Read, and every operation whose
// After failed, completes with ErrSkipped, until Reset.
var (
	ErrNotExist = errors.New("no such file or directory")
	ErrExist    = errors.New("file exists")
	ErrNoSpace  = errors.New("no space left on device")
	ErrSkipped  = errors.New("skipped after an earlier failure")
	ErrNoFile   = errors.New("file is not open")
)

// IOError is a device's failure (EIO and the like).
type IOError struct {
	Kind DiskKind
	Path string
	Err  error
}

func (e *IOError) Error() string { return fmt.Sprintf("%v %s: %v", e.Kind, e.Path, e.Err) }
func (e *IOError) Unwrap() error { return e.Err }

var kindNames = [...]string{"nop", "open", "close", "read", "write", "sync", "truncate", "reset",
	"syncdir", "mkdir", "rename", "remove", "list"}

func (k DiskKind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("DiskKind(%d)", uint8(k))
}
