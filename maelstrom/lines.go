package maelstrom

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// longestLine bounds a line that is taken, in bytes; longer ones are passed over.
const longestLine = 16 << 20

// errLong is a line that was passed over.
var errLong = errors.New("a line is too long")

// lines reads line by line.
type lines struct{ in *bufio.Reader }

func newLines(r io.Reader) lines { return lines{bufio.NewReaderSize(r, 64<<10)} }

// next is the next line that is not empty, valid until the one after. Its errors
// are errLong, after which there is more, and those of the reader, io.EOF at the end.
func (l lines) next() ([]byte, error) {
	for {
		line, err := l.whole()
		if line = bytes.TrimSpace(line); len(line) > 0 && (err == nil || err == io.EOF) {
			return line, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// whole is a line up to its end. Its memory is its own only if it is long.
func (l lines) whole() ([]byte, error) {
	piece, err := l.in.ReadSlice('\n')
	if err != bufio.ErrBufferFull {
		return piece, err
	}
	line := bytes.Clone(piece)
	for err == bufio.ErrBufferFull {
		piece, err = l.in.ReadSlice('\n')
		if len(line) <= longestLine {
			line = append(line, piece...)
		}
	}
	if len(line) > longestLine && err == nil {
		return nil, errLong
	}
	return line, err
}
