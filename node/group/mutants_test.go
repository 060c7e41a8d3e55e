//go:build mutants

package group

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"odradek/node/mutant/witness"
)

func story(tell func(*world)) func(testing.TB) {
	return func(t testing.TB) { tell(newImmediate(t)) }
}

func TestEveryMutantOfGroupsIsNoticedByItsStory(t *testing.T) {
	for name, test := range map[string]func(testing.TB){
		"F1 of consumer groups": story(aCommitOfAnEarlierOwner),
		"F1":                    story(aCommitOfBefore), "F2": story(aStaticReturn), "F3": story(offsetsOutlive),
		"F5": story(aMemberThatNeverSyncs), "F9": story(aHeartbeatOfBefore), "F10": story(offsetsOutlive),
		"F11": story(aMemberThatIsBackBetweenTwoAssignments),
	} {
		id, _, _ := strings.Cut(name, " ")
		t.Run(name, func(t *testing.T) {
			if clean := witness.Killed(t, "", test); clean != "" {
				t.Fatalf("without it: %s", clean)
			}
			witness.Notice(t, id, test)
		})
	}
}

func TestThePropertiesOfGroupsFailUnderMutants(t *testing.T) {
	witness.Thorough(t)
	for _, id := range []string{"F1", "F2", "F3", "F5", "F9", "F10"} {
		t.Run(id, func(t *testing.T) { fails(t, id, inCrowd) })
	}
	t.Run("F1 of consumer groups", func(t *testing.T) { fails(t, "F1", inFlock) })
	t.Run("F11", func(t *testing.T) { fails(t, "F11", inFlock) })
}

func fails(t *testing.T, id string, property func(*rapid.T)) {
	witness.Notice(t, id, func(t testing.TB) { rapid.Check(t, property) })
}
