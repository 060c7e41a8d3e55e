package broker

import "github.com/twmb/franz-go/pkg/kmsg"

func (s *shard) describeConfigs(k *call, req *kmsg.DescribeConfigsRequest) {
	k.reply(kmsg.NewPtrDescribeConfigsResponse())
}
