package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Warning is a setting without effect.
type Warning struct {
	Setting
	Reason string
}

func (w Warning) String() string { return at(w.Setting) + w.Reason }

// SettingError is a setting that cannot be taken.
type SettingError struct {
	Setting
	Reason error
}

func (e *SettingError) Error() string { return at(e.Setting) + e.Reason.Error() }

func (e *SettingError) Unwrap() error { return e.Reason }

func at(s Setting) string {
	if s.Line == 0 {
		return ""
	}
	return fmt.Sprintf("line %d: ", s.Line)
}

// Settings makes settings of properties, sorted by name.
func Settings(properties map[string]string) []Setting {
	var list []Setting
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		list = append(list, Setting{Key: key, Value: properties[key]})
	}
	return list
}

// Load makes the settings of a node of a server.properties file, and of
// overrides that go before it. It warns of what has no effect: keys that nobody
// knows, keys that Kafka knows and Odradek does not act on, and what is given
// again further down. The error names every setting that is wrong, with its
// line (each a *SettingError).
//
// What Kafka must be given and a single node can do without has a default: the
// node id 1, both roles, and no listener for controllers.
func Load(settings, overrides []Setting) (*Broker, []Warning, error) {
	l := loader{given: map[string]Setting{}}
	for _, s := range settings {
		if old, twice := l.given[s.Key]; twice {
			l.warn(old, "%s is given again on line %d", old.Key, s.Line)
		}
		l.given[s.Key] = s
	}
	for _, s := range overrides {
		l.given[s.Key] = s
	}
	l.judge()
	b := &Broker{Static: l.properties()}
	if l.errs == nil {
		b.fill()
		l.reach(b)
		l.relate(b)
	}
	slices.SortStableFunc(l.warnings, func(a, b Warning) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), strings.Compare(a.Key, b.Key))
	})
	if err := l.err(); err != nil {
		return nil, l.warnings, err
	}
	return b, l.warnings, nil
}

type loader struct {
	given    map[string]Setting
	warnings []Warning
	errs     []*SettingError
}

func (l *loader) warn(s Setting, format string, args ...any) {
	l.warnings = append(l.warnings, Warning{s, fmt.Sprintf(format, args...)})
}

// refuse notes an error at the first of these keys that was given.
func (l *loader) refuse(reason error, keys ...string) {
	for _, key := range keys {
		if s, ok := l.given[key]; ok {
			l.errs = append(l.errs, &SettingError{s, reason})
			return
		}
	}
	l.errs = append(l.errs, &SettingError{Setting{Key: keys[0]}, reason})
}

// err is all errors in the order of their lines.
func (l *loader) err() error {
	slices.SortStableFunc(l.errs, func(a, b *SettingError) int { return cmp.Compare(a.Line, b.Line) })
	var all []error
	for _, e := range l.errs {
		all = append(all, e)
	}
	return errors.Join(all...)
}

// judge looks at each setting alone.
func (l *loader) judge() {
	for _, name := range slices.Sorted(maps.Keys(l.given)) {
		s, k := l.given[name], brokerKey(name)
		_, ofListener := baseName(name)
		switch {
		case k == nil:
			l.warn(s, "no such key: %s", name)
			continue
		case ofListener:
			l.warn(s, "%s is for one listener; Odradek has no such settings", name)
		case !k.Is(Acts):
			l.warn(s, "%s has no effect in Odradek", name)
		}
		if _, err := k.judge(s.Value); err != nil {
			l.refuse(err, name)
		}
	}
}

// properties is what was given, with what goes without saying.
func (l *loader) properties() map[string]string {
	p := map[string]string{"process.roles": "broker,controller", "node.id": "1"}
	if s, ok := l.given["broker.id"]; ok {
		p["node.id"] = s.Value
	}
	for _, name := range slices.Sorted(maps.Keys(l.given)) {
		p[name] = l.given[name].Value
	}
	if _, ok := p["broker.id"]; !ok {
		p["broker.id"] = p["node.id"]
	}
	return p
}
