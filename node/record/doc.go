// Package record is the record batch of message format 2, seen as a view over
// bytes: read and stamped in place, validated without a copy, built, decoded
// and recompressed. All integers are big-endian.
//
//	offset  size  field
//	     0     8  base offset            \ stamped by the leader,
//	     8     4  batch length            | outside the CRC. The length counts
//	    12     4  partition leader epoch  | what follows it (from byte 12 on)
//	    16     1  magic = 2              /
//	    17     4  CRC-32C of all that follows (from byte 21 on)
//	    21     2  attributes   .... .... .HCT LKKK
//	    23     4  last offset delta            KKK codec  L append time
//	    27     8  base timestamp (ms)          T transactional  C control
//	    35     8  max timestamp (ms)           H base timestamp is a delete horizon
//	    43     8  producer id, -1 none
//	    51     2  producer epoch
//	    53     4  base sequence
//	    57     4  count of records
//	    61     .  records, together compressed by the codec
//
// One record (varints are zigzag, as in protocol buffers):
//
//	varint length | int8 attributes | varlong timestamp delta | varint offset delta
//	varint key length, key | varint value length, value      (length -1: null)
//	varint count of headers | each: varint length, key, varint length, value
//
// The format is described in Kafka's documentation ("Record Batch") and KIP-98;
// what a broker refuses follows Kafka's LogValidator, UnifiedLog and
// ProduceRequest.
package record
