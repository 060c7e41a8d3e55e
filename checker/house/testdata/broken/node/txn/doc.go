// Package txn is apart, too.
package txn

import _ "broken/node/partition" // want wall: meet in the broker only
