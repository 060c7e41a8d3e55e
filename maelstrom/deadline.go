package maelstrom

import "time"

// deadline is the time by which a call on a stream has to be over.
type deadline struct {
	at    time.Time // zero: never
	timer *time.Timer
}

// set moves it; wake is called when it has come.
func (d *deadline) set(at time.Time, wake func()) {
	d.stop()
	d.at = at
	if !at.IsZero() {
		d.timer = time.AfterFunc(time.Until(at), wake)
	}
}

func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
}

func (d *deadline) passed() bool { return !d.at.IsZero() && !time.Now().Before(d.at) }
