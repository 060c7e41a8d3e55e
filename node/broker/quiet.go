package broker

// A fetch in a session looks only at partitions of which it may have something to
// tell. Of the others it is told when they change:
//
//	quiet: as the client was told last, and nothing to read -- changes --> looked at
//
// What makes a partition quiet is looked up here, and not remembered, so that
// nothing has to be kept in step; it is a few words of memory for each.

// fetchPlan is what one look of a fetch asks for.
type fetchPlan struct {
	parts []lookPart
	seen  []*sessionPart // whose parts they are
	quiet []*replica     // of this shard; there is nothing to ask
}

// plan lists what is to be looked at, in the order in which the bytes are to be
// filled.
func (s *shard) plan(spec *fetchSpec) (p fetchPlan) {
	fc := spec.context
	if !fc.incremental {
		p.parts, p.seen = make([]lookPart, 0, len(fc.parts)), make([]*sessionPart, 0, len(fc.parts))
	}
	for _, x := range fc.parts {
		switch {
		case x.failed != nil:
		case fc.incremental && s.quiet(x, &spec.reader):
			p.quiet = append(p.quiet, x.r)
		default:
			p.parts, p.seen = append(p.parts, x.look()), append(p.seen, x)
		}
	}
	return p
}

// known tells whether the partition is the one that its request once meant.
func (p *sessionPart) known() bool { return p.r != nil && p.r.gone == nil }

// quiet tells whether a look would find what the client knows, and nothing else. A
// replica's fetch tells us something, and is never quiet.
func (s *shard) quiet(p *sessionPart, who *reader) bool {
	if p.r == nil && p.late == nil {
		p.r = s.replicas[p.key]
	}
	r := p.r
	if r == nil || !r.ready() || who.follows() || p.max < 0 || p.lastEpoch >= 0 || serves(r, who, max(p.epoch, -1)) != nil {
		return false
	}
	high := r.part.HighWatermark()
	if high != p.sentHigh || r.log.Start() != p.sentStart {
		return false
	}
	if _, closer := s.prefer(r, who, p.offset); closer {
		return false
	}
	return p.offset >= high && p.offset >= r.log.Start() && p.offset <= r.log.End()
}

// watchQuiet has the fetch woken by those that it does not look at.
func (f *fetch) watchQuiet() {
	if len(f.plan.quiet) == 0 {
		return
	}
	w := f.s.watchFor(f.s.index, lookQuestion{Fetch: f.id, Watch: true})
	for _, r := range f.plan.quiet {
		r.part.Watch(w)
	}
}
