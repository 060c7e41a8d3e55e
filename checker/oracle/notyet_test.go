package oracle

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
)

func TestAScriptThatIsNotServedYetIsListedWithAReason(t *testing.T) {
	for list, want := range map[string]map[string]string{
		"# a comment\n\n":            {},
		"a/b.txt: needs groups: all": {"a/b.txt": "needs groups: all"},
		"a/b.txt":                    nil,
		"a/c.txt: not there":         nil,
	} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "a"), 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"a/b.txt": create, "notyet.txt": list} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := NotYet(dir)
		if (err == nil) != (want != nil) || !maps.Equal(got, want) {
			t.Errorf("%q: %v, %v", list, got, err)
		}
	}
}
