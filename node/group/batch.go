package group

// What a batch and each of its records take beside keys and values, at most.
const (
	batchOverhead  = 61
	recordOverhead = 32
)

// fits tells whether records can be added to the step's batch.
func (c *Coordinator) fits(records []Record) bool {
	size := batchOverhead
	for _, r := range c.out.Records {
		size += r.size()
	}
	for _, r := range records {
		size += r.size()
	}
	return size <= c.config.MaxBatchBytes
}

func (r Record) size() int { return recordOverhead + len(r.Key) + len(r.Value) }
