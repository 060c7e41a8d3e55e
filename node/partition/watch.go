package partition

import "slices"

// Watcher is told once of the next change that a fetch may wait for.
type Watcher interface{ Changed() }

// watchlist holds who is to be told of the next change.
type watchlist struct{ list []Watcher }

func (l *watchlist) add(w Watcher) {
	if !slices.Contains(l.list, w) {
		l.list = append(l.list, w)
	}
}

func (l *watchlist) remove(w Watcher) {
	if i := slices.Index(l.list, w); i >= 0 {
		l.list = slices.Delete(l.list, i, i+1)
	}
}

func (l *watchlist) tell() {
	due := l.list
	l.list = nil
	for _, w := range due {
		w.Changed()
	}
}

// Watch registers a consumer's watcher for the next change, once: the high
// watermark moved, the role changed, or the log failed.
func (p *Partition) Watch(w Watcher) { p.watchers.add(w) }

// WatchWritten registers a follower's watcher: it is told of all that, and when
// a leader's followers may read more.
func (p *Partition) WatchWritten(w Watcher) { p.readers.add(w) }

// Unwatch takes a watcher back.
func (p *Partition) Unwatch(w Watcher) {
	p.watchers.remove(w)
	p.readers.remove(w)
}

func (p *Partition) wake() {
	p.watchers.tell()
	p.readers.tell()
}

// offer wakes the fetches of followers when there is more to read.
func (p *Partition) offer() {
	if p.Leads() && p.log.Written() > p.leading.offered {
		p.leading.offered = p.log.Written()
		p.readers.tell()
	}
}
