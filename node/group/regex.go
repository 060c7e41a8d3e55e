package group

import (
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
)

// regexPause is the least time between two look-ups of a group's expressions.
// (Kafka has no setting for it.)
const regexPause = 10 * time.Second

// regexTimer looks up which topics a group's regular expressions match, right
// after the step that asks for it.
type regexTimer struct{ group string }

func sortedRegexes(of map[string]regexMatch) []string { return slices.Sorted(maps.Keys(of)) }

// users is how many members subscribe by an expression.
func users(of []*consumerMember, regex string) (n int) {
	for _, m := range of {
		if m.says.regex == regex {
			n++
		}
	}
	return n
}

// regex takes in that a member changed its expression: changed, and whether it is
// known already what the new one matches. One that is the group's first of its
// kind has to be RE2's.
func (s *change) regex() (changed, resolved bool, err *refusal) {
	old, next := s.was.says.regex, s.is.says.regex
	if old == next {
		return false, false, nil
	}
	all := s.g.all()
	if _, there := s.g.regexes[old]; there && users(all, old) == 1 {
		s.records = append(s.records, Record{Key: consumerPartKey(keyRegex, s.g.id, old)})
	}
	if next == "" {
		return true, true, nil
	}
	if users(all, next) == 0 {
		if _, err := regexp.Compile(next); err != nil {
			return false, false, refuse(kerr.InvalidRegularExpression, "%q is no regular expression of RE2: %v", next, err)
		}
	}
	_, resolved = s.g.regexes[next]
	return true, resolved, nil
}

// inUse are the members' expressions, sorted.
func (g *consumerGroup) inUse() (all []string) {
	for _, m := range g.all() {
		if m.says.regex != "" {
			all = append(all, m.says.regex)
		}
	}
	return sortedOnce(all)
}

// seekRegexes has the expressions looked up if one is not known, or topics came,
// or it is long ago; but not right after the last time.
func (g *consumerGroup) seekRegexes() {
	inUse := g.inUse()
	if len(inUse) == 0 || g.sought {
		return
	}
	due := len(inUse) != len(g.regexes) || g.newTopics
	for _, regex := range sortedRegexes(g.regexes) {
		since := g.c.now.Wall - g.regexes[regex].at
		if since >= 0 && since <= regexPause.Milliseconds() {
			return
		}
		due = due || since > g.c.config.RegexRefresh.Milliseconds()
	}
	if due {
		g.sought = true
		g.c.timers.Set(regexTimer{g.id}, g.c.now.Mono)
	}
}

func (t regexTimer) fired(c *Coordinator) {
	g, ok := c.groups[t.group].(*consumerGroup)
	if !ok {
		return
	}
	if err := g.lookUp(); err != nil {
		c.timers.Set(t, c.now.Mono+nextBatch)
		return
	}
	g.sought, g.newTopics = false, false
}

// lookUp writes what the expressions match. That is a new epoch if it is not what
// they matched before.
func (g *consumerGroup) lookUp() *refusal {
	var records []Record
	before := g.regexes
	after := maps.Clone(before)
	bump := false
	for _, regex := range g.inUse() {
		match := regexMatch{g.c.matching(regex), g.c.now.Wall}
		bump = bump || !slices.Equal(match.topics, before[regex].topics)
		after[regex] = match
		records = append(records, match.record(g.id, regex))
	}
	g.regexes = after
	hash := g.hash(g.all())
	g.regexes = before
	if bump || hash != g.now.hash {
		records = append(records, consumerEpoch{g.now.epoch + 1, hash}.record(g.id))
	}
	return g.writeAll(records)
}

// matching are the names of the topics that an expression matches as a whole,
// sorted. An expression that another RE2 took matches nothing if ours does not.
func (c *Coordinator) matching(regex string) (names []string) {
	re, err := regexp.Compile(regex)
	if err != nil {
		return nil
	}
	re.Longest() // if it matches the whole name, then the longest match is that
	for name := range c.topics.Names() {
		if at := re.FindStringIndex(name); at != nil && at[0] == 0 && at[1] == len(name) {
			names = append(names, name)
		}
	}
	return names
}
