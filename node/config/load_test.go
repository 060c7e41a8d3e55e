package config

import (
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func load(t *testing.T, text string, overrides ...Setting) (*Broker, []Warning, error) {
	t.Helper()
	settings, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return Load(settings, overrides)
}

func loaded(t *testing.T, text string, overrides ...Setting) *Broker {
	t.Helper()
	b, _, err := load(t, text, overrides...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestKafkasServerPropertiesWork(t *testing.T) {
	text, err := os.ReadFile("testdata/server.properties")
	if err != nil {
		t.Fatal(err)
	}
	b, warnings, err := load(t, string(text))
	if err != nil {
		t.Fatal(err)
	}
	plain := []Listener{{"PLAINTEXT", "", 9092, "PLAINTEXT"}}
	if diff := cmp.Diff(plain, b.Listeners); diff != "" {
		t.Errorf("listeners (-want +got)\n%s", diff)
	}
	told := []Listener{{"PLAINTEXT", "localhost", 9092, "PLAINTEXT"}}
	if diff := cmp.Diff(told, b.Advertised); diff != "" {
		t.Errorf("advertised (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]Listener{{"CONTROLLER", "", 9093, "PLAINTEXT"}}, b.Controllers); diff != "" {
		t.Errorf("controllers (-want +got)\n%s", diff)
	}
	if b.NodeID != 1 || b.MetadataDir() != "/tmp/kraft-combined-logs" || b.InterBroker != "PLAINTEXT" || b.RequestMaxBytes != 104857600 {
		t.Errorf("%+v", b)
	}
	var ineffective []string
	for _, w := range warnings {
		ineffective = append(ineffective, w.String())
	}
	if want := "line 11: num.network.threads has no effect in Odradek"; !slices.Contains(ineffective, want) {
		t.Errorf("no warning %q in %q", want, ineffective)
	}
}

func TestNothingGivenIsASingleNode(t *testing.T) {
	b, warnings, err := Load(nil, nil)
	if err != nil || len(warnings) != 0 {
		t.Fatal(warnings, err)
	}
	want := &Broker{
		NodeID: 1, Roles: []string{"broker", "controller"}, LogDirs: []string{"/tmp/kafka-logs"}, NumShards: 1,
		Listeners:   []Listener{{"PLAINTEXT", "", 9092, "PLAINTEXT"}},
		Advertised:  []Listener{{"PLAINTEXT", "", 9092, "PLAINTEXT"}},
		InterBroker: "PLAINTEXT", Bootstrap: []string{}, NumPartitions: 1, ReplicationFactor: 1, AutoCreateTopics: true,
		DeleteTopics: true, FetchMaxBytes: 57671680, FetchSessionSlots: 1000, RetentionCheckMs: 300000,
		RequestMaxBytes: 104857600, QueuedMaxBytes: -1, ConnectionIdleMs: 600000, SendBufferBytes: 102400,
		ReceiveBufferBytes: 102400, ProducerExpirationMs: 86400000, MaxConnections: math.MaxInt32,
		MaxConnectionsPerIP: math.MaxInt32,
		Static:              map[string]string{"broker.id": "1", "node.id": "1", "process.roles": "broker,controller"},
	}
	if diff := cmp.Diff(want, b, cmp.AllowUnexported(Broker{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestOverridesGoBeforeTheFile(t *testing.T) {
	b := loaded(t, "num.partitions=3\nnode.id=7", Setting{Key: "num.partitions", Value: "5"}, Setting{Key: "broker.rack", Value: "r"})
	if b.NumPartitions != 5 || b.NodeID != 7 || b.Rack != "r" {
		t.Errorf("%+v", b)
	}
}

func TestTheOldNameOfANodeIsTaken(t *testing.T) {
	if b := loaded(t, "broker.id=4"); b.NodeID != 4 {
		t.Errorf("node %d", b.NodeID)
	}
}

func TestAWrongSettingIsRefusedWithItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"\nnum.partitions=none":                      `line 2: invalid value "none" for num.partitions: not a number of type INT`,
		"num.partitions=0":                           `line 1: invalid value "0" for num.partitions: less than 1`,
		"num.io.threads=x":                           `line 1: invalid value "x" for num.io.threads: not a number of type INT`,
		"a=b\nauto.create.topics.enable=yes":         `line 2: invalid value "yes" for auto.create.topics.enable: neither true nor false`,
		"compression.type=brotli":                    `line 1: invalid value "brotli" for compression.type: not one of`,
		"process.roles=broker,witness":               `line 1: invalid value "broker,witness" for process.roles: not one of`,
		"process.roles=broker":                       `controller.quorum.voters or controller.quorum.bootstrap.servers: a node that is a broker only has to know the controllers`,
		"log.dirs=":                                  `line 1: invalid value "" for log.dirs: empty`,
		"node.id=1\nbroker.id=2":                     `line 2: broker.id and node.id must be equal`,
		"log.retention.minutes=0":                    `line 1: the retention of logs must be -1 or at least 1`,
		"log.roll.ms=0":                              `line 1: log.roll.ms must be at least 1`,
		"log.cleaner.threads=200":                    `line 1: log.cleaner.dedupe.buffer.size must be more`,
		"queued.max.request.bytes=5":                 `line 1: socket.request.max.bytes must be at most queued.max.request.bytes`,
		"max.connections.per.ip.overrides=here":      `line 1: max.connections.per.ip.overrides: "here" is not of the form`,
		"max.connections.per.ip=0":                   `line 1: max.connections.per.ip can be 0 only`,
		"connections.max.idle.ms=50":                 `line 1: connection.failed.authentication.delay.ms must be less`,
		"cordoned.log.dirs=/x":                       `line 1: cordoned.log.dirs: "/x" is not`,
		"group.consumer.session.timeout.ms=1":        `line 1: group.consumer.min.session.timeout.ms must be at most group.consumer.session.timeout.ms`,
		"replica.fetch.wait.max.ms=40000":            `line 1: replica.fetch.wait.max.ms must be at most`,
		"listeners=9092":                             `line 1: listeners: "9092" is not of the form name://host:port`,
		"listeners=PLAINTEXT://:99999":               `is not a port`,
		"listeners=PLAINTEXT://a:1,plaintext://b:2":  `listener PLAINTEXT is given twice`,
		"listeners=PLAINTEXT://a:1,SSL://b:1":        `listeners PLAINTEXT and SSL have the same port 1`,
		"listeners=SSL://:9092":                      `listeners: SSL uses SSL, which Odradek does not speak`,
		"listeners=IN://:9092":                       `listener.security.protocol.map: no protocol for listener IN`,
		"listener.security.protocol.map=PLAINTEXT":   `"PLAINTEXT" is not of the form name:protocol`,
		"listener.security.protocol.map=PLAINTEXT:X": `X is not a security protocol`,
		"controller.listener.names=CONTROLLER":       `controller.listener.names: there is no listener CONTROLLER`,
		"controller.listener.names=PLAINTEXT":        `listeners: all of them are for controllers`,
		"advertised.listeners=OTHER://a:1":           `line 1: advertised.listeners: there is no listener OTHER`,
		"advertised.listeners=PLAINTEXT://0.0.0.0:1": `nobody can reach PLAINTEXT at 0.0.0.0`,
		"inter.broker.listener.name=OTHER":           `inter.broker.listener.name: OTHER is not an advertised listener`,
		"inter.broker.listener.name=PLAINTEXT\nsecurity.inter.broker.protocol=PLAINTEXT": `cannot both be given`,
		"controller.quorum.voters=1@a":            `"1@a" is not of the form id@host:port`,
		"controller.quorum.voters=3@a:1,2@b:1":    `controller.quorum.voters: node 1 has the role of a controller, and is not among them`,
		"controller.quorum.bootstrap.servers=a":   `"a" is not of the form host:port`,
		"controller.quorum.bootstrap.servers=a:1": `a controller needs a listener that is named in controller.listener.names`,
	} {
		b, _, err := load(t, text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %q", text, b, err, want)
		}
	}
}

func TestEveryWrongSettingIsNamed(t *testing.T) {
	_, _, err := load(t, "num.partitions=x\nnum.shards=0\nfetch.max.bytes=1")
	var first *SettingError
	if !errors.As(err, &first) || first.Line != 1 || first.Key != "num.partitions" {
		t.Fatal(err)
	}
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[2], "line 3: ") {
		t.Error(err)
	}
}

func TestASecretIsNotInItsError(t *testing.T) {
	k := Key{Name: "p", Type: password, Check: func(value) error { return errors.New("too short") }}
	if _, err := k.judge("secret"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

func TestWhatHasNoEffectIsWarnedOf(t *testing.T) {
	_, warnings, err := load(t, "log.cleaner.threads=1\nmy.key=1\nlistener.name.plaintext.max.connections=1\nnode.id=1\nnode.id=2")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range warnings {
		got = append(got, w.String())
	}
	want := []string{
		"line 1: log.cleaner.threads has no effect in Odradek",
		"line 2: no such key: my.key",
		"line 3: listener.name.plaintext.max.connections is for one listener; Odradek has no such settings",
		"line 4: node.id is given again on line 5",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAnIPv4AndAnIPv6ListenerCanShareAPort(t *testing.T) {
	b := loaded(t, `listeners=PLAINTEXT://127.0.0.1:9092,SIX://[::1]:9092
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SIX:PLAINTEXT`)
	if len(b.Listeners) != 2 || b.Listeners[1].Host != "::1" {
		t.Errorf("%+v", b.Listeners)
	}
}

func TestAControllersListenerNeedsNoProtocol(t *testing.T) {
	b := loaded(t, "listeners=PLAINTEXT://:1,CTL://:2\ncontroller.listener.names=ctl")
	if len(b.Controllers) != 1 || b.Controllers[0].Protocol != "PLAINTEXT" || len(b.Advertised) != 1 {
		t.Errorf("%+v", b)
	}
}
