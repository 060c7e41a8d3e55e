// Package env knows nobody.
package env

import (
	"broken/node/config" // want wall: the ports know nobody
	"os"                 // want world: "os"
	"time"
)

// Time is a time.
type Time int64

// Now is banned.
func Now() Time {
	_ = config.Name
	_ = os.Args
	return Time(time.Now().UnixNano()) // want word: time.Now
}
