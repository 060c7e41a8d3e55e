package broker

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"regexp"
	"slices"
	"strconv"

	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/quorum"
	"odradek/node/storage"
)

// Founding says how the directories of a node are to be formatted, as Kafka's
// kafka-storage does it (KIP-853). A node whose voters are in its configuration, or
// that follows a cluster that is there, need not be formatted.
type Founding struct {
	ClusterID  string
	Standalone bool     // this controller is the only voter, at first
	Initial    []string // the voters, each as id@host:port:directory-id
	Follows    bool     // this controller is no voter, at first
	Formatted  []string // directories that are left as they are
}

// File is one to be written, whole.
type File struct {
	Path string
	Data []byte
}

// Errors of Format.
var errFounding = errors.New("format")

// Format makes the files of a node that was never started; meta.properties, which
// says that a directory is formatted, comes last in each. wall is the time in ms.
//
//	<log dir>/meta.properties
//	<metadata dir>/__cluster_metadata-0/00000000000000000000-0000000000.checkpoint  of a first voter
func Format(b *config.Broker, f Founding, wall int64, rng *rand.Rand) ([]File, error) {
	voters, err := f.voters(b, env.NewUUID(rng))
	if err != nil {
		return nil, err
	}
	var files []File
	for _, dir := range Folders(b) {
		if slices.Contains(f.Formatted, dir) {
			continue
		}
		p := storage.MetaProperties{ClusterID: f.ClusterID, NodeID: b.NodeID, DirectoryID: env.NewUUID(rng)}
		if dir == b.MetadataDir() && len(voters) > 0 {
			p.DirectoryID = voters[indexOf(voters, b.NodeID)].Dir
			name, data, err := quorum.FirstCheckpoint(wall, voters)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", errFounding, err)
			}
			files = append(files, File{path.Join(dir, metadataLog, name), data})
		}
		files = append(files, File{path.Join(dir, metaProperties), p.Encode()})
	}
	return files, nil
}

func indexOf(voters []quorum.Voter, id int32) int {
	return slices.IndexFunc(voters, func(v quorum.Voter) bool { return v.ID == id })
}

// voters are the first ones; none where the configuration names them, or others
// do. own is the id of this node's directory, should nobody have named it.
func (f Founding) voters(b *config.Broker, own env.UUID) ([]quorum.Voter, error) {
	const one = "one of standalone, initial-controllers and no-initial-controllers"
	said := 0
	for _, yes := range []bool{f.Standalone, len(f.Initial) > 0, f.Follows} {
		if yes {
			said++
		}
	}
	switch {
	case said > 0 && len(b.Voters) > 0:
		return nil, fmt.Errorf("%w: controller.quorum.voters says who votes, and so does %s", errFounding, one)
	case said > 0 && !b.Votes():
		return nil, fmt.Errorf("%w: %s is for controllers, and this node is a broker only", errFounding, one)
	case said > 0 && !b.Dynamic():
		return nil, fmt.Errorf("%w: %s needs controller.quorum.bootstrap.servers", errFounding, one)
	case said != 1 && b.Votes() && b.Dynamic():
		return nil, fmt.Errorf("%w: without controller.quorum.voters a controller needs %s", errFounding, one)
	case f.Standalone:
		return []quorum.Voter{{ID: b.NodeID, Dir: own, Endpoints: reached(b)}}, nil
	}
	return f.initial(b)
}

// reached is where others find this controller.
func reached(b *config.Broker) (all []quorum.Endpoint) {
	for _, l := range b.Reached {
		all = append(all, quorum.Endpoint{Name: l.Name, Host: l.Host, Port: uint16(l.Port)})
	}
	return all
}

var initialForm = regexp.MustCompile(`^([0-9]+)@\[?([0-9a-zA-Z\-%._:]+?)\]?:([0-9]+):([0-9a-zA-Z_-]{22})$`)

func (f Founding) initial(b *config.Broker) (all []quorum.Voter, err error) {
	for _, text := range f.Initial {
		m := initialForm.FindStringSubmatch(text)
		if m == nil {
			return nil, fmt.Errorf("%w: %q is not of the form id@host:port:directory-id", errFounding, text)
		}
		id, err1 := strconv.ParseInt(m[1], 10, 32)
		port, err2 := strconv.ParseUint(m[3], 10, 16)
		dir, err3 := env.ParseUUID(m[4])
		if err := errors.Join(err1, err2, err3); err != nil {
			return nil, fmt.Errorf("%w: %q: %w", errFounding, text, err)
		}
		all = append(all, quorum.Voter{ID: int32(id), Dir: dir,
			Endpoints: []quorum.Endpoint{{Name: b.ControllerName, Host: m[2], Port: uint16(port)}}})
	}
	if len(all) > 0 && indexOf(all, b.NodeID) < 0 {
		return nil, fmt.Errorf("%w: node %d is not among the initial controllers", errFounding, b.NodeID)
	}
	return all, nil
}
