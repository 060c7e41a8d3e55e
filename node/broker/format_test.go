package broker

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"odradek/node/config"
	"odradek/node/storage"
)

const firstFile = "__cluster_metadata-0/00000000000000000000-0000000000.checkpoint"

func settingsOf(t *testing.T, text string) *config.Broker {
	t.Helper()
	given, err := config.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := config.Load(given, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const (
	aController = "node.id=1\nprocess.roles=controller\ncontroller.listener.names=CONTROLLER\nlisteners=CONTROLLER://a:1\nlog.dirs=/d\n"
	dynamically = aController + "controller.quorum.bootstrap.servers=a:1,b:1\n"
	aBroker     = "node.id=4\nprocess.roles=broker\nlog.dirs=/d,/e\ncontroller.quorum.bootstrap.servers=a:1\n"
)

func format(b *config.Broker, f Founding) ([]File, error) {
	f.ClusterID = "c"
	return Format(b, f, 1_700_000_000_000, rand.New(rand.NewPCG(1, 2)))
}

func paths(files []File) (all []string) {
	for _, f := range files {
		all = append(all, f.Path)
	}
	return all
}

func TestFormatWritesTheFirstVotersAndThenWhoseDirectoryItIs(t *testing.T) {
	files, err := format(settingsOf(t, dynamically), Founding{Standalone: true})
	if err != nil || strings.Join(paths(files), " ") != "/d/"+firstFile+" /d/meta.properties" {
		t.Fatal(paths(files), err)
	}
	p, err := storage.ParseMetaProperties(files[1].Data)
	if err != nil || p.ClusterID != "c" || p.NodeID != 1 || !strings.Contains(string(files[0].Data), string(p.DirectoryID[:])) {
		t.Fatalf("%v, %v", p, err)
	}
}

func TestFormatTakesTheDirectoryIDThatAllInitialControllersAreTold(t *testing.T) {
	const own = "JEXY6aqzQY-32P5TStzaFg"
	files, err := format(settingsOf(t, dynamically), Founding{Initial: []string{"1@a:1:" + own, "2@[::1]:1:MvDxzVmcRsaTz33bUuRU6A"}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := storage.ParseMetaProperties(files[1].Data)
	if err != nil || p.DirectoryID.String() != own || !strings.Contains(string(files[0].Data), "::1") {
		t.Fatalf("%v, %v", p, err)
	}
}

func TestFormatLeavesDirectoriesThatAreFormattedAsTheyAre(t *testing.T) {
	files, err := format(settingsOf(t, aBroker), Founding{Formatted: []string{"/d"}})
	if err != nil || strings.Join(paths(files), " ") != "/e/meta.properties" {
		t.Fatal(paths(files), err)
	}
}

func TestFormatRefusesWhatSaysTwiceOrNotAtAllWhoVotes(t *testing.T) {
	for _, c := range []struct {
		text string
		f    Founding
		want string
	}{
		{dynamically, Founding{}, "needs one of"},
		{dynamically, Founding{Standalone: true, Follows: true}, "needs one of"},
		{dynamically + "controller.quorum.voters=1@a:1", Founding{Standalone: true}, "and so does"},
		{aController, Founding{Standalone: true}, "needs controller.quorum.bootstrap.servers"},
		{aBroker, Founding{Follows: true}, "broker only"},
		{dynamically, Founding{Initial: []string{"2@b:1:MvDxzVmcRsaTz33bUuRU6A"}}, "node 1 is not among"},
		{dynamically, Founding{Initial: []string{"1@a:1"}}, "is not of the form"},
		{dynamically, Founding{Initial: []string{"1@a:1:MvDxzVmcRsaTz33bUuRU6A", "1@b:1:JEXY6aqzQY-32P5TStzaFg"}}, "collides"},
	} {
		files, err := format(settingsOf(t, c.text), c.f)
		if !errors.Is(err, errFounding) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, %v; want %q", c.f, paths(files), err, c.want)
		}
	}
}
