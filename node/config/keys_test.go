package config

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func allTables() map[string][]Key {
	return map[string][]Key{"broker": BrokerKeys(), "topic": TopicKeys(), "group": groupKeys, "client metrics": clientMetricsKeys}
}

func TestEveryDefaultIsAValueOfItsKey(t *testing.T) {
	for table, keys := range allTables() {
		for i := range keys {
			k := &keys[i]
			if i > 0 && keys[i-1].Name >= k.Name {
				t.Errorf("%s: %s twice, or out of order", table, k.Name)
			}
			if k.Doc == "" || !strings.HasSuffix(k.Doc, ".") {
				t.Errorf("%s: %s is documented by %q", table, k.Name, k.Doc)
			}
			if k.Default == nil || *k.Default == "" {
				continue
			}
			if _, err := k.judge(*k.Default); err != nil {
				t.Errorf("%s: %v", table, err)
			}
			if got := k.canonical(*k.Default); got != *k.Default {
				t.Errorf("%s: the default of %s is %q, shown as %q", table, k.Name, *k.Default, got)
			}
		}
	}
}

func TestKafkasKeysAreAllThere(t *testing.T) {
	for table, want := range map[string]int{"broker": 379 + 3 + 7, "topic": 38, "group": 27, "client metrics": 3} {
		if got := len(allTables()[table]); got != want { // + those of quotas that are only dynamic, and ours
			t.Errorf("%s: %d keys, not %d", table, got, want)
		}
	}
}

func TestATopicsDefaultsComeFromKeysOfTheSameType(t *testing.T) {
	for name, sources := range topicSources {
		k := find(topicKeys, name)
		if k == nil {
			t.Errorf("no key %s", name)
			continue
		}
		for _, s := range sources {
			of := find(brokerKeys, s.key)
			if of == nil || of.Type != k.Type && s.factor == 1 {
				t.Errorf("%s takes its default from %s", name, s.key)
			}
		}
	}
}

func TestNumbersAreShownAsJavaShowsThem(t *testing.T) {
	for want, d := range map[string]float64{
		"0.5": 0.5, "2.0": 2, "0.001": 0.001, "1.0E-4": 0.0001, "1.0E7": 1e7, "9999999.0": 9999999, "1.2345678E7": 12345678,
		"-0.0": math.Copysign(0, -1), "NaN": math.NaN(), "-Infinity": math.Inf(-1), "Infinity": math.Inf(1),
		"1.7976931348623157E308": math.MaxFloat64,
	} {
		if got := showDouble(d); got != want {
			t.Errorf("%v is shown as %s, not %s", d, got, want)
		}
	}
}

func TestAShownValueIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := BrokerKeys()
		k := &keys[rapid.IntRange(0, len(keys)-1).Draw(t, "key")]
		raw := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ ,a-d0-9.+-]{0,8}`)).Draw(t, "raw")
		v, err := k.parse(raw)
		if err != nil {
			return
		}
		again, err := k.parse(show(v))
		if err != nil || show(again) != show(v) {
			t.Fatalf("%s: %q is %v, shown %q, read back as %v (%v)", k.Name, raw, v, show(v), again, err)
		}
	})
}
