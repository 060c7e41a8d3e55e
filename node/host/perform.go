package host

import (
	"io"

	"odradek/node/env"
)

// run is what a worker takes from a lane at one time: one operation, or
// consecutive writes. Its slices are used again and again.
type run struct {
	lane   *lane
	jobs   []*job
	skip   bool // the operation that it depends on failed
	dones  []*env.DiskDone
	events []env.Event
	bufs   [][]byte
}

func completion(op *env.Disk) env.DiskDone {
	return env.DiskDone{Op: op.Op, Kind: op.Kind, File: op.File, Tag: op.Tag}
}

// take is called under disk.mu, of which it needs what has failed and what is
// pending.
func (r *run) take(l *lane, d *disk) {
	clear(r.jobs)
	first := l.pop()
	r.lane, r.jobs = l, append(r.jobs[:0], first)
	r.skip = d.failed.has(first.op.After)
	if first.op.Kind != env.Write || r.skip {
		return
	}
	last, bytes := first, len(first.op.Data)
	for len(r.jobs) < gatherWrites && l.head.follows(last) && !d.held(l.head) {
		bytes += len(l.head.op.Data)
		if bytes > gatherBytes {
			return
		}
		last = l.pop()
		r.jobs = append(r.jobs, last)
	}
}

// held tells whether an operation has to wait for another or be skipped.
func (d *disk) held(j *job) bool {
	return d.pending[j.op.After] != nil || d.failed.has(j.op.After)
}

// perform carries out what was taken, on a worker's goroutine.
func (r *run) perform(d *disk) {
	clear(r.dones)
	clear(r.events)
	r.dones, r.events = r.dones[:0], r.events[:0]
	for _, j := range r.jobs {
		r.dones, r.events = append(r.dones, &j.done), append(r.events, &j.done)
	}
	op, done := r.jobs[0].op, r.dones[0]
	switch {
	case r.skip:
		done.Err = env.ErrSkipped
		r.lane.broken = r.lane.broken || changes(op.Kind)
	case onPath(op.Kind):
		done.Err = diskError(op.Kind, op.Path, d.byPath(op, done))
	case op.Kind == env.Open:
		done.Err = diskError(op.Kind, op.Path, d.open(r.lane, op, done))
	case r.lane.file == nil:
		r.failAll(env.ErrNoFile)
	default:
		r.onFile(d, op, done)
	}
}

// changes are the operations that a failure keeps from being carried out until
// Reset. One that is skipped breaks its file too: those behind it would leave
// a hole.
func changes(k env.DiskKind) bool {
	return k == env.Write || k == env.Sync || k == env.Truncate
}

func (r *run) failAll(err error) {
	for _, done := range r.dones {
		done.Err = err
	}
}

func (d *disk) byPath(op *env.Disk, done *env.DiskDone) (err error) {
	switch op.Kind {
	case env.SyncDir:
		return d.layer.SyncDir(op.Path)
	case env.Mkdir:
		return d.layer.Mkdir(op.Path)
	case env.Rename:
		return d.layer.Rename(op.Path, op.To)
	case env.Remove:
		return d.layer.Remove(op.Path)
	case env.List:
		done.Entries, err = d.layer.List(op.Path)
	}
	return err
}

func (d *disk) open(l *lane, op *env.Disk, done *env.DiskDone) error {
	if l.file != nil {
		return errReopened
	}
	f, size, err := d.layer.Open(op.Path, op.Flags)
	if err != nil {
		return err
	}
	p := &pinned{File: f}
	p.refs.Store(1)
	d.mu.Lock()
	l.file, l.path, l.broken = p, op.Path, false
	d.mu.Unlock()
	done.Size = size
	return nil
}

func (d *disk) close(l *lane) error {
	d.mu.Lock()
	f := l.file
	l.file = nil
	d.mu.Unlock()
	return f.unpin()
}

func (r *run) onFile(d *disk, op *env.Disk, done *env.DiskDone) {
	l := r.lane
	var err error
	switch {
	case op.Kind == env.Read:
		err = l.read(op, done)
	case op.Kind == env.Close:
		err = d.close(l)
	case op.Kind == env.Reset:
		l.broken = false
	case l.broken:
		r.failAll(env.ErrSkipped)
	case op.Kind == env.Write:
		r.write()
	case op.Kind == env.Sync:
		err = l.file.Sync()
	case op.Kind == env.Truncate:
		err = l.file.Truncate(op.Off)
	}
	if err != nil {
		done.Err = diskError(op.Kind, l.path, err)
		l.broken = l.broken || changes(op.Kind)
	}
}

// checkedRead is the length from which on a read asks for the file's size
// before it takes memory.
const checkedRead = 64 << 10

func (l *lane) read(op *env.Disk, done *env.DiskDone) error {
	want := int64(max(op.Len, 0))
	if want > checkedRead {
		size, err := l.file.Size()
		if err != nil {
			return err
		}
		want = min(want, max(size-op.Off, 0))
	}
	buf := make([]byte, want)
	n, err := l.file.ReadAt(buf, op.Off)
	done.N, done.Data = n, buf[:n]
	if err == io.EOF {
		return nil
	}
	return err
}

// write writes all that was taken, and tells each job how much of it arrived.
func (r *run) write() {
	r.bufs = r.bufs[:0]
	for _, j := range r.jobs {
		r.bufs = append(r.bufs, j.op.Data)
	}
	n, err := writeAll(r.lane.file, r.bufs, r.jobs[0].op.Off)
	clear(r.bufs)
	err = diskError(env.Write, r.lane.path, err)
	for i, j := range r.jobs {
		done := r.dones[i]
		done.N = min(n, len(j.op.Data))
		n -= done.N
		if r.lane.broken {
			done.Err = env.ErrSkipped
		} else if done.N < len(j.op.Data) || err != nil && i == len(r.jobs)-1 {
			done.Err, r.lane.broken = err, true
		}
	}
}

// writeAll goes on after short writes until all is written or nothing is.
func writeAll(f File, bufs [][]byte, off int64) (total int, err error) {
	for bufs = written(bufs, 0); len(bufs) > 0; {
		n, err := f.Writev(bufs, off+int64(total))
		total += n
		if err != nil {
			return total, err
		}
		if n == 0 {
			return total, io.ErrShortWrite
		}
		bufs = written(bufs, n)
	}
	return total, nil
}

// written drops n bytes, and empty buffers, from the front.
func written(bufs [][]byte, n int) [][]byte {
	for len(bufs) > 0 && n >= len(bufs[0]) {
		n -= len(bufs[0])
		bufs = bufs[1:]
	}
	if n > 0 {
		bufs[0] = bufs[0][n:]
	}
	return bufs
}
