package host_test

import (
	"testing"

	"broken/node/host"
)

func TestRun(t *testing.T) { t.Cleanup(host.Run) }
