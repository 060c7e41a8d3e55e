package config

import "testing"

func TestAGroupsTimeIsMovedIntoBoundsThatWereNarrowedSince(t *testing.T) {
	given := map[string]string{
		"consumer.session.timeout.ms":     "100000",
		"consumer.heartbeat.interval.ms":  "100",
		"consumer.assignment.interval.ms": "7",
	}
	b := loaded(t, `group.consumer.min.heartbeat.interval.ms=300
group.consumer.max.session.timeout.ms=90000`)
	for name, want := range map[string]int64{
		"consumer.session.timeout.ms":     90_000,
		"consumer.heartbeat.interval.ms":  300,
		"consumer.assignment.interval.ms": 7,
	} {
		if got := b.GroupInt(name, given); got != want {
			t.Errorf("%s is %d, want %d", name, got, want)
		}
	}
	if got := b.GroupInt("consumer.session.timeout.ms", nil); got != 45_000 {
		t.Errorf("a group without configs has a session of %d ms", got)
	}
}
