// Package config is pure.
package config

// Name is a name.
const Name = "n"
