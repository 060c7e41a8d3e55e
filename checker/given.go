package checker

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Given is the kind of a mark that says under which Options a history is to be
// checked, in the words of Options.String: so that a file is judged again as it was.
const Given MarkKind = "given"

// switches are the options that are on or off, with their names.
func (o *Options) switches() []optionSwitch {
	return []optionSwitch{
		{"retention", &o.Retention}, {"acks-one-may-be-lost", &o.AcksOneMayBeLost}, {"end-may-lag", &o.EndMayLag},
		{"leader-may-be-deposed", &o.LeaderMayBeDeposed}, {"coordinator-may-be-deposed", &o.CoordinatorMayBeDeposed},
		{"heartbeats-may-be-blind", &o.HeartbeatsMayBeBlind},
		{"offsets-expire", &o.OffsetsExpire}, {"groups-may-skip", &o.GroupsMaySkip}, {"corrupt-allowed", &o.CorruptAllowed},
	}
}

type optionSwitch struct {
	name string
	on   *bool
}

// String is what a correct history may show, in words that ParseOptions reads:
//
//	retention end-may-lag metadata-lag=5000000 max-maybe=0.25 allow=G0,G2
//
// How strict a check is otherwise (Keep, Window, Seconds) is left out, and so are the
// topics of Gaps and Markers, which are functions.
func (o Options) String() string {
	var words []string
	for _, s := range o.switches() {
		if *s.on {
			words = append(words, s.name)
		}
	}
	if o.MetadataLag != 0 {
		words = append(words, fmt.Sprintf("metadata-lag=%d", o.MetadataLag))
	}
	if o.MaxMaybe != 0 {
		words = append(words, "max-maybe="+strconv.FormatFloat(o.MaxMaybe, 'g', -1, 64))
	}
	if len(o.Allow) > 0 {
		words = append(words, "allow="+strings.Join(o.Allow, ","))
	}
	return strings.Join(words, " ")
}

// ParseOptions reads the words of Options.String, and adds them to other options.
// gaps=a,b and markers=a,b name topics; * is all of them.
func ParseOptions(text string, o Options) (Options, error) {
	for _, word := range strings.Fields(text) {
		name, value, has := strings.Cut(word, "=")
		var err error
		switch {
		case !has:
			err = o.turnOn(name)
		case name == "metadata-lag":
			o.MetadataLag, err = strconv.ParseInt(value, 10, 64)
		case name == "max-maybe":
			o.MaxMaybe, err = strconv.ParseFloat(value, 64)
		case name == "gaps":
			o.Gaps = topicsIn(value)
		case name == "markers":
			o.Markers = topicsIn(value)
		case name == "allow":
			o.Allow, err = anomaliesIn(value)
		default:
			err = errNoOption
		}
		if err != nil {
			return o, fmt.Errorf("option %q: %w", word, err)
		}
	}
	return o, nil
}

var errNoOption = errors.New("there is none of this name")

func (o *Options) turnOn(name string) error {
	for _, s := range o.switches() {
		if s.name == name {
			*s.on = true
			return nil
		}
	}
	return errNoOption
}

func topicsIn(list string) func(string) bool {
	topics := strings.Split(list, ",")
	return func(topic string) bool { return list == "*" || slices.Contains(topics, topic) }
}

// anomaliesIn are the names of a list; "none" is none of them.
func anomaliesIn(list string) ([]string, error) {
	if list == "none" {
		return nil, nil
	}
	names := strings.Split(list, ",")
	for _, name := range names {
		if Explain(name) == "" {
			return nil, fmt.Errorf("no anomaly is called %q", name)
		}
	}
	return names, nil
}

// Given is what the history's marks say that it may show, added to other options.
func (h *History) Given(o Options) (Options, error) {
	for _, m := range h.marks {
		if m.Kind != Given {
			continue
		}
		var err error
		if o, err = ParseOptions(m.Text, o); err != nil {
			return o, fmt.Errorf("the mark %q: %w", Given, err)
		}
	}
	return o, nil
}
