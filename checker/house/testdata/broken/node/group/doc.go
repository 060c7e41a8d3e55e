// Package group is apart from txn.
package group

import _ "broken/node/txn" // want wall: meet in the broker only
