//go:build interop

package interop

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const traced = "trace=openat,mkdirat,pwrite64,pwritev,pwritev2,fdatasync,fsync,write,writev,sendto,sendmsg,sendfile"

// Whatever was written to a log must be synced before the next reply goes out, in its
// segment, or in a journal that holds the same bytes.
func TestEveryLogIsSyncedBetweenItsWriteAndTheReply(t *testing.T) {
	t.Run("segments", func(t *testing.T) { syncedBeforeReplies(t, "odradek.journal.bytes=0") })
	t.Run("journal", func(t *testing.T) {
		if o := syncedBeforeReplies(t, "odradek.journal.bytes=65536"); o.held == "" {
			t.Error("saw nothing in a journal")
		}
	})
}

// syncedBeforeReplies produces one at a time, so that each reply stands for one write.
func syncedBeforeReplies(t *testing.T, config string) *order {
	strace := program(t, "strace")
	file := filepath.Join(t.TempDir(), "strace.txt")
	if err := run(strace, "-f", "-o", file, "true"); err != nil {
		t.Skipf("this machine does not let strace trace: %v", err)
	}
	addr, controller := freeAddr(t), freeAddr(t)
	s := newServer(t, 1, addr, controller, "1@"+controller, config)
	s.under = []string{strace, "-f", "-yy", "-xx", "-s", "4096", "-e", traced, "-o", file}
	s.up()
	const produces = 50
	s.create("synced", 1) // is itself a write to the metadata's log, and a reply
	w := s.raw("synced")
	for n := range uint64(produces) {
		acks := []int16{1, -1}[n%2]
		base, err := w.produce(limit(t), 0, acks, n)
		must(t, err)
		if base != int64(n) {
			t.Fatalf("produce %d was put at %d", n, base)
		}
	}
	s.stopTraced()
	text, err := os.ReadFile(file)
	must(t, err)
	o := judge(s.addr, string(text))
	for _, wrong := range o.wrong {
		t.Error(wrong)
	}
	t.Logf("write, sync, reply: %v", o.whole)
	if n := o.whole["synced-0"]; n != produces {
		t.Errorf("saw %d of %d produces as write, sync, reply", n, produces)
	}
	if o.whole["__cluster_metadata-0"] == 0 {
		t.Error("saw no reply that waited for the metadata's log")
	}
	return o
}

// stopTraced ends the traced process; strace ends with it.
func (s *server) stopTraced() {
	s.t.Helper()
	children, err := os.ReadFile("/proc/" + itoa(s.cmd.Process.Pid) + "/task/" + itoa(s.cmd.Process.Pid) + "/children")
	must(s.t, err)
	must(s.t, run("kill", "-TERM", strings.Fields(string(children))[0]))
	<-s.gone
}

func TestAReplyBeforeTheSyncIsSeen(t *testing.T) {
	for name, text := range map[string]string{
		"no sync": `1 pwritev(3</d/a-0/0.log>, 1, 1, 0) = 9
2 write(4<TCP:[127.0.0.1:9->127.0.0.1:5]>, ""..., 9) = 9`,
		"sync of another file": `1 pwritev(3</d/a-0/0.log>, 1, 1, 0) = 9
1 fdatasync(5</d/b-0/0.log>) = 0
2 write(4<TCP:[127.0.0.1:9->127.0.0.1:5]>, ""..., 9) = 9`,
		"sync that failed": `1 pwritev(3</d/a-0/0.log>, 1, 1, 0) = 9
1 fdatasync(3</d/a-0/0.log>) = -1 EIO (Input/output error)
2 write(4<TCP:[127.0.0.1:9->127.0.0.1:5]>, ""..., 9) = 9`,
		"sync under way": `1 pwritev(3</d/a-0/0.log>, 1, 1, 0) = 9
1 fdatasync(3</d/a-0/0.log> <unfinished ...>
2 write(4<TCP:[127.0.0.1:9->127.0.0.1:5]>, ""..., 9) = 9
1 <... fdatasync resumed>) = 0`,
		"sync that began before the write ended": `1 pwritev(3</d/a-0/0.log>, 1, 1, 0 <unfinished ...>
2 fdatasync(3</d/a-0/0.log> <unfinished ...>
1 <... pwritev resumed>) = 9
2 <... fdatasync resumed>) = 0
2 write(4<TCP:[127.0.0.1:9->127.0.0.1:5]>, ""..., 9) = 9`,
		"a new file whose folder was not synced": `1 openat(AT_FDCWD</>, "/d/a-0/0.log", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = 3</d/a-0/0.log>
1 pwritev(3</d/a-0/0.log>, 1, 1, 0) = 9
1 fdatasync(3</d/a-0/0.log>) = 0
2 write(4<TCP:[127.0.0.1:9->127.0.0.1:5]>, ""..., 9) = 9`,
		"a journal that holds something else": `1 pwritev(3</d/a-0/0.log>, [{iov_base="\x01\x02", iov_len=2}], 1, 0) = 2
1 pwritev(5</d/odradek-journal-1>, [{iov_base="\x00\x01\x03", iov_len=3}], 1, 0) = 3
1 fdatasync(5</d/odradek-journal-1>) = 0
2 write(4<TCP:[127.0.0.1:9->127.0.0.1:5]>, ""..., 9) = 9`,
		"a journal's sync that began too early": `1 pwritev(3</d/a-0/0.log>, [{iov_base="\x01\x02", iov_len=2}], 1, 0) = 2
1 pwritev(5</d/odradek-journal-1>, [{iov_base="\x00\x01\x02", iov_len=3}], 1, 0 <unfinished ...>
2 fdatasync(5</d/odradek-journal-1>) = 0
1 <... pwritev resumed>) = 3
2 write(4<TCP:[127.0.0.1:9->127.0.0.1:5]>, ""..., 9) = 9`,
		"a journal whose folder was not synced": `1 openat(AT_FDCWD</>, "/d/odradek-journal-1", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = 5</d/odradek-journal-1>
1 pwritev(3</d/a-0/0.log>, [{iov_base="\x01\x02", iov_len=2}], 1, 0) = 2
1 pwritev(5</d/odradek-journal-1>, [{iov_base="\x00\x01\x02", iov_len=3}], 1, 0) = 3
1 fdatasync(5</d/odradek-journal-1>) = 0
2 write(4<TCP:[127.0.0.1:9->127.0.0.1:5]>, ""..., 9) = 9`,
	} {
		if o := judge("127.0.0.1:9", text); len(o.wrong) != 1 {
			t.Errorf("%s: found %q", name, o.wrong)
		}
	}
}

func TestASyncOfTheJournalIsOneOfWhatItHolds(t *testing.T) {
	const segment = `1 pwritev(3</d/a-0/0.log>, [{iov_base="\x01\x02", iov_len=2}], 1, 0) = 2` + "\n"
	const journal = `1 pwritev(5</d/odradek-journal-1>, [{iov_base="\x00\x01\x02", iov_len=3}], 1, 0) = 3
1 fdatasync(5<\x2f\x64/odradek-journal-1>) = 0` + "\n"
	const reply = `2 write(4<TCP:[127.0.0.1:9->127.0.0.1:5]>, ""..., 9) = 9`
	for _, text := range []string{segment + journal + reply, journal + segment + reply} {
		if o := judge("127.0.0.1:9", text); len(o.wrong) != 0 || o.whole["a-0"] != 1 {
			t.Errorf("found %q, whole %v", o.wrong, o.whole)
		}
	}
}
