package broker

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/storage"
)

// boot is what the controller found at the start, for the shards.
type boot struct {
	ClusterID string
	Dirs      []*logDir
	Homes     map[string]*logDir // of the partition directories that are there, by name
	Records   []meta.Record      // the whole image, replayed
	Version   int64
}

// boot finds or makes what the node needs on disk, and lets clients in.
func (c *controller) boot() {
	b := &boot{Homes: map[string]*logDir{}}
	c.start(func(t *env.Task) error { return c.prepare(t, b) }, func(err error) {
		if err != nil {
			c.stopped(err)
			return
		}
		c.join(b)
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
		if err := c.survey(t, b, d); err != nil {
			return err
		}
	}
	dir := c.node.config.MetadataDir() + "/" + metadataLog
	l, report, err := storage.Open(t, storage.Options{Dir: dir, Config: &c.config, Owner: c, Tasks: &c.tasks, Rand: c.rand})
	if err != nil {
		return fmt.Errorf("metadata log: %w", err)
	}
	c.log = l
	logReport(t.Out(), dir, report)
	return c.readLog(t)
}

// identities reads meta.properties of every log directory, and writes those
// that are missing.
func (c *controller) identities(t *env.Task, b *boot) (storage.MetaProperties, error) {
	var whole storage.MetaProperties
	var fresh []string
	for _, dir := range c.node.config.LogDirs {
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
		b.Dirs = append(b.Dirs, &logDir{dir, p.DirectoryID})
	}
	if whole.ClusterID == "" {
		whole.ClusterID, whole.NodeID = c.clusterID(), c.node.config.NodeID
	}
	for _, dir := range fresh {
		p := whole
		p.DirectoryID = env.NewUUID(c.rand)
		if err := writeMetaProperties(t, dir, p); err != nil {
			return whole, err
		}
		b.Dirs = append(b.Dirs, &logDir{dir, p.DirectoryID})
	}
	return whole, nil
}

func (c *controller) clusterID() string {
	if id := c.node.config.ClusterID; id != "" {
		return id
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

// join registers the node and gives the shards what there is.
func (c *controller) join(b *boot) {
	b.Version = c.image.Version()
	for r := range c.image.Records() {
		b.Records = append(b.Records, r)
	}
	c.current = &proposal{done: func(any, error) { c.register() }}
	c.broadcast(change{Boot: b})
}

// register announces this incarnation of the node, then lets clients in.
func (c *controller) register() {
	c.propose(proposal{
		decide: func() ([]meta.Record, any) { return c.registration(), nil },
		done: func(_ any, err error) {
			if err != nil {
				c.stopped(fmt.Errorf("registration: %w", err))
				return
			}
			c.out.Emit(env.Ready{})
		},
	})
}
