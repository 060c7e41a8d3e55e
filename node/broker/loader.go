package broker

import (
	"errors"
	"time"

	"odradek/node/env"
)

// loadsAtOnce bounds how many logs a shard opens at one time.
const loadsAtOnce = 8

// Logs that nobody asks for are opened at leisure, so many after each pause: for
// their retention, and to find what is damaged. It is a hundred in a second.
const (
	leisure   = 100 * time.Millisecond
	atLeisure = 10
)

// indexBytes bounds what a shard keeps in memory of the indexes of older segments:
// those of some 25 GB, at a batch in 4 KB.
const indexBytes = 128 << 20

// loader opens the logs of a shard in the background:
//
//	somebody waits --------> urgent --.
//	new, or replicated ----> queue ----+--> opened, so many at one time
//	the first of the rest ---^         |
//	the rest --------------> cold -----'  at leisure
//
// Who has other replicas is fetched from, or has to fetch, at once. So a start costs
// what is active, and not what there is.
type loader struct {
	s      *shard
	urgent []*replica
	queue  []*replica
	cold   []*replica
	warm   int64 // so many more of the rest are opened at once
	idling bool  // a pause is under way
	active int
}

func (l *loader) add(r *replica) {
	alone := len(r.part.State().Replicas) == 1 && r.topic.name != offsetsTopic
	if !alone || l.s.homes[r.name()] == nil {
		l.queue = append(l.queue, r)
		return
	}
	if l.warm--; l.warm >= 0 {
		l.queue = append(l.queue, r)
		return
	}
	l.cold = append(l.cold, r)
	l.idle()
}

// idle sees to it that cold logs are opened.
func (l *loader) idle() {
	if l.idling || len(l.cold) == 0 || l.s.stopping {
		return
	}
	l.idling = true
	l.s.after(leisure, func() {
		n := min(atLeisure, len(l.cold))
		l.queue = append(l.queue, l.cold[:n]...)
		l.cold = l.cold[n:]
		l.idling = false
		l.run()
		l.idle()
	})
}

// first puts a replica before those that nobody waits for.
func (l *loader) first(r *replica) {
	if !r.loading {
		l.urgent = append(l.urgent, r)
		l.run()
	}
}

func (l *loader) next() *replica {
	for _, from := range []*[]*replica{&l.urgent, &l.queue} {
		for len(*from) > 0 {
			r := (*from)[0]
			(*from)[0] = nil
			*from = (*from)[1:]
			if !r.loading && (r.gone == nil || len(r.waiting) > 0) && r.log == nil && r.failed == nil {
				return r
			}
		}
	}
	return nil
}

func (l *loader) run() {
	for l.active < loadsAtOnce && !l.s.stopping {
		r := l.next()
		if r == nil {
			return
		}
		l.active++
		r.loading = true
		r.task = l.s.start(r.load, func(err error) {
			l.active--
			r.loaded(err)
			l.run()
		})
	}
}

// reload tries again to load a replica for which the disk was full.
type reload struct{ r *replica }

const reloadAfter = time.Second

func (x *reload) fired() { x.r.s.loader.first(x.r) }

func (r *replica) loaded(err error) {
	r.loading, r.task = false, nil
	r.stir()
	switch {
	case errors.Is(err, env.ErrNoSpace):
		r.s.out.Logf(env.Warn, "%s cannot be loaded yet: %v", r.path(), err)
		r.s.timers.Set(&reload{r}, r.s.now.Mono+reloadAfter)
		return
	case err != nil:
		r.failed = err
		r.s.out.Logf(env.Error, "%s cannot be loaded: %v", r.path(), err)
		r.s.reportDir(r.dir, err)
	}
	r.confess()
	for len(r.waiting) > 0 {
		f := r.waiting[0]
		r.waiting = r.waiting[1:]
		f()
	}
	r.coordinate()
}
