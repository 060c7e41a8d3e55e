package config

import "github.com/twmb/franz-go/pkg/kerr"

// Refusal is why configs are not taken: an error of the protocol, and words.
type Refusal struct {
	Code    *kerr.Error
	Message string
}

func (r *Refusal) Error() string { return r.Message }

// Unwrap is the error of the protocol.
func (r *Refusal) Unwrap() error { return r.Code }

// Setting is one line of a properties file. Line counts from 1; 0 is none.
type Setting struct {
	Key, Value string
	Line       int
}

// Warning is a setting without effect.
type Warning struct {
	Setting
	Reason string
}

// Parse reads Java's properties format.
func Parse(text string) ([]Setting, error) { return nil, nil }

// Load makes the settings of a node.
func Load(settings, overrides []Setting) (*Broker, []Warning, error) { return nil, nil, nil }

// With is the broker under dynamic configs: those of all brokers and its own.
func (b *Broker) With(cluster, own map[string]string) *Broker { return b }

// ValidateTopic checks all overrides of a topic; the error is a *Refusal with
// INVALID_CONFIG.
func (b *Broker) ValidateTopic(overrides map[string]string) error { return nil }

// ValidateDynamic checks all dynamic configs that this broker (own) or all
// brokers are to have; the error is a *Refusal with INVALID_REQUEST.
func (b *Broker) ValidateDynamic(own bool, configs map[string]string) error { return nil }

// ValidateGroup checks all configs of a group (INVALID_CONFIG).
func (b *Broker) ValidateGroup(configs map[string]string) error { return nil }

// ValidateClientMetrics checks all configs of a client metrics subscription.
func ValidateClientMetrics(configs map[string]string) error { return nil }
