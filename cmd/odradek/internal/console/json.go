package console

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"unicode/utf8"

	"github.com/twmb/franz-go/pkg/kgo"
)

// JSON prints a line of JSON for each record, with kcat's names:
//
//	{"topic":"t","partition":0,"offset":7,"tstype":"create","ts":1700000000000,
//	 "headers":["h","v"],"key":"k","payload":"v"}
//
// Bytes that are no text stand in base64 under key_base64 or payload_base64;
// among headers as they are, their bad bytes replaced.
type JSON struct{}

type jsonRecord struct {
	Topic     string    `json:"topic"`
	Partition int32     `json:"partition"`
	Offset    int64     `json:"offset"`
	TSType    string    `json:"tstype"`
	TS        int64     `json:"ts"`
	Headers   []*string `json:"headers,omitempty"`
	Key       *string   `json:"key"`
	Key64     string    `json:"key_base64,omitempty"`
	Payload   *string   `json:"payload"`
	Payload64 string    `json:"payload_base64,omitempty"`
}

// Print writes one record.
func (JSON) Print(w io.Writer, r *kgo.Record) error {
	out := jsonRecord{Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, TSType: tsType(r), TS: r.Timestamp.UnixMilli()}
	out.Key, out.Key64 = textOr64(r.Key)
	out.Payload, out.Payload64 = textOr64(r.Value)
	for _, h := range r.Headers {
		out.Headers = append(out.Headers, &h.Key, text(h.Value))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

func tsType(r *kgo.Record) string {
	switch r.Attrs.TimestampType() {
	case 0:
		return "create"
	case 1:
		return "logappend"
	}
	return "unknown"
}

func textOr64(b []byte) (*string, string) {
	if !utf8.Valid(b) {
		return nil, base64.StdEncoding.EncodeToString(b)
	}
	return text(b), ""
}

// text is nil for null.
func text(b []byte) *string {
	if b == nil {
		return nil
	}
	s := string(b)
	return &s
}
