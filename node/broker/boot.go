package broker

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/quorum"
	"odradek/node/storage"
)

// boot is what the controller found at the start, for the shards.
type boot struct {
	ClusterID string
	Dirs      []*logDir
	Homes     map[string]*logDir // of the partition directories that are there, by name
	Records   []meta.Record      // the whole image, replayed
	Version   int64

	Incarnation env.UUID // of this process
}

// boot finds or makes what the node needs on disk, and lets clients in.
func (c *controller) boot() {
	b := &boot{Homes: map[string]*logDir{}}
	c.start(func(t *env.Task) error { return c.prepare(t, b) }, func(err error) {
		switch {
		case errors.Is(err, errUntold):
			c.learn(0)
		case err != nil:
			c.stopped(err)
		default:
			c.join(b)
		}
	})
}

// prepare reads the directories' identities and the metadata log.
func (c *controller) prepare(t *env.Task, b *boot) error {
	props, err := c.identities(t, b)
	if err != nil {
		return err
	}
	c.image.ClusterID, b.ClusterID, c.dirs = props.ClusterID, props.ClusterID, b.Dirs
	for _, d := range b.Dirs {
		clean, err := takeMark(t, d.path)
		if err != nil {
			return err
		}
		if clean {
			c.clean = append(c.clean, d.path)
		}
		if err := c.survey(t, b, d); err != nil {
			return err
		}
	}
	votes, err := c.votesAtFirst(t)
	if err == nil {
		err = c.openLog(t, votes)
	}
	if err != nil {
		return fmt.Errorf("metadata log: %w", err)
	}
	return nil
}

// votesAtFirst tells whether this node begins as a voter. In a dynamic quorum it has
// to be one already; others follow, until they are added (turnCoat).
func (c *controller) votesAtFirst(t *env.Task) (bool, error) {
	if !c.node.config.Votes() || !c.node.config.Dynamic() {
		return c.node.config.Votes(), nil
	}
	return quorum.HasVote(t, c.quorumOptions())
}

type voter = config.Voter

// voters are those that may found a quorum: those of the configuration, of which
// only this node's directory is known. A dynamic quorum was founded by a checkpoint.
func (c *controller) voters(me quorum.Voter) []quorum.Voter {
	if c.node.config.Dynamic() {
		return nil
	}
	var all []quorum.Voter
	for _, v := range c.electorate() {
		x := quorum.Voter{ID: v.ID, Endpoints: []quorum.Endpoint{{Name: c.node.config.ControllerName, Host: v.Host, Port: uint16(v.Port)}}}
		if v.ID == me.ID {
			x.Dir = me.Dir
		}
		all = append(all, x)
	}
	if len(all) == 0 {
		all = append(all, me)
	}
	return all
}

// named are the voters by the log, as far as it was read.
func (c *controller) named() []quorum.Voter {
	switch {
	case c.quorum != nil:
		return c.quorum.Voters()
	case c.puller != nil:
		return c.puller.log.Voters()
	}
	return nil
}

// electorate are the voters as far as this node knows them: those of the
// configuration, and those that the log names with an address.
func (c *controller) electorate() []voter {
	all, named := slices.Clone(c.node.config.Voters), c.named()
	if c.quorum != nil {
		named = c.quorum.Mentioned()
	}
	for _, v := range named {
		known := slices.ContainsFunc(all, func(x voter) bool { return x.ID == v.ID })
		if e, ok := c.endpoint(v); ok && !known {
			all = append(all, voter{ID: v.ID, Host: e.Host, Port: int(e.Port)})
		}
	}
	return all
}

// endpoint is where a voter is reached: at the listener of this node's name for
// it, or else at its first.
func (c *controller) endpoint(v quorum.Voter) (e quorum.Endpoint, ok bool) {
	if len(v.Endpoints) == 0 {
		return e, false
	}
	at := slices.IndexFunc(v.Endpoints, func(e quorum.Endpoint) bool { return e.Name == c.node.config.ControllerName })
	return v.Endpoints[max(at, 0)], true
}

// identities reads meta.properties of every log directory, and writes those
// that are missing.
func (c *controller) identities(t *env.Task, b *boot) (storage.MetaProperties, error) {
	var whole storage.MetaProperties
	var fresh []string
	for _, dir := range Folders(c.node.config) {
		p, found, err := readMetaProperties(t, dir)
		switch {
		case err != nil:
			return whole, err
		case !found:
			fresh = append(fresh, dir)
			continue
		}
		if err := c.fits(dir, p, whole); err != nil {
			return whole, err
		}
		whole.ClusterID, whole.NodeID = p.ClusterID, p.NodeID
		c.identify(b, dir, p.DirectoryID)
	}
	if whole.ClusterID == "" {
		if whole.ClusterID, whole.NodeID = c.clusterID(), c.node.config.NodeID; whole.ClusterID == "" {
			return whole, errUntold
		}
	}
	for _, dir := range fresh {
		p := whole
		p.DirectoryID = env.NewUUID(c.rand)
		if err := writeMetaProperties(t, dir, p); err != nil {
			return whole, err
		}
		c.identify(b, dir, p.DirectoryID)
	}
	return whole, nil
}

// identify notes a directory's identity.
func (c *controller) identify(b *boot, dir string, id env.UUID) {
	if dir == c.node.config.MetadataDir() {
		c.home = id
	}
	if slices.Contains(c.node.config.LogDirs, dir) {
		b.Dirs = append(b.Dirs, &logDir{path: dir, id: id})
	}
}

// Folders are the log directories and that of the metadata, each once.
func Folders(b *config.Broker) []string {
	all := slices.Clone(b.LogDirs)
	if own := b.MetadataDir(); !slices.Contains(all, own) {
		all = append(all, own)
	}
	return all
}

// votersID is a cluster id that is the same for all who know the same voters.
func votersID(voters []config.Voter) string {
	var lines []string
	for _, v := range voters {
		lines = append(lines, fmt.Sprintf("%d@%s:%d", v.ID, v.Host, v.Port))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, ",")))
	return env.UUID(sum[:16]).String()
}

// clusterID is that of a new cluster. Nodes that begin one together have to agree
// on it: without a cluster.id they take it from who votes. Only a node that is all of
// its cluster draws one. "": the others have to tell (learn).
func (c *controller) clusterID() string {
	n := c.node.config
	switch {
	case n.ClusterID != "":
		return n.ClusterID
	case !n.Votes() || n.Dynamic():
		return c.learnt
	case !c.alone() || !n.Serves():
		return votersID(n.Voters)
	}
	return env.NewUUID(c.rand).String()
}

// fits refuses a directory of another node or cluster.
func (c *controller) fits(dir string, p, others storage.MetaProperties) error {
	want := c.node.config.ClusterID
	if want == "" {
		want = others.ClusterID
	}
	switch {
	case p.NodeID != c.node.config.NodeID:
		return fmt.Errorf("%s belongs to node %d, and this is node %d", dir, p.NodeID, c.node.config.NodeID)
	case want != "" && p.ClusterID != want:
		return fmt.Errorf("%s belongs to cluster %s and not to %s", dir, p.ClusterID, want)
	}
	return nil
}

const metaProperties = "meta.properties"

func readMetaProperties(t *env.Task, dir string) (p storage.MetaProperties, found bool, err error) {
	if done := t.Do(env.Disk{Kind: env.Mkdir, Path: dir}); done.Err != nil {
		return p, false, fmt.Errorf("log directory %s: %w", dir, done.Err)
	}
	text, err := storage.ReadFile(t, path.Join(dir, metaProperties))
	if errors.Is(err, env.ErrNotExist) {
		return p, false, nil
	}
	if err != nil {
		return p, false, err
	}
	p, err = storage.ParseMetaProperties(text)
	if err != nil {
		err = fmt.Errorf("%s: %w", path.Join(dir, metaProperties), err)
	}
	return p, true, err
}

func writeMetaProperties(t *env.Task, dir string, p storage.MetaProperties) error {
	return storage.ReplaceFile(t, path.Join(dir, metaProperties), p.Encode())
}

// survey notes which partitions a directory holds, and ends deletions that a
// crash cut short.
func (c *controller) survey(t *env.Task, b *boot, d *logDir) error {
	done := t.Do(env.Disk{Kind: env.List, Path: d.path})
	if done.Err != nil {
		return fmt.Errorf("log directory %s: %w", d.path, done.Err)
	}
	for _, e := range done.Entries {
		switch {
		case !e.Dir && storage.IsJournal(e.Name):
			d.journals = append(d.journals, e.Name)
		case !e.Dir || e.Name == metadataLog:
		case strings.HasSuffix(e.Name, "-delete"):
			if done := t.Do(env.Disk{Kind: env.Remove, Path: path.Join(d.path, e.Name)}); done.Err != nil {
				return fmt.Errorf("remove %s: %w", e.Name, done.Err)
			}
		case b.Homes[e.Name] != nil:
			return fmt.Errorf("partition %s lies in both %s and %s", e.Name, b.Homes[e.Name].path, d.path)
		default:
			b.Homes[e.Name] = d
		}
	}
	return nil
}

// join begins to take part in the quorum.
func (c *controller) join(b *boot) {
	c.found = b
	c.every(quorum.TickInterval, c.tick)
	c.takePart()
	if !c.node.config.Serves() {
		c.out.Emit(env.Ready{})
	}
}

func (c *controller) tick() {
	if c.quorum != nil {
		c.quorum.Tick(c.now, c.out)
	}
	every, _ := c.node.config.Int("metadata.log.max.record.bytes.between.snapshots")
	if log := c.replica(); log != nil && log.BytesSinceSnapshot() > every {
		_ = log.TakeSnapshot(c.now, c.out) // ErrBusy: one is being written
	}
	c.orphan.look()
	c.turnCoat()
	c.beginShards() // the last that was missing may have been a control record
}

// beginShards gives the shards what there is, once the image is as new as what
// they left on disk: a topic that was deleted, and made again under its name,
// must not come back for a moment.
func (c *controller) beginShards() {
	b := c.found
	if b == nil || c.begun || c.ended || !c.caughtUp() {
		return
	}
	c.found = nil
	c.replayJournals(b, func() { c.giveShards(b) })
}

func (c *controller) giveShards(b *boot) {
	if c.ended {
		return
	}
	b.Version = c.image.Version()
	for r := range c.image.Records() {
		b.Records = append(b.Records, r)
	}
	b.Incarnation = c.life.incarnation
	c.begun = true
	c.broadcast(change{Boot: b})
	if c.node.config.Serves() {
		c.life.register()
	}
}
