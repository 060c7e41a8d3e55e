// Package attic is not in the plan.
package attic // want room: node/attic
