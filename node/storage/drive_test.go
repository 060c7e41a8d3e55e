package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"odradek/faults"
	"odradek/node/env"
	"odradek/node/record"
	"odradek/node/storage"
)

const dir = "d/topic-0"

// driver does to a log what may happen to it, and holds it against the model.
type driver struct {
	*world
	m        *model
	config   storage.Config
	options  storage.Options
	log      *storage.Log
	failures int
	full     bool
	epoch    int32
	trace    []string
	codecs   *record.Compressor
	knobs    journalKnobs
	journal  *storage.Journal // nil: there is none
}

func newDriver(seed uint64) *driver {
	d := &driver{world: newWorld(seed), m: newModel(), codecs: record.NewCompressor(), knobs: drawJournal(seed)}
	c := storage.DefaultConfig()
	c.SegmentBytes = pick[int64](d.rng, 300, 1000, 4000, 1<<20)
	c.IndexInterval = pick[int64](d.rng, 0, 100, 500, 4096)
	c.MaxIndexBytes = pick[int64](d.rng, 24, 120, 10<<20)
	c.SegmentMs = pick[int64](d.rng, 50, 10_000, c.SegmentMs)
	c.RetentionMs = pick[int64](d.rng, -1, -1, 300, 10_000)
	c.RetentionBytes = pick[int64](d.rng, -1, -1, 500, 5000)
	c.FlushMessages = pick[int64](d.rng, 1, 1, 1, 4)
	d.config = c
	d.options = storage.Options{Dir: dir, TopicID: env.NewUUID(d.rng), Config: &d.config, Owner: d, Rand: d.rng}
	if seed%2 == 1 {
		d.options.Indexes = storage.NewIndexBudget(40)
	}
	d.note("segments of %d bytes, %d ms; index each %d bytes, at most %d; retention %d ms, %d bytes; sync each %d",
		c.SegmentBytes, c.SegmentMs, c.IndexInterval, c.MaxIndexBytes, c.RetentionMs, c.RetentionBytes, c.FlushMessages)
	d.note("a journal of %d bytes, batches of less than %d", d.knobs.bytes, d.knobs.large)
	return d
}

func pick[T any](rng *rand.Rand, all ...T) T { return all[rng.IntN(len(all))] }

func (d *driver) note(format string, args ...any) {
	d.trace = append(d.trace, fmt.Sprintf(format, args...))
}

// LogAdvanced and LogFailed make the driver the log's owner.
func (d *driver) LogAdvanced(env.Time, *env.Outbox) {}

func (d *driver) LogFailed(_ env.Time, err error, _ *env.Outbox) {
	d.failures++
	d.note("the log failed: %v", err)
}

func (d *driver) relaxed() bool { return d.config.FlushMessages > 1 }

// live runs the log through a number of steps.
func (d *driver) live(steps int) error {
	defer func() { d.tasks.Discard() }()
	if err := d.reopen(true); err != nil {
		return err
	}
	for range steps {
		err := d.step()
		if err == nil {
			err = d.observe()
		}
		if err != nil {
			return fmt.Errorf("%w\n  %s", err, strings.Join(d.trace, "\n  "))
		}
	}
	return nil
}

func (d *driver) step() error {
	d.now.Wall += d.rng.Int64N(20)
	switch n := d.rng.IntN(1000); {
	case n < 300:
		return d.append()
	case n < 640:
		for range 1 + d.rng.IntN(8) {
			d.pump()
		}
	case n < 800:
		d.drained()
	case n < 830:
		d.advanceStart()
	case n < 845:
		d.log.Retain(d.now, d.log.Acked(), d.out)
	case n < 865:
		d.tasks.Start(d.now, d.out, d.log.Checkpoint, nil)
	case n < 905:
		return d.read()
	case n < 930:
		return d.lookUp()
	case n < 940:
		d.full = !d.full && d.rng.IntN(2) == 0
		d.disk.SetFull(d.full)
		d.note("the disk is full: %v", d.full)
	case n < 943:
		kind := pick(d.rng, faults.EIOSync, faults.EIOWrite)
		d.disk.Arm(kind)
		d.note("%v is to come", kind)
	case n < 950:
		d.newEpoch()
	case n < 960:
		return d.closeCleanly()
	case n < 972:
		return d.die(false)
	case n < 990:
		return d.die(true)
	case n < 994:
		return d.truncate()
	default:
		d.settle()
	}
	return nil
}

func (d *driver) append() error {
	b, err := d.draw()
	if err != nil {
		return err
	}
	if d.rng.IntN(5) == 0 {
		return d.follow(b)
	}
	rules := record.DefaultRules(d.now.Wall)
	if d.rng.IntN(5) == 0 {
		rules.TimestampType = record.LogAppendTime
	}
	v, err := record.Validate(b, rules)
	if err != nil {
		return err
	}
	failures := d.failures
	end := d.log.End()
	base, err := d.log.Append(d.now, &v, d.epoch, d.out)
	if err != nil {
		return d.refused(err)
	}
	if failures != d.failures || base != end {
		return fmt.Errorf("appended at %d, the end was %d", base, end)
	}
	d.m.append(v.Batch)
	d.note("append %d..%d, %d bytes, time %d, producer %d", base, v.Batch.LastOffset(), len(v.Batch), v.Batch.MaxTimestamp(), v.Batch.ProducerID())
	return nil
}

// follow appends what a leader has stamped.
func (d *driver) follow(b record.Batch) error {
	record.Assign(b, d.log.End(), d.epoch)
	if err := d.log.AppendFollower(d.now, b, d.out); err != nil {
		return d.refused(err)
	}
	d.m.append(b)
	d.note("follow %d..%d, %d bytes, time %d, producer %d", b.BaseOffset(), b.LastOffset(), len(b), b.MaxTimestamp(), b.ProducerID())
	return nil
}

func (d *driver) refused(err error) error {
	if errors.Is(err, storage.ErrHealing) && d.failures > 0 || errors.Is(err, storage.ErrStopped) && d.struck {
		return nil
	}
	return err
}

// draw makes a batch of a producer, in sequence.
func (d *driver) draw() (record.Batch, error) {
	b := record.NewBuilder(d.codecs)
	b.Codec = record.Codec(d.rng.IntN(5))
	if id := d.rng.Int64N(6); id < 4 {
		b.ProducerID, b.ProducerEpoch, b.BaseSequence = id, 0, pick(d.rng, int32(0), 0, 1<<31-3)
		if last := d.m.last(id); len(last) > 0 {
			before := last[len(last)-1]
			b.ProducerEpoch, b.BaseSequence = before.ProducerEpoch(), record.NextSequence(before.LastSequence(), 1)
			if d.rng.IntN(20) == 0 {
				b.ProducerEpoch, b.BaseSequence = b.ProducerEpoch+1, 0
			}
		}
	}
	for range 1 + d.rng.IntN(4) {
		value := make([]byte, pick(d.rng, 0, 10, 100, 700))
		for i := range value {
			value[i] = byte(d.rng.IntN(30))
		}
		at := d.now.Wall + d.rng.Int64N(200) - 100
		if d.rng.IntN(30) == 0 {
			at = record.NoTimestamp
		}
		b.Append(record.Record{Timestamp: at, Value: value})
	}
	return b.Build()
}

func (d *driver) newEpoch() {
	d.epoch += 1 + d.rng.Int32N(2)
	d.note("epoch %d at %d", d.epoch, d.log.End())
	d.log.Epochs().Assign(d.epoch, d.log.End())
}

func (d *driver) advanceStart() {
	to := d.log.Start() + d.rng.Int64N(d.log.Acked()-d.log.Start()+1)
	d.m.asked = max(d.m.asked, to)
	d.note("delete the records before %d", to)
	log := d.log
	log.AdvanceStart(d.now, to, d.out, func(_ env.Time, err error, _ *env.Outbox) {
		d.note("deleted the records before %d: %v", to, err)
		if err == nil && log.Start() < to {
			panic("AdvanceStart is done too early")
		}
	})
}

// observe holds the log's offsets against the model.
func (d *driver) observe() error {
	l, m := d.log, d.m
	if d.config.RetentionMs >= 0 || d.config.RetentionBytes >= 0 {
		m.asked = max(m.asked, l.Acked())
	}
	if l.Start() < m.start || l.Start() > m.asked {
		return fmt.Errorf("the start is %d, after %d, and %d was asked for", l.Start(), m.start, m.asked)
	}
	m.start = l.Start()
	if end := l.End(); end < m.end() && d.failures > 0 {
		d.note("the log was cut at %d", end)
		m.cut(end)
	}
	if end := max(m.end(), m.start); l.End() != end {
		return fmt.Errorf("the end is %d, and not %d", l.End(), end)
	}
	if promised := max(l.Acked(), l.Durable()); promised > m.origin {
		m.cache = max(m.cache, promised)
		if d.relaxed() {
			promised = l.Durable()
		}
		m.acked = max(m.acked, promised)
	}
	if l.Durable() > l.Written() || l.Written() > l.End() || l.End() < m.cache {
		return fmt.Errorf("start %d, durable %d, written %d, end %d; acknowledged %d", l.Start(), l.Durable(), l.Written(), l.End(), m.cache)
	}
	if l.Stopped() != nil && !d.struck {
		return fmt.Errorf("the log has stopped: %w", l.Stopped())
	}
	return d.retry()
}

// retry sends a producer's recent batch again.
func (d *driver) retry() error {
	id := d.rng.Int64N(4)
	last := d.m.last(id)
	if len(last) == 0 || d.failures > 0 || d.m.blind { // after a failure the state may be under way
		return nil
	}
	b := last[d.rng.IntN(len(last))]
	v, err := d.log.Producers().Check(b)
	if err != nil || !v.Duplicate || v.BaseOffset != b.BaseOffset() || v.LastOffset != b.LastOffset() {
		return fmt.Errorf("a retry of the batch at %d is judged %+v %v", b.BaseOffset(), v, err)
	}
	return nil
}

func (d *driver) closeCleanly() error {
	d.note("close")
	var end, start int64
	err := d.run(func(t *env.Task) error {
		err := d.log.Close(t)
		end, start = d.log.End(), d.log.Start()
		return err
	}, nil)
	if err != nil && !d.struck && !errors.Is(err, env.ErrNoSpace) {
		return fmt.Errorf("close: %w", err)
	}
	if err := d.closeJournal(err); err != nil {
		return err
	}
	d.settle()
	if end < d.m.end() && d.failures > 0 {
		d.m.cut(end)
	}
	if err == nil {
		d.m.start, d.m.asked = start, max(d.m.asked, start)
		if end > d.m.origin {
			d.m.acked, d.m.cache = end, end
		}
	}
	if len(d.open) > 0 {
		return fmt.Errorf("after the close these files are open: %v", d.open)
	}
	return d.reopen(d.rng.IntN(3) == 0)
}

func (d *driver) die(power bool) error {
	if power {
		d.note("power cut, %d acknowledged", d.m.acked)
		d.powerCut()
		d.m.cache = d.m.acked
	} else {
		d.note("crash, %d acknowledged, %d in the page cache", d.m.acked, d.m.cache)
		d.crash()
	}
	return d.reopen(false)
}

// reopen opens the log; unless it is sheltered the process may die meanwhile.
func (d *driver) reopen(sheltered bool) error {
	for {
		power := false
		die := func() bool {
			power = d.rng.IntN(2) == 0
			return !sheltered && d.rng.IntN(400) == 0
		}
		d.failures, d.struck = 0, false
		d.options.Tasks = d.tasks
		var report storage.Report
		err := d.run(func(t *env.Task) (err error) {
			report, err = d.openAll(t)
			return err
		}, die)
		switch {
		case errors.Is(err, errDied) && power:
			d.note("power cut while it is opened")
			d.powerCut()
			d.m.cache = d.m.acked
		case errors.Is(err, errDied):
			d.note("crash while it is opened")
			d.crash()
		case err != nil && d.failed(err):
			d.note("opening failed: %v", err)
			d.full = false
			d.disk.SetFull(false)
		case err != nil:
			return fmt.Errorf("open: %w", err)
		default:
			return d.opened(report)
		}
	}
}

// failed tells whether a failure to open was to be expected: an armed error
// struck, or the disk is full. Nothing may stay open then.
func (d *driver) failed(err error) bool {
	var device *env.IOError
	d.settle()
	return len(d.open) == 0 && (errors.As(err, &device) || errors.Is(err, env.ErrNoSpace) || errors.Is(err, env.ErrSkipped))
}

// opened holds what a restart found against the model.
func (d *driver) opened(report storage.Report) error {
	l, m := d.log, d.m
	d.note("opened: [%d, %d], cut %d, recovered %d, %v", l.Start(), l.End(), report.Cut, report.Recovered, report)
	if report.Lost {
		return errors.New("it says that storage was lost")
	}
	if id := report.TopicID; l.End() > 0 && !d.full && id != d.options.TopicID {
		return fmt.Errorf("the topic's id is %v, and not %v", id, d.options.TopicID)
	}
	if l.End() < m.cache || l.Durable() != l.End() || l.Written() != l.End() {
		return fmt.Errorf("end %d, written %d, durable %d; %d must be there", l.End(), l.Written(), l.Durable(), m.cache)
	}
	found, err := d.all()
	if err != nil {
		return err
	}
	if err := m.adopt(found, l.Start(), l.End()); err != nil {
		return err
	}
	if got, want := l.Producers().Encode(nil), m.producers().Encode(nil); !m.blind && !bytes.Equal(got, want) {
		return fmt.Errorf("the producers are\n%x and not\n%x", got, want)
	}
	for _, b := range m.between(l.Start(), l.End()) {
		for _, at := range []int64{max(b.BaseOffset(), l.Start()), b.LastOffset()} {
			if got := l.Epochs().EpochAt(at); got != b.PartitionLeaderEpoch() {
				return fmt.Errorf("the epoch at %d is %d, and not %d", at, got, b.PartitionLeaderEpoch())
			}
		}
	}
	d.newEpoch()
	return d.observe()
}

// all reads the whole log.
func (d *driver) all() (found []record.Batch, err error) {
	err = d.run(func(t *env.Task) error {
		for at := d.log.Start(); at < d.log.End(); {
			slice, err := d.log.ReadSlow(t, at, 1<<20, d.log.End(), true)
			if err != nil {
				return fmt.Errorf("read at %d: %w", at, err)
			}
			b, err := fetch(t, slice)
			if err != nil {
				return fmt.Errorf("read at %d: %w", at, err)
			}
			if len(b) == 0 {
				return fmt.Errorf("nothing to read at %d, the end is %d", at, d.log.End())
			}
			for b, err := range record.Batches(b) {
				if err != nil || record.Check(b) != nil {
					return fmt.Errorf("at %d: %w", at, errors.Join(err, record.Check(b)))
				}
				if b.BaseOffset() > at || b.LastOffset() < at {
					return fmt.Errorf("at %d there is %d..%d", at, b.BaseOffset(), b.LastOffset())
				}
				found, at = append(found, b), b.NextOffset()
			}
		}
		return nil
	}, nil)
	return found, err
}

func fetch(t *env.Task, slice storage.Slice) (b []byte, err error) {
	for _, p := range slice.Parts {
		done := t.Do(env.Disk{Kind: env.Read, File: p.File, Off: p.Off, Len: p.Len})
		if done.Err != nil {
			return nil, done.Err
		}
		b = append(b, done.Data...)
	}
	return b, nil
}
