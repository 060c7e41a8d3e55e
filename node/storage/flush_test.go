package storage_test

import (
	"testing"
	"time"

	"odradek/node/env"
)

func TestFlushMessagesLetsRecordsWaitForASync(t *testing.T) {
	d := fresh(t, 21)
	d.config.FlushMessages = 7
	d.triple(t, "v")
	d.triple(t, "v")
	if d.log.Acked() != 6 || d.log.Durable() != 0 {
		t.Fatalf("acknowledged %d, durable %d", d.log.Acked(), d.log.Durable())
	}
	d.triple(t, "v")
	if d.log.Durable() != 9 {
		t.Fatalf("with nine records %d are durable", d.log.Durable())
	}
}

func TestFlushMsSyncsWhatHasWaitedLongEnough(t *testing.T) {
	d := fresh(t, 22)
	d.config.FlushMessages, d.config.FlushMs = 1000, 50
	d.triple(t, "v")
	d.now.Mono += 49 * time.Millisecond
	d.log.Drained(d.now, d.out)
	if d.settle(); d.log.Durable() != 0 {
		t.Fatal("too early")
	}
	d.now.Mono += time.Millisecond
	d.log.Drained(d.now, d.out)
	if d.settle(); d.log.Durable() != 3 {
		t.Fatalf("%d are durable", d.log.Durable())
	}
}

func TestTheFileOfAnIdleLogIsDeletedWhenItsRecordsExpire(t *testing.T) {
	d := fresh(t, 23)
	d.config.RetentionMs = 1000
	d.triple(t, "v")
	d.now.Wall += 1001
	d.log.Retain(d.now, d.log.Acked(), d.out)
	d.settle()
	if logs := d.logs(); len(logs) != 1 || logs[0] != "00000000000000000003.log" || d.log.Start() != 3 || d.log.Size() != 0 {
		t.Fatal(logs, d.log.Start(), d.log.Size())
	}
	d.powerCut()
	_, err := d.openOnce()
	must(t, err)
	if d.log.Start() != 3 || d.log.End() != 3 {
		t.Fatal(d.log.Start(), d.log.End())
	}
}

func TestReadersSeeNothingThatIsNotWritten(t *testing.T) {
	d := fresh(t, 24)
	must(t, d.append())
	slice, ok, err := d.log.Read(0, 1<<20, d.log.End(), true)
	if !ok || err != nil || slice.Size != 0 {
		t.Fatal(slice, ok, err)
	}
	must(t, d.run(func(t *env.Task) (err error) {
		slice, err = d.log.ReadSlow(t, 0, 1<<20, d.log.End(), true)
		return err
	}, nil))
	if slice.Size != 0 {
		t.Fatal(slice)
	}
}
