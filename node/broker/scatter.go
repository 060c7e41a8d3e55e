package broker

// scatter asks the shards of several partitions at once and gathers one result
// for each, in order. question makes what one shard is asked; its answer is a
// []R of the same length.
func scatter[P, R any](s *shard, parts []P, key func(*P) partitionKey, question func([]P) any, done func([]R)) {
	if to := ownerOf(s.node, parts, key); to != 0 {
		s.askShard(to, question(parts), func(body any) { done(body.([]R)) })
		return
	}
	byShard := make([][]int, s.node.shards+1)
	left := 0
	for i := range parts {
		to := s.node.shardOf(key(&parts[i]))
		if byShard[to] == nil {
			left++
		}
		byShard[to] = append(byShard[to], i)
	}
	results := make([]R, len(parts))
	if left == 0 {
		done(results)
		return
	}
	for to, mine := range byShard {
		if len(mine) == 0 {
			continue
		}
		s.askShard(to, question(pick(parts, mine)), func(body any) {
			for j, r := range body.([]R) {
				results[mine[j]] = r
			}
			if left--; left == 0 {
				done(results)
			}
		})
	}
}

// ownerOf is the one shard of all the partitions; 0: there are several, or none.
func ownerOf[P any](n *node, parts []P, key func(*P) partitionKey) (to int) {
	for i := range parts {
		of := n.shardOf(key(&parts[i]))
		if i > 0 && of != to {
			return 0
		}
		to = of
	}
	return to
}

func pick[P any](parts []P, mine []int) []P {
	some := make([]P, len(mine))
	for j, i := range mine {
		some[j] = parts[i]
	}
	return some
}

// perReplica carries out one operation on each of several replicas of this
// shard. op fills the result and calls finish once, now or later.
func perReplica[P, R any](s *shard, parts []P, key func(*P) partitionKey, done func(any),
	op func(p *P, r *replica, err error, result *R, finish func())) {
	results, left := make([]R, len(parts)), len(parts)
	finish := func() {
		if left--; left == 0 {
			done(results)
		}
	}
	for i := range parts {
		if r := s.replicas[key(&parts[i])]; r != nil && r.ready() {
			op(&parts[i], r, nil, &results[i], finish)
			continue
		}
		s.withReplica(key(&parts[i]), func(r *replica, err error) { op(&parts[i], r, err, &results[i], finish) })
	}
}
