package wire

import "encoding/binary"

// Sizes of the Splitter's memory.
const (
	minFrame   = 8         // api key, version, correlation id
	minAnswer  = 4         // correlation id
	sizeLen    = 4         // the prefix
	peekLen    = 2         // the api key, which decides the cap
	stageLen   = 8 << 10   // small frames are gathered here, many by one read
	firstAlloc = 128 << 10 // a frame up to twice this is allocated at once
	growth     = 8         // then memory is at most 2*growth times what arrived
)

// Caps bound the frames of one connection, in bytes without the size prefix.
type Caps struct {
	Produce int // socket.request.max.bytes
	Raft    int // frames of the metadata quorum, if more than Control
	Control int // all other keys
}

// DefaultCaps are Kafka's socket.request.max.bytes, and for the other APIs what
// tens of thousands of topics or a fetch session of 100,000 partitions need.
var DefaultCaps = Caps{Produce: 104857600, Control: 8 << 20}

// ControllerCaps are for a controller's listener: its quorum's snapshots travel
// whole, in frames of up to quorum.MaxFrame (100 MiB), here with their header.
var ControllerCaps = Caps{Raft: 100<<20 + 1<<10, Control: 8 << 20}

// Splitter cuts a byte stream into frames:
//
//	+----------+---------+------------------------+
//	| size int32 | key int16 | ... size - 2 more bytes |
//	+----------+---------+------------------------+
//	             `---- the frame handed out ----'
//
// The caller loops: take frames until there is none, then read from the source
// into Space and Advance by what was read. Large frames are read straight into
// the buffer that is handed out.
type Splitter struct {
	caps  Caps
	least int    // size of a frame
	stage []byte // bytes read and not yet cut: stage[r:w]
	r, w  int
	frame []byte // the frame under way: len arrived, cap allocated
	want  int    // its size, 0 when no frame is under way
	take  func(room int) []byte
	// direct tells that the last Space was the frame's own tail.
	direct bool
	err    error
}

// NewSplitter makes a reader of one connection's frames.
func NewSplitter(caps Caps) *Splitter { return &Splitter{caps: caps, least: minFrame, take: fresh} }

// Reuse lets frames be read into buffers that take gives: empty ones, with at
// least so much room. A frame handed out has its buffer's capacity, and nothing
// of it is touched beyond its length.
func (s *Splitter) Reuse(take func(room int) []byte) { s.take = take }

func fresh(room int) []byte { return make([]byte, 0, room) }

// MaxResponse bounds a response that a node takes of another one, in bytes
// without the size prefix: a Fetch of replica.fetch.response.max.bytes (10 MiB)
// whose first batch exceeds them, and a batch is as large as a request may be
// (socket.request.max.bytes, 100 MiB).
const MaxResponse = 128 << 20

// NewResponseSplitter makes a reader of the responses that another node sends.
func NewResponseSplitter() *Splitter {
	return &Splitter{caps: Caps{Produce: MaxResponse, Control: MaxResponse}, least: minAnswer, take: fresh}
}

// Space is where to read next. It is empty only while whole frames wait to be
// taken by Frame, or after an error.
func (s *Splitter) Space() []byte {
	s.direct = s.want-len(s.frame) >= stageLen && s.r == s.w
	if s.err != nil {
		return nil
	}
	if s.direct {
		s.grow()
		return s.frame[len(s.frame):s.room()]
	}
	if s.stage == nil {
		s.stage = make([]byte, stageLen)
	}
	s.w = copy(s.stage, s.stage[s.r:s.w])
	s.r = 0
	return s.stage[s.w:]
}

// Advance says that n bytes were read into the last Space.
func (s *Splitter) Advance(n int) {
	if s.direct {
		s.frame = s.frame[:len(s.frame)+n]
		return
	}
	s.w += n
}

// Frame takes the next whole frame; the caller owns it. false means that more
// bytes are needed. After an error, a *FrameError, nothing more comes.
func (s *Splitter) Frame() ([]byte, bool, error) {
	if s.err == nil && s.want == 0 {
		s.err = s.begin()
	}
	if s.err != nil || s.want == 0 {
		return nil, false, s.err
	}
	s.fill()
	if len(s.frame) < s.want {
		return nil, false, nil
	}
	whole := s.frame
	s.frame, s.want = nil, 0
	return whole, true, nil
}

// Feed passes bytes that have already been read, and gives every frame that
// they complete.
func (s *Splitter) Feed(p []byte, each func(frame []byte)) error {
	for {
		n := copy(s.Space(), p)
		s.Advance(n)
		p = p[n:]
		if err := s.drain(each); err != nil || len(p) == 0 {
			return err
		}
	}
}

func (s *Splitter) drain(each func(frame []byte)) error {
	for {
		frame, ok, err := s.Frame()
		if !ok {
			return err
		}
		each(frame)
	}
}

// begin reads the size and the key of the next frame, once they are there.
func (s *Splitter) begin() error {
	have := s.stage[s.r:s.w]
	if len(have) < sizeLen {
		return nil
	}
	size := int32(binary.BigEndian.Uint32(have))
	if most := max(s.caps.Produce, s.caps.Raft, s.caps.Control); int(size) < s.least || int(size) > most {
		return &FrameError{Size: size, Least: s.least, Key: -1, Limit: most}
	}
	if len(have) < sizeLen+peekLen {
		return nil
	}
	if err := s.admit(size, int16(binary.BigEndian.Uint16(have[sizeLen:]))); err != nil {
		return err
	}
	s.r += sizeLen
	s.want = int(size)
	return nil
}

func (s *Splitter) admit(size int32, key int16) error {
	limit := s.caps.Control
	switch key {
	case Produce:
		limit = s.caps.Produce
	case Raft:
		limit = max(limit, s.caps.Raft)
	}
	if int(size) > limit {
		return &FrameError{Size: size, Key: key, Limit: limit}
	}
	return nil
}

// fill moves what the stage holds of the frame into the frame.
func (s *Splitter) fill() {
	for s.r < s.w && len(s.frame) < s.want {
		s.grow()
		at := len(s.frame)
		n := copy(s.frame[at:s.room()], s.stage[s.r:s.w])
		s.frame = s.frame[:at+n]
		s.r += n
	}
}

// grow makes room when there is none. Memory follows what has arrived, so that
// a size without bytes behind it costs little; a frame of ordinary size is
// allocated once, a large one copied for an eighth of itself.
func (s *Splitter) grow() {
	if len(s.frame) < s.room() {
		return
	}
	room := max(firstAlloc, growth*len(s.frame))
	if s.want <= 2*room {
		room = s.want
	}
	s.frame = append(s.take(room), s.frame...)
}

// room is how much of the frame its memory holds.
func (s *Splitter) room() int { return min(cap(s.frame), s.want) }
