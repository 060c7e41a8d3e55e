package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/cmd/odradek/internal/cluster"
	"odradek/cmd/odradek/internal/console"
)

// clusterDescribeCmd prints how a cluster is.
type clusterDescribeCmd struct {
	cluster.Flags
}

// Run prints it. What one question fails to tell is said in its place.
func (c *clusterDescribeCmd) Run() error {
	return c.Ask(c.show)
}

func (c *clusterDescribeCmd) show(ctx context.Context, cl *kgo.Client) error {
	req := kmsg.NewPtrDescribeClusterRequest()
	req.EndpointType, req.IncludeFencedBrokers = 1, true
	brokers, err := req.RequestWith(ctx, cl)
	if err == nil {
		err = kerr.ErrorForCode(brokers.ErrorCode)
	}
	if err != nil {
		return fmt.Errorf("describe the cluster: %w", err)
	}
	topics, err := describe(ctx, cl, nil)
	if err != nil {
		return err
	}
	fmt.Printf("Cluster %s\n\n", brokers.ClusterID)
	if err := c.quorum(ctx); err != nil {
		return err
	}
	printBrokers(os.Stdout, brokers.Brokers, topics, versions(ctx, cl, brokers.Brokers))
	more, end := c.Context() // dead brokers may have used up the first
	defer end()
	return printPartitions(more, os.Stdout, cl, brokers.Brokers, topics)
}

// quorumPatience is how long the controller may take: without a majority of the
// voters there is none, and the rest is worth showing then.
const quorumPatience = 3 * time.Second

// quorum asks over a connection of its own: a broker answers a connection's
// requests in their order, and to find the controller may take it long.
func (c *clusterDescribeCmd) quorum(ctx context.Context) error {
	cl, err := c.Dial(ctx)
	if err != nil {
		return err
	}
	defer cl.Close()
	printQuorum(ctx, os.Stdout, cl)
	return nil
}

func printQuorum(ctx context.Context, w io.Writer, cl *kgo.Client) {
	ctx, cancel := context.WithTimeout(ctx, quorumPatience)
	defer cancel()
	req := kmsg.NewPtrDescribeQuorumRequest()
	t := kmsg.NewDescribeQuorumRequestTopic()
	t.Topic, t.Partitions = "__cluster_metadata", append(t.Partitions, kmsg.NewDescribeQuorumRequestTopicPartition())
	req.Topics = append(req.Topics, t)
	resp, err := req.RequestWith(ctx, cl)
	if err == nil {
		err = kerr.ErrorForCode(resp.ErrorCode)
	}
	if err == nil && (len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1) {
		err = kerr.UnknownServerError
	}
	if err == nil {
		err = kerr.ErrorForCode(resp.Topics[0].Partitions[0].ErrorCode)
	}
	if err != nil {
		fmt.Fprintf(w, "Controller: not known (%v)\n\n", err)
		return
	}
	console.Quorum(w, &resp.Topics[0].Partitions[0], resp.Nodes)
}

func printBrokers(w io.Writer, brokers []kmsg.DescribeClusterResponseBroker, topics []topicParts, versions []string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "BROKER\tADDRESS\tSTATE\tRACK\tMETADATA VERSION\tLEADS\tREPLICAS")
	for i, b := range brokers {
		state := "in service"
		if b.IsFenced {
			state = "fenced"
		}
		rack := "-"
		if b.Rack != nil {
			rack = *b.Rack
		}
		leads, has := shareOf(topics, b.NodeID)
		fmt.Fprintf(t, "%d\t%s:%d\t%s\t%s\t%s\t%d\t%d\n", b.NodeID, b.Host, b.Port, state, rack, versions[i], leads, has)
	}
	t.Flush()
	fmt.Fprintln(w)
}

// versions asks all brokers at the same time; who is dead is not waited for long.
func versions(ctx context.Context, cl *kgo.Client, brokers []kmsg.DescribeClusterResponseBroker) []string {
	ctx, cancel := context.WithTimeout(ctx, cluster.OnePatience)
	defer cancel()
	found := make([]string, len(brokers))
	var all sync.WaitGroup
	for i, b := range brokers {
		all.Go(func() { found[i] = metadataVersion(ctx, cl, b.NodeID) })
	}
	all.Wait()
	return found
}

// metadataVersion is the range that a broker supports.
func metadataVersion(ctx context.Context, cl *kgo.Client, id int32) string {
	req := kmsg.NewPtrApiVersionsRequest()
	req.ClientSoftwareName, req.ClientSoftwareVersion = "odradek", "1"
	resp, err := cl.Broker(int(id)).Request(ctx, req)
	if err != nil {
		return "does not answer"
	}
	for _, f := range resp.(*kmsg.ApiVersionsResponse).SupportedFeatures {
		if f.Name == "metadata.version" {
			return fmt.Sprintf("%d to %d", f.MinVersion, f.MaxVersion)
		}
	}
	return "?"
}

// shareOf counts the partitions that a broker leads, and has.
func shareOf(topics []topicParts, id int32) (leads, has int) {
	for i := range topics {
		for j := range topics[i].Partitions {
			p := &topics[i].Partitions[j]
			if p.LeaderID == id {
				leads++
			}
			if slices.Contains(p.Replicas, id) {
				has++
			}
		}
	}
	return leads, has
}

// printPartitions counts, and shows those that are not well.
func printPartitions(ctx context.Context, w io.Writer, cl *kgo.Client, brokers []kmsg.DescribeClusterResponseBroker, topics []topicParts) error {
	least, err := minISR(ctx, cl, topics)
	if err != nil {
		return err
	}
	var live []int32
	for _, b := range brokers {
		if !b.IsFenced {
			live = append(live, b.NodeID)
		}
	}
	ends := cluster.LogEnds(ctx, cl, topics)
	total, under, offline, few := 0, 0, 0, 0
	ill := ""
	for i := range topics {
		name := nameOf(topics[i])
		for j := range topics[i].Partitions {
			p := &topics[i].Partitions[j]
			h := console.HealthOf(p, least[name], live)
			total++
			under += one(h.UnderReplicated)
			offline += one(h.Unavailable)
			few += one(h.UnderMinISR)
			if h.UnderReplicated || h.Unavailable {
				ill += console.PartitionLine(name, p, lagColumns(ends, name))
			}
		}
	}
	_, err = fmt.Fprintf(w, "Partitions: %d in %d topics; %d under-replicated, %d offline, %d under min.insync.replicas\n%s",
		total, len(topics), under, offline, few, ill)
	return err
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}
