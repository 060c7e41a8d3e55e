package storage

import (
	"strings"
	"testing"

	"odradek/node/env"
)

// kafkas is what Kafka's storage tool writes.
const kafkas = `#
#Tue Nov 24 20:00:00 UTC 2026
cluster.id=4L6g3nShT-eMCtK--X86sw
directory.id=MkU3OEVBNTcwNTJENDM2Qg
node.id=1
version=1
`

func TestMetaPropertiesOfKafkaAreRead(t *testing.T) {
	p, err := ParseMetaProperties([]byte(kafkas))
	if err != nil || p.ClusterID != "4L6g3nShT-eMCtK--X86sw" || p.NodeID != 1 || p.DirectoryID.String() != "MkU3OEVBNTcwNTJENDM2Qg" {
		t.Fatal(err, p)
	}
}

func TestMetaPropertiesAreReadAsTheyWereWritten(t *testing.T) {
	p := MetaProperties{ClusterID: "any=text", NodeID: 7, DirectoryID: env.UUID{1, 2, 3}}
	if back, err := ParseMetaProperties(p.Encode()); err != nil || back != p {
		t.Fatal(err, back)
	}
}

func TestWrongMetaPropertiesAreToldByTheirLine(t *testing.T) {
	for change, want := range map[string]string{
		"version=1>version=0":           `line 6: version: "0" is not 1`,
		"node.id=1>node.id=x":           `line 5: node.id: "x" is no node's number`,
		"node.id=1>node.id=-1":          `line 5: node.id: "-1" is no node's number`,
		"node.id=1>node.id=9999999999":  `line 5: node.id: "9999999999" is no node's number`,
		"directory.id=Mk>directory.id=": `line 4: directory.id: "U3OEVBNTcwNTJENDM2Qg" is not a base64 id of 16 bytes`,
		"node.id=1>cluster.id=a":        "line 5: cluster.id for the second time",
		"node.id=1>":                    "node.id is missing",
		"4L6g3nShT-eMCtK--X86sw>":       "line 3: cluster.id: is empty",
	} {
		from, to, _ := strings.Cut(change, ">")
		text := strings.Replace(kafkas, from, to, 1)
		if _, err := ParseMetaProperties([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", change, err, want)
		}
	}
}

func FuzzParseMetaProperties(f *testing.F) {
	f.Add([]byte(kafkas))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := ParseMetaProperties(text)
		if err != nil {
			return
		}
		if back, err := ParseMetaProperties(p.Encode()); err != nil || back != p {
			t.Fatalf("%v: %+v, read again %+v", err, p, back)
		}
	})
}
