package env

import (
	"encoding/base64"
	"fmt"
)

// String is Kafka's text form: 22 characters of URL-safe base64.
func (u UUID) String() string { return base64.RawURLEncoding.EncodeToString(u[:]) }

// IsZero tells whether no id was given.
func (u UUID) IsZero() bool { return u == UUID{} }

// ParseUUID reads Kafka's text form.
func ParseUUID(s string) (UUID, error) {
	var u UUID
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != len(u) {
		return u, fmt.Errorf("%q is not a base64 id of 16 bytes", s)
	}
	copy(u[:], b)
	return u, nil
}
