package storage

import (
	"bufio"
	"bytes"
	"fmt"

	"odradek/node/record"
)

// damageFile lists the damaged stretches. One line each. It is for those below the
// recovery point, which are not read at the start, and only a hint: what is whole
// again is found to be so.
//
//	segment's base, first offset, offset after the last, first byte, byte after the last
const damageFile = "damaged-ranges"

func (l *Log) encodeDamage() []byte {
	var b bytes.Buffer
	for _, s := range l.segments {
		for _, d := range s.damaged {
			if !d.unsure { // those are found again
				fmt.Fprintln(&b, s.base, d.From, d.To, d.at, d.end)
			}
		}
	}
	return b.Bytes()
}

// readDamage marks what an earlier process found, unless it was mended since.
func (r *recovery) readDamage() error {
	if !r.files[damageFile] {
		return nil
	}
	b, err := ReadFile(r.t, r.l.path(damageFile))
	if err != nil {
		return err
	}
	for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
		var base int64
		var d stretch
		if _, err := fmt.Sscan(lines.Text(), &base, &d.From, &d.To, &d.at, &d.end); err != nil {
			r.report.Rebuilt = append(r.report.Rebuilt, damageFile)
			return nil // the scrub will find it again
		}
		if err := r.markAgain(base, d); err != nil {
			return err
		}
	}
	return nil
}

func (r *recovery) markAgain(base int64, d stretch) error {
	for _, s := range r.l.segments {
		fits := s.base == base && d.at >= 0 && d.at <= d.end && d.end <= s.size && s.base <= d.From && d.From < d.To &&
			d.To <= r.l.point.offset && (!s.sealed || d.To <= s.end)
		if !fits {
			continue
		}
		offset := d.From
		_, err := r.l.eachBatch(r.t, s, d.at, s.size, func(b record.Batch, _ int64) (bool, error) {
			if offset >= d.To || record.Check(b) != nil || b.BaseOffset() != offset {
				return false, nil
			}
			offset = b.NextOffset()
			return true, nil
		})
		if err != nil {
			return err
		}
		if offset != d.To {
			r.l.mark(s, d)
			r.report.Damaged = append(r.report.Damaged, d.Range)
		}
	}
	return nil
}
