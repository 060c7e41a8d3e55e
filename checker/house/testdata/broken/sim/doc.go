// Package sim may import nodes, but not the real world.
package sim

import (
	_ "broken/node/host" // want wall: the real world
	_ "broken/node/storage"
	_ "os" // want world: "os"
)
