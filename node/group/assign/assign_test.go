package assign

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"odradek/node/env"
)

func id(n int) env.UUID { return env.UUID{15: byte(n)} }

// world is what an assignor is given.
type world struct {
	members []Member
	sizes   map[env.UUID]int32
}

func (w world) size(id env.UUID) int32 { return w.sizes[id] }

// drawWorld draws members of few topics, some of which do not exist.
func drawWorld(t *rapid.T, alike bool) world {
	w := world{sizes: map[env.UUID]int32{}}
	topics := rapid.IntRange(1, 4).Draw(t, "topics")
	for n := range topics {
		w.sizes[id(n)] = rapid.Int32Range(0, 9).Draw(t, "partitions")
	}
	count := rapid.IntRange(1, 6).Draw(t, "members")
	for n := range count {
		w.members = append(w.members, Member{ID: fmt.Sprintf("m%d", n), Topics: drawTopics(t, topics)})
		if rapid.Bool().Draw(t, "static") {
			w.members[n].Instance = fmt.Sprintf("i%d", count-n)
		}
		if alike {
			w.members[n].Topics = w.members[0].Topics
		}
	}
	return w
}

func drawTopics(t *rapid.T, of int) []env.UUID {
	var ids []env.UUID
	for n := range of + 1 {
		if rapid.Bool().Draw(t, "subscribes") {
			ids = append(ids, id(n))
		}
	}
	return ids
}

// settle makes an assignment the present one.
func (w *world) settle(to []Assignment) {
	w.members = slices.Clone(w.members)
	for i := range w.members {
		w.members[i].Current = to[i]
	}
}

// stir changes who is there, what they read, and how large topics are.
func (w *world) stir(t *rapid.T) {
	if len(w.members) > 1 && rapid.Bool().Draw(t, "one leaves") {
		at := rapid.IntRange(0, len(w.members)-1).Draw(t, "who")
		w.members = slices.Delete(slices.Clone(w.members), at, at+1)
	}
	if rapid.Bool().Draw(t, "one comes") {
		w.members = append(w.members, Member{ID: "new", Topics: w.members[0].Topics})
	}
	if rapid.Bool().Draw(t, "a topic grows") {
		w.sizes[id(0)] += rapid.Int32Range(0, 3).Draw(t, "by")
	}
}

type owner struct {
	topic     env.UUID
	partition int32
}

// owners fails unless every partition that can have an owner has one, who
// subscribes to it.
func owners(t *rapid.T, w world, got []Assignment) map[owner]string {
	of := map[owner]string{}
	for i, a := range got {
		for _, topic := range a {
			if len(topic.Partitions) == 0 || !slices.Contains(w.members[i].Topics, topic.ID) {
				t.Fatalf("%s has %v, and subscribes to %v", w.members[i].ID, topic, w.members[i].Topics)
			}
			for _, p := range topic.Partitions {
				at := owner{topic.ID, p}
				if other, taken := of[at]; taken || p < 0 || p >= w.sizes[topic.ID] {
					t.Fatalf("%s has %v, as has %q", w.members[i].ID, at, other)
				}
				of[at] = w.members[i].ID
			}
		}
	}
	for _, m := range w.members {
		for _, topic := range m.Topics {
			for p := range w.sizes[topic] {
				if of[owner{topic, p}] == "" {
					t.Fatalf("nobody has %v-%d", topic, p)
				}
			}
		}
	}
	return of
}

func count(a Assignment) (n int) {
	for _, t := range a {
		n += len(t.Partitions)
	}
	return n
}

func TestEveryPartitionHasOneOwnerWhoSubscribesToIt(t *testing.T) {
	for _, name := range []string{RangeName, UniformName} {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			assignor, _ := ByName(name)
			w := drawWorld(t, rapid.Bool().Draw(t, "alike"))
			for range 3 {
				got := assignor(w.members, w.size)
				owners(t, w, got)
				w.settle(got)
				w.stir(t)
			}
		}))
	}
}

func TestTheOrderOfMembersDoesNotMatterAndNothingChangesByItself(t *testing.T) {
	for _, name := range []string{RangeName, UniformName} {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			assignor, _ := ByName(name)
			w := drawWorld(t, rapid.Bool().Draw(t, "alike"))
			before := assignor(w.members, w.size)
			w.settle(before)
			order := rapid.Permutation(w.members).Draw(t, "order")
			for i, a := range assignor(order, w.size) {
				if !reflect.DeepEqual(a, order[i].Current) {
					t.Fatalf("%s had %v, and is given %v", order[i].ID, order[i].Current, a)
				}
			}
		}))
	}
}

func TestUniformGivesAllAsManyGiveOrTakeOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, true)
		for range 3 {
			got := Uniform(w.members, w.size)
			sizes := make([]int, len(got))
			for i, a := range got {
				sizes[i] = count(a)
			}
			if slices.Max(sizes)-slices.Min(sizes) > 1 {
				t.Fatalf("sizes are %v", sizes)
			}
			w.settle(got)
			w.stir(t)
		}
	})
}

func TestUniformIsAsEvenForEachTopicAsItsSubscribersCanBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		for range 3 {
			got := Uniform(w.members, w.size)
			for i, a := range got {
				for _, topic := range a {
					for j, other := range w.members {
						if slices.Contains(other.Topics, topic.ID) && count(a)-count(got[j]) > 1 {
							t.Fatalf("%s has %d and could give of %v to %s, who has %d",
								w.members[i].ID, count(a), topic, other.ID, count(got[j]))
						}
					}
				}
			}
			w.settle(got)
			w.stir(t)
		}
	})
}

// Nobody gives up any of the share that everybody has at least.
func TestUniformMovesNoPartitionThatItNeedNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, true)
		w.settle(Uniform(w.members, w.size))
		w.stir(t)
		got := Uniform(w.members, w.size)
		total := 0
		for _, a := range got {
			total += count(a)
		}
		for i, a := range got {
			kept, had := 0, count(w.members[i].Current)
			for _, topic := range w.members[i].Current {
				for _, now := range a {
					if now.ID == topic.ID {
						for _, p := range topic.Partitions {
							if slices.Contains(now.Partitions, p) {
								kept++
							}
						}
					}
				}
			}
			if least := min(had, total/len(got)); kept < least {
				t.Fatalf("%s had %d, kept %d of %d", w.members[i].ID, had, kept, least)
			}
		}
	})
}

func TestRangeIsContiguousAndAlikeForTopicsThatAreAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, true)
		for i, a := range Range(w.members, w.size) {
			for n, topic := range a {
				for k, p := range topic.Partitions {
					if p != topic.Partitions[0]+int32(k) {
						t.Fatalf("%s has %v", w.members[i].ID, topic.Partitions)
					}
				}
				for _, other := range a[:n] {
					if w.sizes[other.ID] == w.sizes[topic.ID] && !slices.Equal(other.Partitions, topic.Partitions) {
						t.Fatalf("%s has %v and %v", w.members[i].ID, other, topic)
					}
				}
			}
		}
	})
}

func TestRangeKnowsAStaticMemberByItsInstance(t *testing.T) {
	sizes := func(env.UUID) int32 { return 3 }
	topics := []env.UUID{id(1)}
	before := Range([]Member{{ID: "a", Instance: "i", Topics: topics}, {ID: "b", Instance: "j", Topics: topics}}, sizes)
	after := Range([]Member{{ID: "z", Instance: "i", Topics: topics}, {ID: "b", Instance: "j", Topics: topics}}, sizes)
	if !reflect.DeepEqual(before, after) {
		t.Fatalf("%v became %v", before, after)
	}
	dynamic := Range([]Member{{ID: "a", Topics: topics}, {ID: "b", Instance: "j", Topics: topics}}, sizes)
	if count(dynamic[1]) != 2 || dynamic[1][0].Partitions[0] != 0 {
		t.Fatalf("the static member does not come first: %v", dynamic)
	}
}

func BenchmarkUniform(b *testing.B) {
	for _, alike := range []bool{true, false} {
		b.Run(fmt.Sprintf("alike=%v", alike), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 1))
			var members []Member
			for n := range 100 {
				m := Member{ID: fmt.Sprint(n)}
				for topic := range 10 {
					if alike || r.IntN(2) == 0 {
						m.Topics = append(m.Topics, id(topic))
					}
				}
				members = append(members, m)
			}
			for b.Loop() {
				Uniform(members, func(env.UUID) int32 { return 100 })
			}
		})
	}
}
