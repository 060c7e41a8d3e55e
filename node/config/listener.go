package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Listener is where a node is reached: the name of the listener (PLAINTEXT),
// host, port and security protocol. Host "" stands for every interface, or for
// the machine's name if it is what others are told.
type Listener struct {
	Name     string
	Host     string
	Port     int
	Protocol string // PLAINTEXT is all that Odradek speaks today
}

// Voter is a member of the metadata quorum.
type Voter struct {
	ID   int32
	Host string
	Port int
}

var (
	listenerForm = regexp.MustCompile(`^(.+)://\[?([0-9a-zA-Z\-%._:]*)\]?:([0-9]+)$`)
	voterForm    = regexp.MustCompile(`^([0-9]+)@\[?([0-9a-zA-Z\-%._:]+)\]?:([0-9]+)$`)
	addressForm  = regexp.MustCompile(`^\[?([0-9a-zA-Z\-%._:]+)\]?:([0-9]+)$`)
	fourBytes    = regexp.MustCompile(`^[0-9]+(\.[0-9]+){3}$`)
)

// parseListeners reads name://host:port. Names count in capitals, each once.
func parseListeners(list []string) ([]Listener, error) {
	var all []Listener
	for _, s := range list {
		m := listenerForm.FindStringSubmatch(s)
		if m == nil {
			return nil, fmt.Errorf("%q is not of the form name://host:port", s)
		}
		port, err := parsePort(m[3])
		if err != nil {
			return nil, fmt.Errorf("%q: %w", s, err)
		}
		l := Listener{Name: strings.ToUpper(m[1]), Host: m[2], Port: port}
		if named(all, l.Name) {
			return nil, fmt.Errorf("listener %s is given twice", l.Name)
		}
		all = append(all, l)
	}
	return all, nil
}

func parsePort(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0, fmt.Errorf("%s is not a port", s)
	}
	return int(n), nil
}

func named(all []Listener, name string) bool {
	return slices.ContainsFunc(all, func(l Listener) bool { return l.Name == name })
}

// portTwice finds two listeners that cannot both be bound. One IPv4 and one
// IPv6 address can share a port (KIP-797).
func portTwice(all []Listener) error {
	for i, a := range all {
		for _, b := range all[:i] {
			if a.Port == b.Port && a.Port != 0 && !(fourBytes.MatchString(a.Host) && isSix(b) || isSix(a) && fourBytes.MatchString(b.Host)) {
				return fmt.Errorf("listeners %s and %s have the same port %d", b.Name, a.Name, a.Port)
			}
		}
	}
	return nil
}

func isSix(l Listener) bool { return strings.Contains(l.Host, ":") }

// parseProtocols reads name:protocol, separated by commas.
func parseProtocols(s string) (map[string]string, error) {
	protocols := map[string]string{}
	for _, pair := range splitList(strings.TrimSpace(s)) {
		name, protocol, ok := strings.Cut(pair, ":")
		if !ok {
			return nil, fmt.Errorf("%q is not of the form name:protocol", pair)
		}
		protocol = strings.ToUpper(strings.TrimSpace(protocol))
		if !slices.Contains([]string{"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"}, protocol) {
			return nil, fmt.Errorf("%s is not a security protocol", protocol)
		}
		protocols[strings.ToUpper(strings.TrimSpace(name))] = protocol
	}
	return protocols, nil
}

// parseVoters reads id@host:port.
func parseVoters(list []string) ([]Voter, error) {
	var voters []Voter
	for _, s := range list {
		m := voterForm.FindStringSubmatch(s)
		if m == nil {
			return nil, fmt.Errorf("%q is not of the form id@host:port", s)
		}
		id, err := strconv.ParseInt(m[1], 10, 32)
		if err != nil {
			return nil, fmt.Errorf("%q: %s is not a node id", s, m[1])
		}
		port, err := parsePort(m[3])
		if err != nil {
			return nil, fmt.Errorf("%q: %w", s, err)
		}
		voters = append(voters, Voter{int32(id), m[2], port})
	}
	return voters, nil
}
