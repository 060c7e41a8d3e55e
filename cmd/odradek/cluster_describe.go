package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"

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
	ctx, cancel := c.Context()
	defer cancel()
	cl, err := c.Dial(ctx)
	if err != nil {
		return err
	}
	defer cl.Close()
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
	printQuorum(ctx, os.Stdout, cl)
	printBrokers(ctx, os.Stdout, cl, brokers.Brokers, topics)
	return printPartitions(ctx, os.Stdout, cl, brokers.Brokers, topics)
}

func printQuorum(ctx context.Context, w io.Writer, cl *kgo.Client) {
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

func printBrokers(ctx context.Context, w io.Writer, cl *kgo.Client, brokers []kmsg.DescribeClusterResponseBroker, topics []topicParts) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "BROKER\tADDRESS\tSTATE\tRACK\tMETADATA VERSION\tLEADS\tREPLICAS")
	for _, b := range brokers {
		state, version := "in service", "?"
		if b.IsFenced {
			state = "fenced"
		} else {
			version = metadataVersion(ctx, cl, b.NodeID)
		}
		rack := "-"
		if b.Rack != nil {
			rack = *b.Rack
		}
		leads, has := shareOf(topics, b.NodeID)
		fmt.Fprintf(t, "%d\t%s:%d\t%s\t%s\t%s\t%d\t%d\n", b.NodeID, b.Host, b.Port, state, rack, version, leads, has)
	}
	t.Flush()
	fmt.Fprintln(w)
}

// metadataVersion is the highest that a broker supports.
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
