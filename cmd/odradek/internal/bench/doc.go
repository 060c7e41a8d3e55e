// Package bench puts load on a broker and measures what it does with it.
//
//	raw     batches are built once, and each connection keeps some requests in
//	        flight: what the broker can do
//
//	        frames --Write--> broker --responses--> reader
//	          ^  one slot for each request in flight  |
//	          +---------------------------------------+
//
//	franz   franz-go's producer and consumer: what an application would see
//
// A rate makes the load open: a request is due at its time, and its latency
// counts from then, sent in time or not. So a broker that stalls cannot hide how
// many had to wait.
package bench
