package env

// Event is what the world tells a machine.
type Event interface{ event() }

type (
	// Started is the first event of every machine.
	Started struct{}

	// ConnOpened says that a client or another node connected; all events of the
	// connection go to this machine: machine 0 if the listener is one of
	// controller.listener.names, one of the shards otherwise.
	ConnOpened struct {
		Conn     ConnID
		Listener string // listener name, for instance PLAINTEXT or CONTROLLER
		Local    string // address that the client dialed, "host:port"
		Peer     string // the client's address, "host:port"
	}

	// Dialed says that the connection asked for by Dial stands.
	Dialed struct{ Conn ConnID }

	// Request is one whole frame of a client, or on a dialed connection of the
	// peer, without its size prefix. The receiver owns the bytes: the world does
	// not touch them again before they come back in a Reply.
	Request struct {
		Conn  ConnID
		Frame []byte
	}

	// Sent says that the last byte of one Reply left the node (or that the
	// connection's buffer took it). Size is the reply's length.
	Sent struct {
		Conn ConnID
		Size int
	}

	// ConnClosed is the last event of a connection, whoever closed it, and the
	// only one of a connection that did not come about.
	ConnClosed struct{ Conn ConnID }

	// Wake says that the time of the last WakeAt has come. It may be early or
	// stale: the machine looks at its own timers.
	Wake struct{}

	// Message comes from another machine of the same node. Bodies are
	// immutable values.
	Message struct {
		From int
		Body any
	}

	// DiskDone is the completion of one Disk effect.
	DiskDone struct {
		Op      Op
		Kind    DiskKind
		File    FileID
		Tag     Completer // as given in the effect
		N       int       // bytes read or written
		Size    int64     // Open: the file's size
		Data    []byte    // Read: what was read, owned by the receiver
		Entries []Entry   // List: sorted by name
		Err     error     // nil, ErrNotExist, ErrExist, ErrNoSpace, ErrSkipped, or an *IOError
	}

	// Drained ends a batch of events: the mailbox is empty for now. Syncs are
	// emitted only here.
	Drained struct{}

	// Shutdown asks a node to end cleanly; it answers with the effect Stopped.
	Shutdown struct{}
)

func (Started) event()    {}
func (ConnOpened) event() {}
func (Dialed) event()     {}
func (Request) event()    {}
func (Sent) event()       {}
func (ConnClosed) event() {}
func (Wake) event()       {}
func (Message) event()    {}
func (*DiskDone) event()  {}
func (Drained) event()    {}
func (Shutdown) event()   {}

// Entry is one directory entry.
type Entry struct {
	Name string
	Dir  bool
	Size int64
}

// Completer takes the completion of a disk operation that it asked for.
type Completer interface {
	Completed(now Time, done *DiskDone, out *Outbox)
}
