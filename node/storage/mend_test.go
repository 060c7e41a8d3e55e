package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"odradek/node/env"
	"odradek/node/record"
	"odradek/node/storage"
)

// patient is a log in which one bit has flipped at rest.
type patient struct {
	*driver
	hurt record.Batch // as it was
}

// sick makes a log of which all is known to be on disk, and flips a bit of a
// batch with others behind it: below the recovery point, or past it.
func sick(seed uint64, past bool) (*patient, error) {
	d := newDriver(seed)
	d.knobs.bytes = 0
	d.config.FlushMessages, d.config.RetentionMs, d.config.RetentionBytes = 1, -1, -1
	d.options.Mendable = true
	if err := d.reopen(true); err != nil {
		return nil, err
	}
	for range 10 + d.rng.IntN(50) {
		if d.rng.IntN(10) == 0 {
			d.newEpoch()
		}
		if err := d.append(); err != nil {
			return nil, err
		}
		d.log.Drained(d.now, d.out)
		d.settle()
	}
	save := d.log.Close
	if past {
		save = d.log.SaveHigh
		d.log.SetHigh(d.log.Durable())
	}
	if err := d.run(save, nil); err != nil {
		return nil, err
	}
	d.settle()
	d.powerCut()
	p := &patient{driver: d, hurt: d.m.line[d.rng.IntN(len(d.m.line)-1)]}
	return p, p.flip(past)
}

func (p *patient) flip(past bool) error {
	at := p.rng.IntN(len(p.hurt))
	for past && at >= 12 && at < 16 { // the leader epoch is under no CRC, and nothing else knows it
		at = p.rng.IntN(len(p.hurt))
	}
	for _, file := range p.paths() {
		b, _ := p.disk.Cached(dir + "/" + file)
		i := bytes.Index(b, p.hurt)
		if i < 0 || !strings.HasSuffix(file, ".log") {
			continue
		}
		b = bytes.Clone(b)
		b[i+at] ^= 1 << p.rng.IntN(8)
		p.note("byte %d of the batch at %d of %d has changed", at, p.hurt.BaseOffset(), p.m.end())
		return p.write(file, b)
	}
	return errors.New("the batch is in no file")
}

func (p *patient) write(file string, text []byte) (err error) {
	for _, op := range []env.Disk{
		{Kind: env.Open, File: 99999, Path: dir + "/" + file, Flags: env.Create},
		{Kind: env.Write, File: 99999, Data: text},
		{Kind: env.Sync, File: 99999},
		{Kind: env.Close, File: 99999},
	} {
		err = errors.Join(err, p.disk.Do(&op).Err)
	}
	return err
}

// examine opens the log, and reads all of it.
func (p *patient) examine() error {
	for {
		p.options.Tasks = p.tasks
		err := p.run(func(t *env.Task) error {
			l, report, err := storage.Open(t, p.options)
			if err == nil && report.Lost {
				err = errors.New("storage is said to be lost")
			}
			p.log = l
			return err
		}, p.mayDie(300))
		if err == nil {
			err = p.scrub()
		}
		if !errors.Is(err, errDied) {
			return err
		}
		p.powerCut()
	}
}

func (p *patient) mayDie(seldom int) func() bool {
	return func() bool { return p.rng.IntN(seldom) == 0 }
}

func (p *patient) scrub() error {
	return p.run(func(t *env.Task) error {
		for range 1000 {
			read, found, ended, err := p.log.Scrub(t, 1+p.rng.Int64N(500))
			p.note("scrubbed %d bytes: %v", read, found)
			if ended || err != nil {
				return err
			}
		}
		return errors.New("the scrub never ends")
	}, p.mayDie(3000))
}

// readAll holds what can be read against the model: everything but the damaged
// ranges.
func (p *patient) readAll() error {
	damaged := p.log.Damaged()
	return p.run(func(t *env.Task) error {
		for _, b := range p.m.line {
			inside := slices.ContainsFunc(damaged, func(r storage.Range) bool { return r.From < b.NextOffset() && b.BaseOffset() < r.To })
			slice, err := p.log.ReadSlow(t, b.BaseOffset(), len(b), p.log.End(), true)
			var refused *storage.DamagedError
			if inside != errors.As(err, &refused) || err != nil && !inside {
				return fmt.Errorf("the batch at %d, damaged %v: %w", b.BaseOffset(), damaged, err)
			}
			near, ok, err := p.log.Read(b.BaseOffset(), len(b), p.log.End(), true)
			if ok && err == nil && !inside && !cmp.Equal(near.Parts, slice.Parts) {
				return fmt.Errorf("what is remembered at %d is %v, and not %v", b.BaseOffset(), near.Parts, slice.Parts)
			}
			if got, err := fetch(t, slice); !inside && (err != nil || !bytes.Equal(got, b)) {
				return fmt.Errorf("wrong bytes at %d, damaged %v: %w", b.BaseOffset(), damaged, err)
			}
		}
		return nil
	}, nil)
}

// mend fetches what is damaged from the model, as from another replica.
func (p *patient) mend() error {
	for range 200 {
		damaged := p.log.Damaged()
		if len(damaged) == 0 {
			return nil
		}
		var records []byte
		for _, b := range p.m.line {
			if b.BaseOffset() >= damaged[0].From && b.NextOffset() <= damaged[0].To {
				records = append(records, b...)
			}
		}
		err := p.run(func(t *env.Task) error { return p.log.Mend(t, damaged[0], records) }, p.mayDie(40))
		p.note("mended %v: %v", damaged[0], err)
		switch {
		case errors.Is(err, storage.ErrBusy):
			p.settle()
		case errors.Is(err, errDied):
			if p.powerCut(); p.rng.IntN(2) == 0 {
				p.crash()
			}
			if err := p.examine(); err != nil {
				return err
			}
		case err != nil:
			return err
		}
	}
	return errors.New("it is never mended")
}

func healing(seed uint64, past bool) (err error) {
	p, err := sick(seed, past)
	if err == nil {
		err = p.heal()
	}
	if err != nil {
		return fmt.Errorf("seed %d: %w\n  %s", seed, err, strings.Join(p.trace, "\n  "))
	}
	return nil
}

func (p *patient) heal() error {
	if err := p.examine(); err != nil {
		return err
	}
	damaged, last := p.log.Damaged(), len(p.m.line)-1
	if p.log.End() != p.m.line[last].NextOffset() || len(damaged) != 1 || damaged[0].From != p.hurt.BaseOffset() {
		return fmt.Errorf("of [0, %d] these are damaged: %v", p.log.End(), damaged)
	}
	if err := p.readAll(); err != nil {
		return err
	}
	if err := p.mend(); err != nil {
		return err
	}
	if err := p.scrub(); err != nil && !errors.Is(err, errDied) {
		return err
	}
	if left := p.log.Damaged(); len(left) > 0 || p.log.Unsure() {
		return fmt.Errorf("after all %v is damaged", left)
	}
	if err := p.readAll(); err != nil {
		return err
	}
	p.m.acked, p.m.cache = p.m.end(), p.m.end()
	if err := p.opened(storage.Report{TopicID: p.options.TopicID}); err != nil {
		return err
	}
	p.crash()
	return p.reopen(true)
}

func TestABitFlippedAtRestIsFoundAndMendedFromAnotherReplica(t *testing.T) {
	for seed := range uint64(150) {
		must(t, healing(seed, false))
		must(t, healing(seed, true))
	}
}
