// Package config introduces itself twice.
package config // want paper: belongs into doc.go
