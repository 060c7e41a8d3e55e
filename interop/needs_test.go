//go:build interop

package interop

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"odradek/checker/oracle"
)

const (
	confluentKafka = "confluent-kafka==2.16.1"
	kafkaJS        = "kafkajs@2.2.4"
)

// program skips the test unless the machine has it.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("this machine has no %s", name)
	}
	return path
}

// installed skips the test when something cannot be had, with the reason.
func installed(t *testing.T, what string, get func() (string, error)) string {
	t.Helper()
	path, err := get()
	if err != nil {
		t.Skipf("%s is missing: %v", what, err)
	}
	return path
}

func cacheDir(name string) (string, error) {
	cache, err := oracle.CacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "interop", name)
	return dir, os.MkdirAll(dir, 0o755)
}

// python is the interpreter of an environment that has librdkafka's binding.
var python = sync.OnceValues(func() (string, error) {
	dir, err := cacheDir("python")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "bin", "python")
	if exec.Command(bin, "-c", "import confluent_kafka").Run() == nil {
		return bin, nil
	}
	if err := run("python3", "-m", "venv", dir); err != nil {
		return "", err
	}
	return bin, run(bin, "-m", "pip", "install", "-q", confluentKafka)
})

// nodeModules is a folder of modules that has kafkajs.
var nodeModules = sync.OnceValues(func() (string, error) {
	dir, err := cacheDir("node")
	if err != nil {
		return "", err
	}
	modules := filepath.Join(dir, "node_modules")
	if _, err := os.Stat(filepath.Join(modules, "kafkajs", "package.json")); err == nil {
		return modules, nil
	}
	return modules, run("npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", dir, kafkaJS)
})

// kafkaClasses is a class path of Kafka's jars.
var kafkaClasses = sync.OnceValues(func() (string, error) {
	jars, err := oracle.FetchKafka(context.Background())
	return filepath.Join(jars, "*"), err
})

// javaClient is a class path that also has the program in java/.
var javaClient = sync.OnceValues(func() (string, error) {
	jars, err := kafkaClasses()
	if err != nil {
		return "", err
	}
	dir, err := cacheDir("java")
	if err != nil {
		return "", err
	}
	return dir + string(os.PathListSeparator) + jars,
		run("javac", "-cp", jars, "-d", dir, filepath.Join("java", "Client.java"))
})

func run(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}
