package oracle

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"sync"
)

// StartCluster starts n nodes of Kafka, each broker and controller, with ids from
// 1 on and a folder each in setup.Dir, and returns once all of them answer. Stop
// each; all die with ctx.
func StartCluster(ctx context.Context, setup Setup, n int) ([]*Kafka, error) {
	jars, err := FetchKafka(ctx)
	if err != nil {
		return nil, err
	}
	ports, err := freePorts(2 * n)
	if err != nil {
		return nil, err
	}
	var voters []string
	for i := range n {
		voters = append(voters, fmt.Sprintf("%d@127.0.0.1:%d", i+1, ports[n+i]))
	}
	quorum := map[string]string{"controller.quorum.voters": strings.Join(voters, ",")}
	nodes, failed := make([]*Kafka, n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			one := setup
			one.Dir = filepath.Join(setup.Dir, fmt.Sprint(i+1))
			one.Overrides = maps.Clone(setup.Overrides)
			if one.Overrides == nil {
				one.Overrides = map[string]string{}
			}
			one.Overrides["node.id"] = fmt.Sprint(i + 1)
			nodes[i], failed[i] = one.run(ctx, jars, fmt.Sprintf("127.0.0.1:%d", ports[i]), fmt.Sprintf("127.0.0.1:%d", ports[n+i]), quorum)
			if failed[i] == nil {
				failed[i] = nodes[i].waitReady(ctx)
			}
		})
	}
	all.Wait()
	if err := errors.Join(failed...); err != nil {
		return nil, errors.Join(err, StopAll(nodes))
	}
	return nodes, nil
}

// StopAll stops nodes at the same time; those that are nil were never started.
func StopAll(nodes []*Kafka) error {
	failed := make([]error, len(nodes))
	var all sync.WaitGroup
	for i, k := range nodes {
		if k != nil {
			all.Go(func() { failed[i] = k.Stop() })
		}
	}
	all.Wait()
	return errors.Join(failed...)
}
