package host

import (
	"errors"
	"io"

	"golang.org/x/sys/unix"

	"odradek/node/env"
)

const (
	sendMost  = 1 << 30   // bytes that one call of sendfile is asked for
	copyChunk = 128 << 10 // bytes copied at a time where sendfile is not to be had

	// Up to so many bytes of a range are copied to leave in one call, and most
	// often in one segment, with what surrounds them: the reader wakes up once.
	gatheredRange = 32 << 10
)

// errCutShort ends a connection to which more was promised than a file holds.
var errCutShort = errors.New("a file is shorter than the range that was to be sent")

// sendRange sends a range of a file with the offset of the range and not the
// file's own, since others send and read it too.
func (c *conn) sendRange(f *pinned, p env.Part) error {
	open, ok := f.File.(described)
	if !ok || c.raw == nil {
		return c.copyRange(f, p)
	}
	rest := p
	err := open.WithDescriptor(func(fd int) (err error) {
		rest, err = c.sendfile(fd, p)
		return err
	})
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, errNoDescriptor) {
		return c.copyRange(f, rest) // a file system that cannot
	}
	return err
}

// gatherRange puts a short range between the bytes that leave with it, of which
// there are not too many.
func (c *conn) gatherRange(f *pinned, p env.Part) error {
	if c.copied += p.Len; c.copied > gatherReplies {
		if err := c.flush(); err != nil {
			return err
		}
		c.copied = p.Len
	}
	buf := c.host.frames.take(p.Len)[:p.Len]
	n, err := f.ReadAt(buf, p.Off)
	if n < p.Len {
		if err == nil || err == io.EOF {
			err = errCutShort
		}
		return err
	}
	c.bufs, c.copies = append(c.bufs, buf), append(c.copies, buf)
	return nil
}

// sendfile waits by the network poller whenever the socket is full. What is
// left when it fails is returned.
func (c *conn) sendfile(file int, p env.Part) (rest env.Part, err error) {
	var fault error
	err = c.raw.Write(func(socket uintptr) (done bool) {
		for p.Len > 0 {
			at := p.Off // darwin's sendfile leaves it as it is, Linux's does not
			n, err := unix.Sendfile(int(socket), file, &at, min(p.Len, sendMost))
			if n > 0 {
				p.Off, p.Len = p.Off+int64(n), p.Len-n
			}
			switch {
			case err == unix.EAGAIN:
				return false
			case err == unix.EINTR:
				continue
			case err == nil && n == 0:
				err = errCutShort
			}
			if fault = err; fault != nil {
				return true
			}
		}
		return true
	})
	if fault != nil {
		return p, fault
	}
	return p, err
}

// copyRange reads as late as it writes: what is sent is what the file holds then.
func (c *conn) copyRange(f *pinned, p env.Part) error {
	chunk := make([]byte, min(p.Len, copyChunk))
	for p.Len > 0 {
		n, err := f.ReadAt(chunk[:min(p.Len, len(chunk))], p.Off)
		if n == 0 && (err == nil || err == io.EOF) {
			return errCutShort
		}
		if n == 0 {
			return err
		}
		if _, err := c.link.Write(chunk[:n]); err != nil {
			return err
		}
		p.Off, p.Len = p.Off+int64(n), p.Len-n
	}
	return nil
}
