package oracle

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// NotYet reads dir/notyet.txt: the scripts that our broker does not serve yet,
// by their paths below dir, with the reason. A line is "folder/script.txt: reason".
func NotYet(dir string) (map[string]string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "notyet.txt"))
	if err != nil {
		return nil, fmt.Errorf("list of scripts to come: %w", err)
	}
	reasons := map[string]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, reason, _ := strings.Cut(line, ": ")
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil || reason == "" {
			return nil, fmt.Errorf("list of scripts to come: %q: it needs a script and a reason", line)
		}
		reasons[name] = reason
	}
	return reasons, nil
}
