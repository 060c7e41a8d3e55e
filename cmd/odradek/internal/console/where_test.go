package console

import "testing"

func TestAnOffsetMayBeSaidInManyWays(t *testing.T) {
	for text, want := range map[Where]int64{
		"earliest": 10, "beginning": 10, "latest": 50, "end": 50, "": 50,
		"0": 0, "17": 17, "99": 99, "-5": 45, "-99": 10,
	} {
		at, err := text.resolve(t.Context(), nil, "t")
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if got := at(0, 10, 50); got != want {
			t.Errorf("%q of 10 to 50 is %d, not %d", text, got, want)
		}
	}
	for _, text := range []Where{"soon", "1.5", "@noon"} {
		if _, err := text.resolve(t.Context(), nil, "t"); err == nil {
			t.Errorf("%q is an offset", text)
		}
	}
}
