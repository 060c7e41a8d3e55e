// Package parts is below a command.
package parts
