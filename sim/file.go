package sim

import (
	"errors"

	"odradek/faults"
	"odradek/node/env"
)

// onFile carries out an operation on an open file, and remembers a failure that
// makes the later ones be skipped.
func (d *Disk) onFile(op *env.Disk, done *env.DiskDone) error {
	h := d.files[op.File]
	if h == nil {
		return env.ErrNoFile
	}
	switch op.Kind {
	case env.Close:
		delete(d.files, op.File)
		return nil
	case env.Reset:
		h.failed = false
		return nil
	case env.Read:
		return d.read(h, op, done)
	}
	err := env.ErrSkipped
	if !h.failed {
		err = d.change(h, op, done)
	}
	h.failed = err != nil
	return err
}

// Skip completes an operation whose After failed. A change that is skipped
// counts as failed: those behind it in the file would leave a hole.
func (d *Disk) Skip(op *env.Disk) *env.DiskDone {
	switch h := d.files[op.File]; op.Kind {
	case env.Write, env.Sync, env.Truncate:
		if h != nil {
			h.failed = true
		}
	}
	return &env.DiskDone{Op: op.Op, Kind: op.Kind, File: op.File, Tag: op.Tag, Err: env.ErrSkipped}
}

func (d *Disk) read(h *handle, op *env.Disk, done *env.DiskDone) error {
	if d.fires(faults.EIORead) {
		return h.ioError(op)
	}
	done.Data = h.node.read(op.Off, op.Len)
	done.N = len(done.Data)
	return nil
}

func (d *Disk) change(h *handle, op *env.Disk, done *env.DiskDone) error {
	if h.readOnly && op.Kind != env.Sync {
		return &env.IOError{Kind: op.Kind, Path: h.path, Err: errors.New("opened to read only")}
	}
	switch op.Kind {
	case env.Write:
		return d.write(h, op, done)
	case env.Sync:
		return d.sync(h, op)
	case env.Truncate:
		return d.truncate(h, op)
	}
	return nil
}

func (d *Disk) truncate(h *handle, op *env.Disk) error {
	if op.Off < 0 {
		return &env.IOError{Kind: op.Kind, Path: h.path, Err: errors.New("negative size")}
	}
	h.node.change(change{off: op.Off})
	return nil
}

// write stores all bytes, or on a failure an arbitrary prefix of them.
func (d *Disk) write(h *handle, op *env.Disk, done *env.DiskDone) error {
	var err error
	done.N = len(op.Data)
	switch {
	case op.Off < 0:
		return &env.IOError{Kind: op.Kind, Path: h.path, Err: errors.New("negative offset")}
	case d.fires(faults.EIOWrite):
		err = h.ioError(op)
	case d.full && op.Off+int64(len(op.Data)) > int64(len(h.node.cached)):
		err = env.ErrNoSpace
	}
	if err != nil {
		done.N = d.rng.IntN(len(op.Data) + 1)
	}
	if done.N > 0 {
		h.node.write(op.Off, op.Data[:done.N])
	}
	return err
}

// sync makes a file durable. After a failure the kernel takes the pages for
// clean: they are read as before, and no later sync saves them (found in 2018
// on ext4, XFS and Btrfs, to the surprise of every database).
func (d *Disk) sync(h *handle, op *env.Disk) error {
	if d.fires(faults.EIOSync) {
		h.node.syncSome(d.rng)
		return h.ioError(op)
	}
	h.node.sync()
	return nil
}

func (h *handle) ioError(op *env.Disk) error {
	return &env.IOError{Kind: op.Kind, Path: h.path, Err: errDevice}
}
