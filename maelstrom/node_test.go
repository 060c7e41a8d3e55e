package maelstrom

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// stage is a node whose input and output a test holds.
type stage struct {
	t    *testing.T
	in   *io.PipeWriter
	out  *bufio.Scanner
	done chan error
}

// play starts a node with the handler echo alone.
func play(t *testing.T) *stage {
	t.Cleanup(func() { goleak.VerifyNone(t) })
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	s := &stage{t: t, in: inW, out: bufio.NewScanner(outR), done: make(chan error, 1)}
	go func() {
		n, err := Join(inR, outW, Patience, func(string) {})
		if err == nil {
			err = n.Serve(context.Background(), map[string]Handler{"echo": echo, "hang": func(ctx context.Context, _ json.RawMessage) (any, error) {
				<-ctx.Done()
				return nil, errors.New("the end")
			}})
		}
		_ = outW.Close()
		s.done <- err
	}()
	return s
}

// says writes a line; answer is the body of the next line of the node.
func (s *stage) says(line string) {
	if _, err := io.WriteString(s.in, line+"\n"); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) answers(want string) {
	s.t.Helper()
	if !s.out.Scan() {
		s.t.Fatalf("nothing where %s belongs", want)
	}
	m, _, err := decode(s.out.Bytes())
	if err != nil || m.Src != "n1" || !strings.Contains(string(m.Body), want) {
		s.t.Fatalf("%s (%v) where %s belongs", s.out.Text(), err, want)
	}
}

// ends closes the input, and returns how the node ended.
func (s *stage) ends() error {
	_ = s.in.Close()
	for s.out.Scan() {
	}
	select {
	case err := <-s.done:
		return err
	case <-time.After(10 * time.Second):
		s.t.Fatal("the node hangs")
		return nil
	}
}

const hello = `{"src":"c0","dest":"n1","body":{"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1","n2"]}}`

func TestANodeSurvivesWhatIsNoMessageAndAnswersWhatItDoesNotKnow(t *testing.T) {
	s := play(t)
	s.says(hello)
	s.answers(`"init_ok"`)
	for _, line := range []string{"", "garbage", "{}", "[1,2", `{"src":"c1","dest":"n1"}`, `{"src":"c1","dest":"n1","body":7}`, "\xff\x00",
		`{"src":"n2","dest":"n1","body":{"type":"stream","id":"seven"}}`, `{"src":"c7","dest":"n1","body":{"type":"stream","id":7,"seq":1,"open":"9092","dialer":true}}`,
		`{"src":"c1","dest":"n1","body":{"type":"no_answer_is_wanted"}}`, `{"src":"c1","dest":"n1","body":{"type":"error","in_reply_to":3,"msg_id":4}}`} {
		s.says(line)
	}
	s.says(`{"src":"c1","dest":"n1","body":{"type":"txn","msg_id":5,"txn":[]}}`)
	s.answers(`"code":10,"in_reply_to":5`)
	s.says(`{"src":"c1","dest":"n1","body":{"type":{},"msg_id":6}}`)
	s.answers(`"code":12,"in_reply_to":6`)
	s.says(`{"src":"c1","dest":"n1","body":{"type":"echo","msg_id":7,"echo":[1,"two",null]}}`)
	s.answers(`"echo":[1,"two",null]`)
	if err := s.ends(); err != nil {
		t.Fatal(err)
	}
}

func TestANodeThatDoesNotKnowWhoItIsServesNobody(t *testing.T) {
	s := play(t)
	s.says(`{"src":"c1","dest":"n1","body":{"type":"echo","msg_id":1,"echo":1}}`)
	s.answers(`"code":11`)
	s.says(`{"src":"c1","dest":"n1","body":{"type":"init","msg_id":2,"node_id":"n1","node_ids":["n2"]}}`)
	s.answers(`"code":12`)
	s.says(`{"src":"n2","dest":"n1","body":{"type":"stream","id":9,"seq":1,"open":"9092","dialer":true}}`)
	s.answers(`"id":9,"reset":true`)
	if err := s.ends(); !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
}

func TestAClosedInputEndsRequestsThatAreUnderWay(t *testing.T) {
	s := play(t)
	s.says(hello)
	s.answers(`"init_ok"`)
	s.says(`{"src":"c1","dest":"n1","body":{"type":"hang","msg_id":2}}`)
	if err := s.ends(); err != nil {
		t.Fatal(err)
	}
}

func TestOnlyWhatSurelyDidNotHappenIsToldAsDefinite(t *testing.T) {
	for code := range Code(40) {
		want := code == 1 || code >= 10 && code <= 12 || code == 14 || code >= 20 && code <= 22 || code == 30
		if code.Definite() != want {
			t.Errorf("error %d: definite is %v", code, code.Definite())
		}
	}
}
