package host

import (
	"os"

	"golang.org/x/sys/unix"
)

// writev is one call for many buffers at an offset.
func writev(fd int, bufs [][]byte, off int64) (int, error) {
	for {
		n, err := unix.Pwritev(fd, bufs, off)
		if err != unix.EINTR {
			return max(n, 0), err
		}
	}
}

// datasync makes a file's bytes durable, and of its inode what is needed to
// read them back, its size above all.
func datasync(f *os.File) error {
	for {
		err := unix.Fdatasync(int(f.Fd()))
		if err != unix.EINTR {
			return err
		}
	}
}
