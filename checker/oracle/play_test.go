package oracle

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

const create = `# a comment
> CreateTopics v4 {"Topics": [{"Topic": "a", "NumPartitions": 1, "ReplicationFactor": 1}]}
< {"ThrottleMillis": 0, "Topics": [{"Topic": "a", "ErrorCode": "NONE", "ErrorMessage": null}]}
`

const refused = `{"ThrottleMillis": 0, "Topics": [{"Topic": "a", "ErrorCode": "TOPIC_ALREADY_EXISTS", "ErrorMessage": null}]}`

const exists = 36

func played(t *testing.T, text string, answers ...any) (diff string, f *fake) {
	t.Helper()
	f = &fake{t: t, answers: answers}
	diff, err := Play(script(t, text), f)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.answers) > 0 {
		t.Fatalf("%d answers are left", len(f.answers))
	}
	return diff, f
}

func TestABrokerThatAnswersAsKafkaDoesShowsNoDifference(t *testing.T) {
	diff, f := played(t, create, created("a", 0))
	if diff != "" || f.dialled != 1 || f.hung != 1 {
		t.Errorf("%s\ndialled %d, hung up %d", diff, f.dialled, f.hung)
	}
	req := kmsg.NewPtrCreateTopicsRequest()
	req.SetVersion(4)
	header := len(requestFrame(req)) - len(req.AppendTo(nil))
	if err := req.ReadFrom(f.got[0][header:]); err != nil || req.Topics[0].Topic != "a" || req.TimeoutMillis != 60000 {
		t.Errorf("%v: sent %+v", err, req)
	}
}

func TestAWrongAnswerIsShownWithItsPlace(t *testing.T) {
	diff, _ := played(t, create, created("a", exists))
	want := `here:2: > CreateTopics v4 {"Topics": [{"Topic": "a", "NumPartitions": 1, "ReplicationFactor": 1}]}
  - {"ThrottleMillis": 0, "Topics": [{"Topic": "a", "ErrorCode": "NONE", "ErrorMessage": null}]}
  + ` + refused + "\n"
	if diff != want {
		t.Errorf("%s\nwant\n%s", diff, want)
	}
}

func TestAConnectionThatEndsIsADifference(t *testing.T) {
	if diff, _ := played(t, create, "closed"); !strings.Contains(diff, "\n  + closed\n") {
		t.Error(diff)
	}
}

func TestADifferenceThatIsMeantIsHonoured(t *testing.T) {
	meant := create + "! topics are like that here\n<o " + refused + "\n"
	if diff, _ := played(t, meant, created("a", exists)); diff != "" {
		t.Errorf("our answer differs from ours:\n%s", diff)
	}
	diff, _ := played(t, meant, created("a", 0))
	if !strings.Contains(diff, "  - "+refused) {
		t.Errorf("Kafka's answer is taken for ours:\n%s", diff)
	}
}

func TestRecordingReplacesKafkasAnswerAndLeavesOurs(t *testing.T) {
	meant := create + "! topics are like that here\n<o closed\n"
	s := script(t, meant)
	if err := Record(s, &fake{t: t, answers: []any{created("a", exists)}}); err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(meant, `< {"ThrottleMillis": 0, "Topics": [{"Topic": "a", "ErrorCode": "NONE", "ErrorMessage": null}]}`, "< "+refused, 1); s.String() != want {
		t.Errorf("%s\nwant\n%s", s, want)
	}
}

func TestWritingDownDifferencesKeepsReasonsAndDropsThoseOfNone(t *testing.T) {
	for _, c := range []struct {
		before string
		code   int16
		want   string
	}{
		{create, 0, create},
		{create, exists, create + "! so\n<o " + refused + "\n"},
		{create + "! as ever\n<o closed\n", exists, create + "! as ever\n<o " + refused + "\n"},
		{create + "! as ever\n<o closed\n", 0, create},
	} {
		s := script(t, c.before)
		if err := Differ(s, &fake{t: t, answers: []any{created("a", c.code)}}, "so"); err != nil || s.String() != c.want {
			t.Errorf("%v\n%s\nwant\n%s", err, s, c.want)
		}
	}
}

func TestWhatWasSavedStandsInLaterRequests(t *testing.T) {
	_, f := played(t, `> InitProducerID v0 {}
< {"ThrottleMillis": 0, "ErrorCode": "NONE", "ProducerID": "<producer 1>", "ProducerEpoch": 0}
@save p = ProducerID
> InitProducerID v3 {"ProducerID": "$p"}
< closed`, producer(0x1122334455667788, 0), "closed")
	if !strings.Contains(string(f.got[1]), "\x11\x22\x33\x44\x55\x66\x77\x88") {
		t.Errorf("%x", f.got[1])
	}
}

func TestEqualIdsAreToldFromDifferentOnes(t *testing.T) {
	text := ""
	for _, n := range []string{"1", "2", "1"} {
		text += "> InitProducerID v0 {}\n" + `< {"ThrottleMillis": 0, "ErrorCode": "NONE", "ProducerID": "<producer ` + n + `>", "ProducerEpoch": 0}` + "\n"
	}
	if diff, _ := played(t, text, producer(500, 0), producer(7, 0), producer(500, 0)); diff != "" {
		t.Error(diff)
	}
	if diff, _ := played(t, text, producer(500, 0), producer(7, 0), producer(7, 0)); !strings.Contains(diff, "here:5") {
		t.Errorf("another id passes for the first:\n%s", diff)
	}
}

func TestARequestIsRepeatedUntilItsConditionHolds(t *testing.T) {
	text := "@until Topics[0].ErrorCode = TOPIC_ALREADY_EXISTS\n" + strings.Replace(create, `"NONE"`, `"TOPIC_ALREADY_EXISTS"`, 1)
	diff, f := played(t, text, created("a", 0), created("a", 0), created("a", exists))
	if diff != "" || len(f.got) != 3 {
		t.Errorf("%d requests\n%s", len(f.got), diff)
	}
}

func TestAConditionThatNeverHoldsIsGivenUp(t *testing.T) {
	f := &fake{t: t}
	for range untilLimit {
		f.answers = append(f.answers, created("a", 0))
	}
	_, err := Play(script(t, "@until Topics[0].ErrorCode = X\n"+create), f)
	if err == nil || !strings.Contains(err.Error(), "here:3: after 500 requests it does not hold") {
		t.Error(err)
	}
}

func TestConnectionsAreNamedAndDialledAnewOnceTheyEnd(t *testing.T) {
	_, f := played(t, `> raw 01
< hex aa
@conn b
> raw 02
< closed
> raw 03
< hex bb
@conn
> raw 04
< hex cc`, []byte{0xaa}, "closed", []byte{0xbb}, []byte{0xcc})
	if want := []int{1, 2, 3, 1}; !slices.Equal(f.over, want) || f.hung != 3 {
		t.Errorf("connections %v, want %v; %d hung up", f.over, want, f.hung)
	}
}

func TestAProduceWithoutAcksWaitsForNoAnswer(t *testing.T) {
	text := "> Produce v9 {\"Acks\": 0}\n< nothing\n"
	if diff, f := played(t, text); diff != "" || len(f.got) != 1 {
		t.Errorf("%d requests\n%s", len(f.got), diff)
	}
}

func TestAKeyAndItsBodyAreSentBehindAHeader(t *testing.T) {
	_, f := played(t, "> key 999 v2 aa bb\n< closed", "closed")
	frame := f.got[0]
	if key := binary.BigEndian.Uint16(frame); key != 999 || frame[3] != 2 || !strings.HasSuffix(string(frame), "oracle\xaa\xbb") {
		t.Errorf("%x", frame)
	}
}

func TestABrokerMaySettleAfterAChangeOfMetadata(t *testing.T) {
	_, f := played(t, create+"> InitProducerID v0 {}\n< closed", created("a", 0), "closed")
	if f.settled != 1 {
		t.Errorf("settled %d times", f.settled)
	}
}

func TestWhatCannotBePlayedIsAnErrorWithItsLine(t *testing.T) {
	wrongID, _ := binary.Append(nil, binary.BigEndian, []int32{correlationID + 1, 0})
	for _, c := range []struct {
		text   string
		answer any
		want   string
	}{
		{"> Nothing v1 {}", nil, `here:1: no request is named "Nothing"`},
		{"> CreateTopics 4 {}", nil, `here:1: not a version: "4"`},
		{"> CreateTopics v4 {", nil, "here:1: fields: unexpected EOF"},
		{"> CreateTopics v4 {} {}", nil, "here:1: text after the fields"},
		{`> CreateTopics v4 {"Topic": 1}`, nil, "here:1: CreateTopicsRequest has no field Topic"},
		{`> CreateTopics v4 {"Topics": [{"Topic": 1}]}`, nil, "here:1: Topics: [0]: Topic: wants a string, not 1"},
		{`> CreateTopics v4 {"TimeoutMillis": 9999999999}`, nil, "here:1: TimeoutMillis: 9999999999 does not fit int32"},
		{`> Fetch v13 {"Topics": [{"TopicID": "$id"}]}`, nil, "here:1: nothing is saved as $id"},
		{"> raw 0", nil, "here:1: hexadecimal: encoding/hex: odd length hex string"},
		{"> key 1", nil, `here:1: key and version are needed: "1"`},
		{"@save a = Topics", nil, "here:1: Topics: there is no response"},
		{create + "@save a = Topics[1].Topic", created("a", 0), "here:4: Topics[1].Topic: no element [1] of 1"},
		{create, errFake, "here:2: the fake fails"},
		{create, []byte{0}, "here:2: response of 1 bytes has no correlation id"},
		{create, wrongID, "here:2: correlation id is 8, want 7"},
		{create, append(replyFrame(created("a", 0)), 0), "here:2: response has"},
		{create, replyFrame(created("a", 0))[:9], "here:2: response cannot be decoded"},
	} {
		f := &fake{t: t, answers: []any{c.answer}}
		if _, err := Play(script(t, c.text), f); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.text, err, c.want)
		}
	}
	if _, err := Play(script(t, create), &fake{t: t, answers: []any{errFake}}); !errors.Is(err, errFake) {
		t.Error(err)
	}
}
