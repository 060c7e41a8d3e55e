package console

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/twmb/franz-go/pkg/kgo"
)

// LineReader makes records of lines, as kafka-console-producer does:
//
//	[headers <headers.delimiter>] [key <key.separator>] value
//	headers: name:value,name:value
type LineReader struct {
	ParseKey, ParseHeaders bool
	IgnoreError            bool // a line without separator is a value alone

	KeySeparator, HeadersDelimiter, HeadersSeparator, HeadersKeySeparator string

	NullMarker string // a key or value that equals it is null; "" for none

	in   *bufio.Reader
	line int
}

// NewLineReader reads values from in, one a line, but for what props change:
// parse.key, parse.headers, ignore.error, key.separator, headers.delimiter,
// headers.separator, headers.key.separator, null.marker.
func NewLineReader(in io.Reader, props Properties) (*LineReader, error) {
	l := &LineReader{
		KeySeparator: "\t", HeadersDelimiter: "\t", HeadersSeparator: ",", HeadersKeySeparator: ":",
		in: bufio.NewReaderSize(in, 1<<16),
	}
	err := props.fill(map[string]any{
		"parse.key": &l.ParseKey, "parse.headers": &l.ParseHeaders, "ignore.error": &l.IgnoreError,
		"key.separator": &l.KeySeparator, "headers.delimiter": &l.HeadersDelimiter,
		"headers.separator": &l.HeadersSeparator, "headers.key.separator": &l.HeadersKeySeparator,
		"null.marker": &l.NullMarker,
	})
	return l, err
}

// Next is the record of the next line; io.EOF after the last.
func (l *LineReader) Next() (*kgo.Record, error) {
	line, err := l.in.ReadBytes('\n')
	if err != nil && !(errors.Is(err, io.EOF) && len(line) > 0) {
		return nil, err // nothing is left, or reading failed
	}
	l.line++
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	return l.record(line)
}

func (l *LineReader) record(rest []byte) (*kgo.Record, error) {
	r := &kgo.Record{}
	if l.ParseHeaders {
		part, after, err := l.cut(rest, l.HeadersDelimiter, "headers")
		if err == nil {
			r.Headers, err = l.headers(part)
		}
		if err != nil {
			return nil, err
		}
		rest = after
	}
	if l.ParseKey {
		part, after, err := l.cut(rest, l.KeySeparator, "key")
		if err != nil {
			return nil, err
		}
		if rest = after; part != nil {
			r.Key = l.orNull(part)
		}
	}
	r.Value = l.orNull(rest)
	return r, nil
}

// cut takes what stands before sep; nil when it is missing and that is fine.
func (l *LineReader) cut(line []byte, sep, what string) (before, after []byte, err error) {
	before, after, ok := bytes.Cut(line, []byte(sep))
	switch {
	case ok:
		return append([]byte{}, before...), after, nil
	case l.IgnoreError:
		return nil, line, nil
	}
	return nil, nil, fmt.Errorf("line %d: no %s: the separator %q is missing", l.line, what, sep)
}

func (l *LineReader) headers(part []byte) (all []kgo.RecordHeader, err error) {
	if len(part) == 0 || string(part) == l.NullMarker {
		return nil, nil
	}
	for pair := range bytes.SplitSeq(part, []byte(l.HeadersSeparator)) {
		k, v, ok := bytes.Cut(pair, []byte(l.HeadersKeySeparator))
		if !ok && !l.IgnoreError {
			return nil, fmt.Errorf("line %d: header %q has no %q", l.line, pair, l.HeadersKeySeparator)
		}
		h := kgo.RecordHeader{Key: string(k)}
		if ok {
			h.Value = l.orNull(v)
		}
		all = append(all, h)
	}
	return all, nil
}

func (l *LineReader) orNull(b []byte) []byte {
	if l.NullMarker != "" && string(b) == l.NullMarker {
		return nil
	}
	return append([]byte{}, b...)
}
