package sim

// This file is how static members (KIP-345) come back under another member id, and
// throw out who they were.

// replace brings a member back after a while: a static one as who it was, and once.
func (g *group) replace(m *member) {
	life := g.lives[m.instance]
	if life != nil && (life.coming || life.last != m) {
		return
	}
	if life != nil {
		life.coming = true
	}
	g.w.After(g.w.between(0, g.k.Session), func() { g.add(m.k, m.instance) })
}

// back tells of a static member that it was not assigned anything yet. What its former
// life was told to give up, it does not know; the group, which need not have noticed
// that it was away, waits for that until somebody joins again.
func (m *member) back() bool { return m.instance != "" && !m.known }

// unsure notes that a join of this instance may take effect later.
func (m *member) unsure() {
	if m.instance != "" {
		m.g.lives[m.instance].unsure = true
	}
}

// fenced ends a former life. The last one cannot be fenced once it is written down,
// unless a join of the instance was never answered.
func (m *member) fenced() {
	switch life := m.g.lives[m.instance]; {
	case life == nil:
		m.complain("%s is fenced, and is no instance", m.c.name)
		m.gone = true
	case life.last != m:
		m.end()
	case m.known && !life.unsure:
		m.complain("%s is fenced, and nobody came after it as %s", m.c.name, m.instance)
		m.gone = true
	default:
		m.begone("fenced")
	}
}

// former tells whether another has been put in its place.
func (m *member) former() bool {
	life := m.g.lives[m.instance]
	return life != nil && life.last != m
}

// begone makes it a stranger, who begins anew; a former life gives way instead.
func (m *member) begone(why string) {
	if m.former() {
		m.end()
		return
	}
	m.remember()
	m.out()
	m.failAssign(why)
	m.forget()
}

// unreleased waits until its former life is out of the group; or gives way to it.
func (m *member) unreleased() {
	for _, other := range m.g.members {
		if other != m && other.instance == m.instance && !other.gone {
			m.g.lives[m.instance].last = other
			m.end()
			return
		}
	}
}
