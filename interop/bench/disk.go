package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// What the disk itself is asked to do.
const (
	appendSize  = 4 << 10
	appendTimes = 400
	streamSize  = 1 << 20 // written between two syncs
	streamMost  = 256 << 20

	diskAppend = "the disk itself: fdatasync of a 4 KiB append"
	diskStream = "the disk itself: sequential, 1 MiB and a sync"
)

// diskRows are the disk's own limits, measured in the same run as what is
// compared with them:
//
//	append:     4 KiB at the file's end, fdatasync, one after the other
//	sequential: 1 MiB at the file's end, fdatasync, until 256 MiB or the time is over
func (o *options) diskRows(dir string, brokers int) ([]*row, error) {
	name := filepath.Join(dir, "disk")
	f, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("disk: %w", err)
	}
	waits, err := appends(f)
	var speed float64
	if err == nil {
		speed, err = stream(f, o.length)
	}
	if err = errors.Join(err, f.Close(), os.Remove(name)); err != nil {
		return nil, fmt.Errorf("disk: %w", err)
	}
	only := func(what string, f figure, x float64) *row {
		r := &row{what, f.name, f.less, make([][]float64, brokers)}
		r.Values[0] = []float64{x}
		return r
	}
	return []*row{
		only(diskAppend, p50, waits[len(waits)/2]),
		only(diskAppend, p99, waits[len(waits)*99/100]),
		only(diskStream, megas, speed),
	}, nil
}

// againstDisk compares what is bounded by the disk with the disk itself.
func againstDisk(rows []*row) (found []*row) {
	find := func(measurement, figure string) *row {
		for _, r := range rows {
			if r.Measurement == measurement && r.Figure == figure && len(r.Values[0]) > 0 {
				return r
			}
		}
		return nil
	}
	for _, x := range []struct{ measurement, figure, disk string }{
		{oneInFlight, p50.name, diskAppend}, {oneInFlight, p99.name, diskAppend}, {largeBatches, megas.name, diskStream},
	} {
		ours, disk := find(x.measurement, x.figure), find(x.disk, x.figure)
		if ours == nil || disk == nil {
			continue
		}
		r := &row{x.measurement + ", by that of the disk itself", x.figure, ours.Less, make([][]float64, len(ours.Values))}
		for i, v := range ours.Values {
			if len(v) > 0 {
				r.Values[i] = []float64{median(v) / median(disk.Values[0])}
			}
		}
		found = append(found, r)
	}
	return found
}

// appends are the times of appends, in milliseconds, the shortest first.
func appends(f *os.File) (waits []float64, err error) {
	block := make([]byte, appendSize)
	for range appendTimes {
		begin := time.Now()
		if err := writeAndSync(f, block); err != nil {
			return nil, err
		}
		waits = append(waits, time.Since(begin).Seconds()*1e3)
	}
	slices.Sort(waits)
	return waits, nil
}

func stream(f *os.File, length time.Duration) (mbPerSecond float64, err error) {
	block := make([]byte, streamSize)
	begin, written := time.Now(), 0
	for written < streamMost && time.Since(begin) < length {
		if err := writeAndSync(f, block); err != nil {
			return 0, err
		}
		written += len(block)
	}
	return float64(written) / 1e6 / time.Since(begin).Seconds(), nil
}

func writeAndSync(f *os.File, block []byte) error {
	if _, err := f.Write(block); err != nil {
		return err
	}
	return unix.Fdatasync(int(f.Fd()))
}
