package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// check says what is wrong with a value of the right type; nil if nothing is.
type check func(v value) error

// atLeast takes numbers from low on.
func atLeast(low float64) check {
	return func(v value) error {
		if number(v) < low {
			return fmt.Errorf("less than %s", bound(v, low))
		}
		return nil
	}
}

// between takes numbers from low to high.
func between(low, high float64) check {
	return func(v value) error {
		if number(v) > high {
			return fmt.Errorf("more than %s", bound(v, high))
		}
		return atLeast(low)(v)
	}
}

func number(v value) float64 {
	if n, ok := v.(int64); ok {
		return float64(n)
	}
	return v.(float64)
}

func bound(v value, b float64) string {
	if _, ok := v.(int64); ok {
		return show(int64(b))
	}
	return show(b)
}

// gzipLevel takes -1, which is the codec's own choice, and 1 to 9.
func gzipLevel(v value) error {
	if n := v.(int64); n != -1 && (n < 1 || n > 9) {
		return errors.New("neither -1 nor from 1 to 9")
	}
	return nil
}

// among takes one of these words.
func among(words ...string) check {
	return func(v value) error {
		if !slices.Contains(words, v.(string)) {
			return fmt.Errorf("not one of %s", strings.Join(words, ", "))
		}
		return nil
	}
}

// amongFold takes one of these words in any case.
func amongFold(words ...string) check {
	return func(v value) error {
		for _, w := range words {
			if strings.EqualFold(w, v.(string)) {
				return nil
			}
		}
		return fmt.Errorf("not one of %s", strings.Join(words, ", "))
	}
}

// notEmpty takes a word, or a list with an element.
func notEmpty(v value) error {
	switch v := v.(type) {
	case string:
		if v == "" {
			return errors.New("empty")
		}
	case []string:
		if len(v) == 0 {
			return errors.New("empty")
		}
		return elements(v)
	}
	return nil
}

// elements takes a list without empty elements.
func elements(v value) error {
	if slices.Contains(v.([]string), "") {
		return errors.New("an element is empty")
	}
	return nil
}

// listOf takes a list of these words.
func listOf(words ...string) check {
	return func(v value) error {
		if err := elements(v); err != nil {
			return err
		}
		for _, e := range v.([]string) {
			if err := among(words...)(e); err != nil {
				return err
			}
		}
		return nil
	}
}

var throttledReplica = regexp.MustCompile(`^[0-9]+:[0-9]+$`)

// throttled takes * or a list of partition:broker (KIP-73).
func throttled(v value) error {
	l := v.([]string)
	if len(l) == 1 && l[0] == "*" {
		return nil
	}
	for _, e := range l {
		if !throttledReplica.MatchString(e) {
			return errors.New("neither * nor a list of partition:broker")
		}
	}
	return nil
}

// notInternal takes no name of the topics that brokers keep for themselves.
func notInternal(v value) error {
	if strings.HasPrefix(v.(string), "__") {
		return errors.New("is not to begin with __")
	}
	return nil
}

// offsetReset takes where a share group begins: latest, earliest, or by_duration
// with an ISO 8601 duration of days, hours, minutes and seconds.
func offsetReset(v value) error {
	s := v.(string)
	if s == "latest" || s == "earliest" {
		return nil
	}
	if d, ok := strings.CutPrefix(s, "by_duration:"); ok && isoDuration.MatchString(d) && strings.ContainsAny(d, "0123456789") {
		return nil
	}
	return errors.New("none of latest, earliest, by_duration:PnDTnHnMn.nS")
}

var isoDuration = regexp.MustCompile(`^(?i:P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d{0,9})?S)?)?)$`)

// bounds of interval.ms of client metrics (KIP-714).
const (
	leastInterval = 100
	mostInterval  = int64(time.Hour / time.Millisecond)
)
