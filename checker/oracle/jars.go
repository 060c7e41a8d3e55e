package oracle

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// KafkaVersion is the release whose answers the scripts hold.
const KafkaVersion = "4.4.0"

const log4jVersion = "2.24.3"

// Artifact is one of Maven Central's.
type Artifact struct{ Group, Name, Version string }

// kafkaArtifacts are the broker and the class that formats its storage.
var kafkaArtifacts = []Artifact{
	{"org.apache.kafka", "kafka_2.13", KafkaVersion},
	{"org.apache.kafka", "kafka-tools", KafkaVersion},
	{"org.apache.logging.log4j", "log4j-slf4j-impl", log4jVersion},
	{"org.apache.logging.log4j", "log4j-core", log4jVersion},
}

// pom asks Maven Central for artifacts; Connect and its web server are not needed.
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>odradek.oracle</groupId><artifactId>jars</artifactId>
  <version>1</version><packaging>pom</packaging>
  <dependencies>%s
  </dependencies>
</project>
`

const dependency = `
    <dependency>
      <groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>
      <exclusions>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId></exclusion>
        <exclusion><groupId>org.eclipse.jetty.ee10</groupId><artifactId>*</artifactId></exclusion>
      </exclusions>
    </dependency>`

func pomText(need []Artifact) string {
	var all strings.Builder
	for _, a := range need {
		fmt.Fprintf(&all, dependency, a.Group, a.Name, a.Version)
	}
	return fmt.Sprintf(pom, all.String())
}

// CacheDir is where jars are kept: $ODRADEK_CACHE, else .cache in the
// folder of the nearest go.mod upwards, else odradek in the user's cache folder.
func CacheDir() (string, error) {
	if dir := os.Getenv("ODRADEK_CACHE"); dir != "" {
		return dir, nil
	}
	at, err := os.Getwd()
	for err == nil {
		if _, miss := os.Stat(filepath.Join(at, "go.mod")); miss == nil {
			return filepath.Join(at, ".cache"), nil
		}
		if filepath.Dir(at) == at {
			break
		}
		at = filepath.Dir(at)
	}
	user, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder: %w", err)
	}
	return filepath.Join(user, "odradek"), nil
}

// FetchKafka returns the folder of Kafka's jars (see FetchJars).
func FetchKafka(ctx context.Context) (string, error) {
	return FetchJars(ctx, "kafka-"+KafkaVersion, kafkaArtifacts...)
}

// FetchJars returns the folder of that name in CacheDir, filled with artifacts and
// what they depend on by Maven, which checks their checksums, at the first call. A
// folder is only taken for whole once it has its final name, so that a download
// that was cut off is begun anew.
func FetchJars(ctx context.Context, name string, need ...Artifact) (string, error) {
	cache, err := CacheDir()
	if err != nil {
		return "", err
	}
	jars := filepath.Join(cache, name)
	if _, err := os.Stat(jars); err == nil {
		return jars, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", fmt.Errorf("cache folder: %w", err)
	}
	part, err := os.MkdirTemp(cache, "fetch-")
	if err != nil {
		return "", fmt.Errorf("cache folder: %w", err)
	}
	defer os.RemoveAll(part)
	if err := copyJars(ctx, part, need); err != nil {
		return "", err
	}
	if err := os.Rename(filepath.Join(part, "jars"), jars); err != nil {
		return "", fmt.Errorf("keep jars: %w", err)
	}
	return jars, nil
}

func copyJars(ctx context.Context, dir string, need []Artifact) error {
	if err := os.WriteFile(filepath.Join(dir, "pom.xml"), []byte(pomText(need)), 0o644); err != nil {
		return fmt.Errorf("write pom: %w", err)
	}
	cmd := exec.CommandContext(ctx, "mvn", "-q", "-B", "--strict-checksums", "dependency:copy-dependencies",
		"-DoutputDirectory="+filepath.Join(dir, "jars"))
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("mvn dependency:copy-dependencies: %w\n%s", err, out)
	}
	return nil
}
