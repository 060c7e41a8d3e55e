package oracle

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// twoAsk has a request over b in flight while another is answered over the first.
const twoAsk = `@conn b
@later b-asks
> InitProducerID v0 {}
@conn
> InitProducerID v0 {}
< {"ThrottleMillis": 0, "ErrorCode": "NONE", "ProducerID": "<producer 1>", "ProducerEpoch": 0}
@await b-asks
< {"ThrottleMillis": 0, "ErrorCode": "NONE", "ProducerID": "<producer 2>", "ProducerEpoch": 0}
@save p = ProducerID
> InitProducerID v3 {"ProducerID": "$p"}
< closed
`

func TestARequestMayBeInFlightWhileAnotherConnectionGoesOn(t *testing.T) {
	diff, f := played(t, twoAsk, producer(5, 0), producer(0x1122334455667788, 0), "closed")
	if diff != "" || !slices.Equal(f.over, []int{1, 2, 2}) {
		t.Errorf("over connections %v\n%s", f.over, diff)
	}
	if !strings.Contains(string(f.got[2]), "\x11\x22\x33\x44\x55\x66\x77\x88") {
		t.Errorf("what was awaited is not saved: %x", f.got[2])
	}
}

func TestAnAwaitedAnswerThatIsWrongIsShownWithItsPlace(t *testing.T) {
	diff, _ := played(t, twoAsk, producer(5, 0), producer(6, exists), "closed")
	if !strings.Contains(diff, "here:7: @await b-asks\n") || !strings.Contains(diff, "TOPIC_ALREADY_EXISTS") {
		t.Error(diff)
	}
}

func TestAnAwaitedAnswerIsRecordedBelowItsLine(t *testing.T) {
	asked := strings.ReplaceAll(twoAsk, "< ", "# ")
	var lines []string
	for line := range strings.Lines(asked) {
		if line[0] != '#' {
			lines = append(lines, line)
		}
	}
	s := script(t, strings.Join(lines, ""))
	if err := Record(s, &fake{t: t, answers: []any{producer(5, 0), producer(6, 0), "closed"}}); err != nil || s.String() != twoAsk {
		t.Errorf("%v\n%s", err, s)
	}
}

func TestAnAwaitedAnswerShowsWhatItsRequestCovers(t *testing.T) {
	c, err := covered(t, twoAsk, "InitProducerID v0 NONE\nInitProducerID v3\n")
	if err != nil || len(c.Missing()) > 0 {
		t.Errorf("%v: missing %q", err, c.Missing())
	}
	if got := len(script(t, twoAsk+"@await nothing\n< closed\n").exchanges()); got != 3 {
		t.Errorf("%d exchanges", got)
	}
}

func TestWhatIsNotUnderWayCannotBeAwaited(t *testing.T) {
	for _, text := range []string{"@await b\n", twoAsk + "@await b-asks\n"} {
		f := &fake{t: t, answers: []any{producer(5, 0), producer(6, 0), "closed"}}
		if _, err := Play(script(t, text), f); err == nil || !strings.Contains(err.Error(), "nothing is under way as") {
			t.Errorf("%s: %v", text, err)
		}
	}
	f := &fake{t: t, answers: []any{producer(5, 0), errFake}}
	if _, err := Play(script(t, twoAsk), f); !errors.Is(err, errFake) {
		t.Error(err)
	}
}
