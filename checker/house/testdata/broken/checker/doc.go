// Package checker works on any broker's histories.
package checker

import (
	_ "broken/models"
	_ "broken/node/config" // want wall: histories of any broker
	_ "broken/sim"         // want wall: histories of any broker
)
