//go:build interop

package interop

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// call is one system call of a trace. Begin and end are lines of it: with
// threads, calls overlap, and strace then writes two lines for one.
//
//	1 fdatasync(3</d/a-0/0.log> <unfinished ...>
//	1 <... fdatasync resumed>) = 0
type call struct {
	name, args string
	result     string
	begin, end int
}

var (
	wholeCall = regexp.MustCompile(`^(\d+) +(\w+)\((.*)\) += +(.*)$`)
	beginning = regexp.MustCompile(`^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$`)
	ending    = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += +(.*)$`)
)

// calls are those of a trace that came to an end.
func calls(trace string) (all []call) {
	open := map[string]call{}
	for at, line := range strings.Split(trace, "\n") {
		if m := beginning.FindStringSubmatch(line); m != nil {
			open[m[1]] = call{name: m[2], args: m[3], begin: at}
		} else if m := ending.FindStringSubmatch(line); m != nil {
			c := open[m[1]]
			c.args, c.result, c.end = c.args+m[3], m[4], at
			all = append(all, c)
		} else if m := wholeCall.FindStringSubmatch(line); m != nil {
			all = append(all, call{m[2], m[3], m[4], at, at})
		}
	}
	return all
}

// order follows what is written but not yet synced, and looks at each reply.
type order struct {
	reply   *regexp.Regexp // the socket of a client, as -yy names it
	steps   []step
	pending []unsynced
	frames  []unsynced      // of journals, not synced
	held    string          // what synced journals hold
	unnamed map[string]bool // journals that a power cut may take away as a whole
	synced  map[string]bool
	whole   map[string]int // partition -> replies that came after write and sync
	wrong   []string
}

// unsynced is a write, or a folder with a new file, from when on a sync covers it.
type unsynced struct {
	path  string
	end   int
	bytes string // as strace shows them
}

type step struct {
	at int
	do func()
}

func newOrder(addr string) *order {
	return &order{reply: regexp.MustCompile(`^\d+<TCP:\[` + regexp.QuoteMeta(addr) + `->`),
		unnamed: map[string]bool{}, synced: map[string]bool{}, whole: map[string]int{}}
}

var described = regexp.MustCompile(`^\d+<([^>]*)>`)

// pathOf is the file that a descriptor stands for, as -y names it.
func pathOf(text string) string {
	m := described.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	if path, err := strconv.Unquote(`"` + m[1] + `"`); err == nil { // -xx
		return path
	}
	return m[1]
}

var quoted = regexp.MustCompile(`"([^"]*)"`)

// bytesOf is what a call writes, as strace -xx shows it.
func bytesOf(args string) string {
	text := ""
	for _, m := range quoted.FindAllStringSubmatch(args, -1) {
		text += m[1]
	}
	return text
}

// judge goes through a trace in the order in which calls begin and end.
func judge(addr, trace string) *order {
	o := newOrder(addr)
	for _, c := range calls(trace) {
		o.plan(c)
	}
	slices.SortStableFunc(o.steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	for _, s := range o.steps {
		s.do()
	}
	return o
}

func (o *order) on(at int, do func()) { o.steps = append(o.steps, step{at, do}) }

// plan says what a call means: a write counts from its end, a sync covers what
// had ended when it began, and a reply is judged at its beginning.
func (o *order) plan(c call) {
	path, ok := pathOf(c.args), !strings.HasPrefix(c.result, "-1")
	switch c.name {
	case "openat":
		if ok && strings.Contains(c.args, "O_CREAT") {
			o.on(c.end, func() { o.created(pathOf(c.result), c.end) })
		}
	case "pwrite64", "pwritev", "pwritev2":
		o.on(c.begin, func() { o.write(unsynced{path, c.end, bytesOf(c.args)}) })
	case "fdatasync", "fsync":
		o.on(c.end, func() { o.sync(path, c, ok) })
	default:
		if o.reply.MatchString(c.args) {
			o.on(c.begin, func() { o.replied(c) })
		}
	}
}

func isLog(path string) bool { return strings.HasSuffix(path, ".log") }

func isJournal(path string) bool {
	return strings.HasPrefix(filepath.Base(path), "odradek-journal-")
}

func (o *order) created(path string, at int) {
	switch {
	case isLog(path):
		o.pending = append(o.pending, unsynced{path: filepath.Dir(path), end: at})
	case isJournal(path):
		o.unnamed[path] = true
	}
}

func (o *order) write(w unsynced) {
	switch {
	case isJournal(w.path):
		o.frames = append(o.frames, w)
	case !isLog(w.path):
	case o.holds(w):
		o.synced[w.path] = true
	default:
		o.pending = append(o.pending, w)
	}
}

// holds tells whether a synced journal has what was written. Its offset is part of it,
// so that it is not taken for something else.
func (o *order) holds(w unsynced) bool { return w.bytes != "" && strings.Contains(o.held, w.bytes) }

func (o *order) sync(path string, c call, ok bool) {
	covered := func(w unsynced) bool { return ok && w.path == path && w.end < c.begin }
	o.frames = slices.DeleteFunc(o.frames, func(w unsynced) bool {
		if covered(w) && !o.unnamed[path] {
			o.held += w.bytes + " "
		}
		return covered(w)
	})
	o.pending = slices.DeleteFunc(o.pending, func(w unsynced) bool {
		if !covered(w) && !o.holds(w) {
			return false
		}
		o.synced[w.path] = true
		return true
	})
	for journal := range o.unnamed {
		if ok && filepath.Dir(journal) == path {
			delete(o.unnamed, journal)
		}
	}
}

func (o *order) replied(c call) {
	for _, w := range o.pending {
		o.wrong = append(o.wrong, fmt.Sprintf("line %d: a reply while %s is not synced", c.begin+1, w.path))
	}
	for path := range o.synced {
		if isLog(path) {
			o.whole[filepath.Base(filepath.Dir(path))]++
		}
	}
	clear(o.synced)
}
