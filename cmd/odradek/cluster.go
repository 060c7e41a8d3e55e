package main

// clusterCmd are the commands on the cluster as a whole.
type clusterCmd struct {
	Describe clusterDescribeCmd `cmd:"" help:"Show the quorum, the brokers, and partitions that are not well."`
}
