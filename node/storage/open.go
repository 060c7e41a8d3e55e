package storage

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"odradek/node/env"
	"odradek/node/mutant"
)

// Report says what recovery found and did.
type Report struct {
	Cut       int64    // bytes of a torn tail that were cut off
	Lost      bool     // what was recorded as synced is missing or damaged: storage was lost
	Rebuilt   []string // files that were damaged and derived anew
	Recovered int64    // bytes past the recovery point that were read again
	Replayed  int64    // bytes that a journal held and the segments did not
	Damaged   []Range  // was on disk, and is damaged: marked, and not read until it is mended
	TopicID   env.UUID // of the topic that the directory was made for; zero: not known
}

// String is one line, "" if there is nothing to tell.
func (r Report) String() string {
	var parts []string
	if r.Lost {
		parts = append(parts, "STORAGE LOSS: records that were on disk are missing or damaged")
	}
	if r.Cut > 0 {
		parts = append(parts, fmt.Sprintf("cut off a torn tail of %d bytes", r.Cut))
	}
	if r.Replayed > 0 {
		parts = append(parts, fmt.Sprintf("replayed %d bytes of the journal", r.Replayed))
	}
	for _, d := range r.Damaged {
		parts = append(parts, fmt.Sprintf("DAMAGED: records %d to %d", d.From, d.To-1))
	}
	if len(r.Rebuilt) > 0 {
		parts = append(parts, "rebuilt "+strings.Join(r.Rebuilt, ", "))
	}
	return strings.Join(parts, "; ")
}

// ErrOtherTopic says that a directory belongs to another topic of the same name.
var ErrOtherTopic = errors.New("log directory belongs to another topic")

// Open opens a log, and recovers it from where its recovery point is. A missing
// directory is an empty log, which makes its directory when it is appended to.
func Open(t *env.Task, o Options) (*Log, Report, error) {
	l := &Log{o: o, epochs: &Epochs{}, producers: NewProducers()}
	r := recovery{l: l, t: t}
	list := t.Do(env.Disk{Kind: env.List, Path: o.Dir})
	if errors.Is(list.Err, env.ErrNotExist) {
		l.ready = true
		return l, r.report, nil
	}
	if list.Err != nil {
		return nil, r.report, fmt.Errorf("open log %s: %w", o.Dir, list.Err)
	}
	l.exists = true
	if err := r.run(list.Entries); err != nil {
		return nil, r.report, fmt.Errorf("open log %s: %w", o.Dir, errors.Join(err, l.closeFiles(t)))
	}
	l.ready = true
	return l, r.report, nil
}

// recovery opens one log.
type recovery struct {
	l         *Log
	t         *env.Task
	report    Report
	files     map[string]bool
	snapshots []int64 // offsets of producer snapshots, ascending
	found     bool    // there was a recovery point
	dirty     bool    // there were records past it, or something was mended
}

func (r *recovery) run(entries []env.Entry) error {
	r.list(entries)
	r.readLoss()
	if err := r.readPoint(); err != nil {
		return err
	}
	if err := r.readTopic(); err != nil {
		return err
	}
	if id := r.report.TopicID; !id.IsZero() && !r.l.o.TopicID.IsZero() && id != r.l.o.TopicID {
		return fmt.Errorf("%w: %v", ErrOtherTopic, id)
	}
	if err := r.mendTopic(); err != nil {
		return err
	}
	r.arrange()
	if err := r.sweep(entries); err != nil {
		return err
	}
	if err := r.readDamage(); err != nil {
		return err
	}
	scanEpochs, err := r.readEpochs()
	if err != nil {
		return err
	}
	if err := r.recover(scanEpochs); err != nil {
		return err
	}
	return r.finish()
}

// list sorts out the directory's files. Segments are those of .log files.
func (r *recovery) list(entries []env.Entry) {
	r.files = map[string]bool{}
	for _, e := range entries {
		r.files[e.Name] = true
		if base, ok := baseOf(e.Name, logSuffix); ok {
			r.l.segments = append(r.l.segments, &segment{base: base, size: e.Size})
		}
		if at, ok := baseOf(e.Name, snapshotSuffix); ok {
			r.snapshots = append(r.snapshots, at)
		}
	}
	slices.SortFunc(r.l.segments, func(a, b *segment) int { return int(min(max(a.base-b.base, -1), 1)) })
	slices.Sort(r.snapshots)
}

func baseOf(file, suffix string) (int64, bool) {
	digits, ok := strings.CutSuffix(file, suffix)
	if !ok || len(digits) != 20 {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n >= 0
}

func (r *recovery) readPoint() error {
	if !r.files[RecoveryFile] {
		return nil
	}
	b, err := ReadFile(r.t, r.l.path(RecoveryFile))
	if err != nil {
		return err
	}
	p, found, damaged := parseRecoveryPoint(b)
	if damaged {
		if mutant.On("B23") { // KAFKA-1758: a damaged recovery point blocks the start
			return fmt.Errorf("%s is damaged", RecoveryFile)
		}
		r.report.Rebuilt = append(r.report.Rebuilt, RecoveryFile)
		r.dirty = true
	}
	r.l.point, r.l.high, r.found = p, p.high, found
	if segments := r.l.segments; found && (len(segments) == 0 || p.start > segments[0].base) {
		return r.keepPoint(b)
	}
	return nil
}

// keepPoint makes a recovery point durable that alone says where the log starts:
// records that are still there must not come back. The file may be new, too.
func (r *recovery) keepPoint(b []byte) error {
	id := r.t.Out().NewFile()
	return write(r.t, RecoveryFile, id, []env.Disk{
		{Kind: env.Open, File: id, Path: r.l.path(RecoveryFile)},
		{Kind: env.Write, File: id, Data: b}, // or a sync may have nothing to do (see readSegment)
		{Kind: env.Sync, File: id},
		{Kind: env.SyncDir, Path: r.l.o.Dir},
	})
}

func (r *recovery) readTopic() error {
	if !r.files[metadataFile] {
		return nil
	}
	b, err := ReadFile(r.t, r.l.path(metadataFile))
	if err != nil {
		return err
	}
	for _, line := range strings.Split(string(b), "\n") {
		if text, ok := strings.CutPrefix(line, "topic_id: "); ok {
			r.report.TopicID, _ = env.ParseUUID(strings.TrimSpace(text)) // a torn one is no id
		}
	}
	return nil
}

// mendTopic writes the topic's id where it is missing: a log that was never
// durable may have left only a part of itself.
func (r *recovery) mendTopic() error {
	if !r.report.TopicID.IsZero() || r.l.o.TopicID.IsZero() {
		return nil
	}
	r.dirty = true
	err := putFile(r.t, r.l.path(metadataFile), r.l.metadata(), env.Sync)
	if errors.Is(err, env.ErrNoSpace) {
		return nil // the next start will
	}
	r.report.TopicID = r.l.o.TopicID
	return err
}

// arrange gives each segment its end, and the log its start.
func (r *recovery) arrange() {
	l := r.l
	for i, s := range l.segments {
		s.sealed = i < len(l.segments)-1
		if s.sealed {
			s.end = l.segments[i+1].base
		}
		s.begun = -1
		s.largest.Timestamp, s.largest.Offset = -1, -1
	}
	if len(l.segments) > 0 {
		l.start = l.segments[0].base
	}
	l.start = max(l.start, l.point.start)
}

// readEpochs reads the checkpoint of leader epochs; without one they come from
// the records.
func (r *recovery) readEpochs() (scan bool, err error) {
	if !r.files[epochFile] {
		return len(r.l.segments) > 0 && r.found, nil
	}
	b, err := ReadFile(r.t, r.l.path(epochFile))
	if err != nil {
		return false, err
	}
	e, err := ParseEpochs(b)
	if err != nil {
		r.report.Rebuilt = append(r.report.Rebuilt, epochFile)
		r.dirty = true
		return true, nil
	}
	r.l.epochs = e
	return false, nil
}

const epochFile = "leader-epoch-checkpoint"
