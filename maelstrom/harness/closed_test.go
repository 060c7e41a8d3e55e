package harness

import (
	"testing"
	"time"
)

func TestNodesAtWorkEndCleanlyWhenTheirInputsDo(t *testing.T) {
	r, err := launch(quick(t, 3, 1))
	if err != nil {
		t.Fatal(err)
	}
	c := r.cluster
	if err := r.begin(); err != nil {
		t.Fatal(err)
	}
	close(c.stop)
	begun := time.Now()
	for _, p := range c.procs {
		_ = p.in.Close()
	}
	hang := time.AfterFunc(30*time.Second, func() {
		for _, p := range c.procs {
			_ = p.cmd.Process.Kill()
		}
	})
	defer hang.Stop()
	c.done.Wait()
	for i, p := range c.procs {
		if err := p.cmd.Wait(); err != nil {
			t.Errorf("%s: %v", c.names[i], err)
		}
	}
	t.Logf("they took %v", time.Since(begun))
}
