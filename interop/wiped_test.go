//go:build interop

package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

var directoryLine = regexp.MustCompile(`(?m)^directory\.id=(.*)$`)

// directory is the id of a node's data directory.
func (s *server) directory() [16]byte {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.data, "meta.properties"))
	must(s.t, err)
	found := directoryLine.FindSubmatch(text)
	if found == nil {
		s.t.Fatalf("meta.properties has no directory id: %s", text)
	}
	id, err := env.ParseUUID(string(found[1]))
	must(s.t, err)
	return id
}

// voters are the directories of those who vote, as a node says.
func (c *cluster) voters() (ids [][16]byte) {
	req := kmsg.NewPtrDescribeQuorumRequest()
	x := kmsg.NewDescribeQuorumRequestTopic()
	x.Topic = "__cluster_metadata"
	x.Partitions = append(x.Partitions, kmsg.NewDescribeQuorumRequestTopicPartition())
	req.Topics = append(req.Topics, x)
	resp, err := req.RequestWith(limit(c.t), c.client())
	must(c.t, err)
	for _, v := range resp.Topics[0].Partitions[0].CurrentVoters {
		ids = append(ids, v.ReplicaDirectoryID)
	}
	return ids
}

func TestAVoterThatLostItsDiskFollowsUntilItIsAddedAgain(t *testing.T) {
	c := form(t, 3, quick...)
	c.create("kept", 3, 2, 1, 2, 3)
	franzProduce(t, c.nodes[0], "kept", "none", recordLines)
	lost := c.nodes[2]
	old := lost.directory()
	lost.kill9()
	must(t, os.RemoveAll(lost.data))
	lost.up()
	c.await("a full ISR after the loss", func(all []kadm.PartitionDetail) bool {
		return !slices.ContainsFunc(all, func(p kadm.PartitionDetail) bool { return len(p.ISR) < 3 })
	}, "kept")
	fresh := lost.directory()
	if all := c.voters(); slices.Contains(all, fresh) || !slices.Contains(all, old) {
		t.Fatalf("it votes though nobody added it: %v", all)
	}
	remove := kmsg.NewPtrRemoveRaftVoterRequest()
	remove.VoterID, remove.VoterDirectoryID = 3, old
	removed, err := remove.RequestWith(limit(t), c.client())
	must(t, err)
	must(t, kerr.ErrorForCode(removed.ErrorCode))
	add := kmsg.NewPtrAddRaftVoterRequest()
	add.VoterID, add.VoterDirectoryID, add.TimeoutMillis = 3, fresh, 10_000
	l := kmsg.NewAddRaftVoterRequestListener()
	l.Name, l.Host = "CONTROLLER", "127.0.0.1"
	port, err := strconv.Atoi(regexp.MustCompile(`CONTROLLER://127\.0\.0\.1:(\d+)`).FindStringSubmatch(readConfig(t, lost))[1])
	must(t, err)
	l.Port = uint16(port)
	add.Listeners = append(add.Listeners, l)
	added, err := add.RequestWith(limit(t), c.client())
	must(t, err)
	must(t, kerr.ErrorForCode(added.ErrorCode))
	if all := c.voters(); !slices.Contains(all, fresh) || slices.Contains(all, old) || len(all) != 3 {
		t.Fatalf("the voters are %v", all)
	}
	// With its vote the quorum lives when another node dies.
	c.nodes[0].kill9()
	begun := time.Now()
	for {
		if _, err := c.admin.CreateTopic(limit(t), 1, 1, nil, fmt.Sprintf("after-%d", time.Since(begun))); err == nil {
			break
		} else if time.Since(begun) > awaitLimit {
			t.Fatal(err)
		}
	}
}

func readConfig(t *testing.T, s *server) string {
	t.Helper()
	text, err := os.ReadFile(s.config)
	must(t, err)
	return string(text)
}
