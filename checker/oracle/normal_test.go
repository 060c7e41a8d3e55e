package oracle

import (
	"slices"
	"testing"
)

func TestWhatDiffersFromRunToRunIsHidden(t *testing.T) {
	id := [16]byte{1}
	for _, c := range []struct {
		field string
		in    any
		want  any
	}{
		{"Host", "10.0.0.1", "<host>"},
		{"Host", "", ""},
		{"Port", int64(9092), "<port>"},
		{"ErrorMessage", "no such thing", "<text>"},
		{"ErrorMessage", nil, nil},
		{"ErrorMessage", "", ""},
		{"Timestamp", int64(1700000000000), "<now>"},
		{"Timestamp", int64(5), int64(5)},
		{"LogAppendTime", int64(-1), int64(-1)},
		{"TopicID", id, "<id 1>"},
		{"TopicID", [16]byte{}, [16]byte{}},
		{"ProducerID", int64(0), "<producer 1>"},
		{"ProducerID", int64(-1), int64(-1)},
		{"SessionID", int64(77), "<session 1>"},
		{"SessionID", int64(0), int64(0)},
		{"FinalizedFeaturesEpoch", int64(12), "<epoch>"},
		{"FinalizedFeaturesEpoch", int64(-1), int64(-1)},
		{"Offset", int64(12), int64(12)},
		{"MemberID", "oracle-0a1b2c3d-0000-4000-8000-0123456789ab", "oracle-<member 1>"},
		{"MemberID", "0123456789abcdefABC_-Z", "<member 1>"},
		{"MemberID", "own", "own"},
		{"LeaderID", int64(3), int64(3)},
		{"ClientHost", "/127.0.0.1", "<host>"},
	} {
		got := newNormalizer(false).normalize("Any", object{{c.field, c.in}}).(object)
		if got.get(c.field) != c.want {
			t.Errorf("%s %v: %v, want %v", c.field, c.in, got.get(c.field), c.want)
		}
	}
}

func TestIdsAreNumberedInTheOrderInWhichTheyAreMet(t *testing.T) {
	n := newNormalizer(false)
	var got []any
	for _, id := range []int64{30, 10, 30, 20} {
		got = append(got, n.field("InitProducerID.ProducerID", member{"ProducerID", id}))
	}
	if want := []any{"<producer 1>", "<producer 2>", "<producer 1>", "<producer 3>"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestOnlyArraysWithoutAnOrderAreSorted(t *testing.T) {
	topics := func(names ...string) []any {
		var out []any
		for _, name := range names {
			out = append(out, object{{"Topic", name}})
		}
		return out
	}
	n := newNormalizer(false)
	if got := compact(n.normalize("Metadata.Topics", topics("b", "a"))); got != `[{"Topic": "a"}, {"Topic": "b"}]` {
		t.Error(got)
	}
	if got := compact(n.normalize("DescribeTopicPartitions.Topics", topics("b", "a"))); got != `[{"Topic": "b"}, {"Topic": "a"}]` {
		t.Error(got)
	}
	numbers := []any{object{{"NodeID", int64(10)}}, object{{"NodeID", int64(9)}}}
	if got := compact(n.normalize("Metadata.Brokers", numbers)); got != `[{"NodeID": 9}, {"NodeID": 10}]` {
		t.Error(got)
	}
}

func TestMembersStandInTheOrderInWhichTheyWereMet(t *testing.T) {
	const first, second, third = "c-ffffffff-0000-4000-8000-000000000000", "c-eeeeeeee-0000-4000-8000-000000000000", "c-dddddddd-0000-4000-8000-000000000000"
	n := newNormalizer(false)
	for _, id := range []string{first, second} {
		n.normalize("JoinGroup", object{{"MemberID", id}})
	}
	of := func(id, metadata string) any { return object{{"MemberID", id}, {"Metadata", metadata}} }
	got := n.normalize("JoinGroup.Members", []any{of(third, "z"), of("c-00000000-0000-4000-8000-000000000000", "y"), of(second, "x"), of(first, "w")})
	want := `[{"MemberID": "c-<member 1>", "Metadata": "w"}, {"MemberID": "c-<member 2>", "Metadata": "x"}, ` +
		`{"MemberID": "c-<member 3>", "Metadata": "y"}, {"MemberID": "c-<member 4>", "Metadata": "z"}]`
	if compact(got) != want {
		t.Errorf("%s\nwant %s", compact(got), want)
	}
}

func TestSetsOfNumbersAndOfNamesAreSorted(t *testing.T) {
	for want, in := range map[string][]any{`[2, 9, 10]`: {int64(10), int64(9), int64(2)}, `["a", "b"]`: {"b", "a"}, `[]`: {}} {
		if got := compact(ascending(in)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
