// Package meta is apart from group and txn.
package meta

import (
	_ "broken/node/group" // want wall: meet in the broker only
	_ "broken/node/txn"   // want wall: meet in the broker only
	_ "broken/sim"        // want wall: who runs or checks it
)
