package oracle

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// call is a request that is ready to be sent.
type call struct {
	frame   []byte
	req     kmsg.Request // nil when the script gives bytes
	noReply bool         // acks=0
}

// parseCall reads "> Name v1 {...}", "> key 1 v2 hex" or "> raw hex".
func parseCall(lines []string, saved map[string]any) (call, error) {
	text := strings.TrimPrefix(lines[0], "> ")
	for _, line := range lines[1:] {
		text += "\n" + line
	}
	word, rest, _ := strings.Cut(text, " ")
	switch word {
	case "raw":
		frame, err := unhex(rest)
		return call{frame: frame}, err
	case "key":
		frame, err := headedFrame(rest)
		return call{frame: frame}, err
	}
	return namedCall(word, rest, saved)
}

func unhex(s string) ([]byte, error) {
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		return nil, fmt.Errorf("hexadecimal: %w", err)
	}
	return b, nil
}

// headedFrame writes the header that every request has, whatever its key:
//
//	int16 key | int16 version | int32 correlation id | int16 length, client id
//
// The tag section of a flexible header is for the script to write.
func headedFrame(text string) ([]byte, error) {
	words := strings.Fields(text)
	if len(words) < 2 {
		return nil, fmt.Errorf("key and version are needed: %q", text)
	}
	key, err := strconv.ParseInt(words[0], 10, 16)
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	version, err := versionOf(words[1])
	if err != nil {
		return nil, err
	}
	body, err := unhex(strings.Join(words[2:], ""))
	frame := binary.BigEndian.AppendUint16(nil, uint16(key))
	frame = binary.BigEndian.AppendUint16(frame, uint16(version))
	frame = binary.BigEndian.AppendUint32(frame, correlationID)
	frame = binary.BigEndian.AppendUint16(frame, uint16(len(clientID)))
	return append(append(frame, clientID...), body...), err
}

func versionOf(word string) (int16, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(word, "v"), 10, 16)
	if err != nil || word[0] != 'v' {
		return 0, fmt.Errorf("not a version: %q", word)
	}
	return int16(n), nil
}

func namedCall(name, rest string, saved map[string]any) (call, error) {
	key := keyOf(name)
	if key < 0 {
		return call{}, fmt.Errorf("no request is named %q", name)
	}
	word, fields, _ := strings.Cut(rest, " ")
	version, err := versionOf(strings.TrimSpace(word))
	if err != nil {
		return call{}, err
	}
	req := kmsg.RequestForKey(key)
	setDefault(reflect.ValueOf(req))
	req.SetVersion(version)
	if err := fillRequest(req, fields, saved); err != nil {
		return call{}, err
	}
	c := call{frame: requestFrame(req), req: req}
	if p, ok := req.(*kmsg.ProduceRequest); ok {
		c.noReply = p.Acks == 0
	}
	return c, nil
}

func fillRequest(req kmsg.Request, fields string, saved map[string]any) error {
	v, err := parseJSON(fields)
	if err != nil {
		return err
	}
	if v, err = substitute(v, saved); err != nil {
		return err
	}
	return fill(reflect.ValueOf(req).Elem(), v)
}

func keyOf(name string) int16 {
	for key := range int16(kmsg.MaxKey + 1) {
		if kmsg.NameForKey(key) == name {
			return key
		}
	}
	return -1
}
