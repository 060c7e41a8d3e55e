package broker

import "testing"

// The hashes are Java's; the third is the least int32, of which Kafka makes 0.
func TestGroupsAreSpreadAsKafkaSpreadsThem(t *testing.T) {
	for name, want := range map[string]int32{
		"": 0, "g": 103 % 50, "polygenelubricants": 0, "hello": 99162322 % 50, "\U0001F600": 1772899 % 50,
	} {
		if got := spread(name, 50); got != want {
			t.Errorf("%q falls to %d, not %d", name, got, want)
		}
	}
}
