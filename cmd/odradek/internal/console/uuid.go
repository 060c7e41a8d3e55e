package console

import "encoding/base64"

// ID is a topic's id as Kafka prints it: 16 bytes in URL-safe base64, unpadded.
func ID(id [16]byte) string { return base64.RawURLEncoding.EncodeToString(id[:]) }
