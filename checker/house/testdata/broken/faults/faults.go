// Package faults stands alone.
package faults

import _ "broken/cmd/odradek/parts" // want wall: nobody imports cmd

// Name is a name.
const Name = "f"
