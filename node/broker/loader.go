package broker

import (
	"errors"
	"time"

	"odradek/node/env"
)

// loadsAtOnce bounds how many logs a shard opens at one time.
const loadsAtOnce = 8

// loader opens the logs of a shard in the background, those that somebody
// waits for first.
type loader struct {
	s      *shard
	urgent []*replica
	queue  []*replica
	active int
}

func (l *loader) add(r *replica) { l.queue = append(l.queue, r) }

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
