package broker

import "testing"

// Seed 564 with groups and journals: nobody told it again where the log begins.
func TestAReplicaInAnotherLeaderEpochIsToldAllAnew(t *testing.T) {
	asked := func(epoch int32, offset, start int64) []*sessionPart {
		return []*sessionPart{{epoch: epoch, offset: offset, logStart: start, sentHigh: -1}}
	}
	for _, c := range []struct {
		again []*sessionPart
		told  int64
	}{
		{asked(3, 5, 0), 7},
		{asked(3, 6, 2), 7},
		{asked(4, 5, 0), -1},
		{asked(3, 4, 0), -1}, // it has cut its log
		{asked(4, 4, -1), 7}, // a consumer, as in Kafka
	} {
		ses := &session{index: map[sessionKey]*sessionPart{}}
		ses.merge(asked(3, 5, 0))
		ses.parts[0].sentHigh = 7
		if ses.merge(c.again); ses.parts[0].sentHigh != c.told {
			t.Errorf("%+v: %d", *c.again[0], ses.parts[0].sentHigh)
		}
	}
}
