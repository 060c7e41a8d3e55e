// Package unix stands for the real one.
package unix

// Getpid is a system call.
func Getpid() int { return 1 }
