package config

// get is the value of a key of brokers that holds; nil if it has none. What is
// stored under it was checked, but may be of an older release: a value that
// cannot be read is passed over for the default.
func (b *Broker) get(name string) value {
	k := find(brokerKeys, name)
	if k == nil {
		panic("config: no key " + name)
	}
	if raw, ok := b.raw(name); ok {
		if v, err := k.judge(raw); err == nil {
			return v
		}
	}
	if k.Default == nil {
		return nil
	}
	v, err := k.parse(*k.Default)
	if err != nil {
		panic("config: the default of " + name + ": " + err.Error())
	}
	return v
}

// Int is a number of the broker (INT, SHORT or LONG); ok is false if it is
// null. The name must be one of BrokerKeys.
func (b *Broker) Int(name string) (n int64, ok bool) {
	n, ok = b.get(name).(int64)
	return n, ok
}

// Bool is a yes or no of the broker.
func (b *Broker) Bool(name string) bool { return b.get(name).(bool) }

// Float is a DOUBLE of the broker.
func (b *Broker) Float(name string) float64 { return b.get(name).(float64) }

// Text is a STRING, CLASS or PASSWORD of the broker; "" if it is null.
func (b *Broker) Text(name string) string {
	s, _ := b.get(name).(string)
	return s
}

// List is the elements of a LIST of the broker; nil if it is null.
func (b *Broker) List(name string) []string {
	l, _ := b.get(name).([]string)
	return l
}

// num is a number that is never null.
func (b *Broker) num(name string) int64 {
	n, _ := b.Int(name)
	return n
}
