package maelstrom

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestAnAnswerKeepsItsFieldsAndSaysWhatItAnswers(t *testing.T) {
	body, err := answer("send_ok", 7, map[string]any{"offset": json.RawMessage("9007199254740993")})
	if want := `{"in_reply_to":7,"offset":9007199254740993,"type":"send_ok"}`; err != nil || string(body) != want {
		t.Fatalf("%s (%v), want %s", body, err, want)
	}
}

func TestALineThatIsNoMessageIsToldFromABodyThatIsNone(t *testing.T) {
	for _, line := range []string{``, `{`, `7`, `[]`, `{"src":"c1","dest":"n1"}`, `{"src":"c1","dest":"n1","body":[]}`, `{"dest":"n1","body":{}}`} {
		if _, _, err := decode([]byte(line)); !errors.Is(err, errMessage) {
			t.Errorf("%s: %v", line, err)
		}
	}
	m, h, err := decode([]byte(`{"src":"c1","dest":"n1","body":{"msg_id":3,"type":9}}`))
	if err == nil || errors.Is(err, errMessage) || m.Src != "c1" || !h.asks() || *h.MsgID != 3 {
		t.Errorf("%v %+v %v", m, h, err)
	}
}

func TestALineThatIsTooLongIsPassedOverAndTheNextOneRead(t *testing.T) {
	in := newLines(strings.NewReader("one\n\n" + strings.Repeat("x", longestLine+1) + "\ntwo"))
	var got []string
	for {
		line, err := in.next()
		if err != nil && err != errLong {
			break
		}
		if err == errLong {
			line = []byte("(long)")
		}
		got = append(got, string(line))
	}
	if strings.Join(got, ",") != "one,(long),two" {
		t.Fatal(got)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"src":"n1","dest":"n2","body":{"type":"stream","id":1,"seq":1,"open":"9092","dialer":true}}`))
	f.Add([]byte(`{"src":"c1","dest":"n2","body":{"type":"send","msg_id":1,"key":"k","msg":{"a":[1.5,null]}}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		m, h, err := decode(line)
		if err != nil && m.Src == "" && h.asks() {
			t.Fatal("somebody without a name asks")
		}
		if err != nil {
			return
		}
		again, err := json.Marshal(m)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if _, second, err := decode(again); err != nil || second.Type != h.Type {
			t.Fatalf("%s became %s (%v)", line, again, err)
		}
		var g segment
		if json.Unmarshal(m.Body, &g) == nil {
			n := newNetwork("n2", []string{"n1", "n2"}, Patience, newPost(nil))
			n.deliver(m.Src, &g)
		}
	})
}
