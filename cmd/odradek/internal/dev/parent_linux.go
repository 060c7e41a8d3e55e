package dev

import (
	"os/exec"
	"syscall"
)

// endWithParent lets the kernel tell a node to end when this process is gone,
// however it went.
func endWithParent(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} }
