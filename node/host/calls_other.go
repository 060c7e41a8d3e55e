//go:build !linux

package host

import (
	"os"

	"golang.org/x/sys/unix"
)

// writev writes buffer by buffer: not every system has it with an offset.
func writev(fd int, bufs [][]byte, off int64) (int, error) {
	total := 0
	for _, b := range bufs {
		n, err := unix.Pwrite(fd, b, off+int64(total))
		total += max(n, 0)
		if err == unix.EINTR {
			return total, nil
		}
		if err != nil || n < len(b) {
			return total, err
		}
	}
	return total, nil
}

// datasync is a full sync (on darwin one that also empties the drive's cache).
func datasync(f *os.File) error { return f.Sync() }
