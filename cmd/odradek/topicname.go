package main

import "errors"

// topicName is a topic, named by a flag as in Kafka's tools, or as an argument.
type topicName struct {
	Topic string `short:"t" help:"The topic; may also be given as an argument."`
	Name  string `arg:"" optional:"" name:"topic" help:"The topic."`
}

// AfterApply takes the name from where it is.
func (t *topicName) AfterApply() error {
	switch {
	case t.Topic == "" && t.Name == "":
		return errors.New("missing argument: <topic>")
	case t.Topic != "" && t.Name != "":
		return errors.New("one topic only: either as an argument or with --topic")
	}
	t.Topic += t.Name
	return nil
}

// topicNames are some topics, or none.
type topicNames struct {
	Topic []string `short:"t" help:"The topics; may also be given as arguments."`
	Names []string `arg:"" optional:"" name:"topic" help:"The topics."`
}

// AfterApply takes the names from both places.
func (t *topicNames) AfterApply() error {
	t.Topic = append(t.Topic, t.Names...)
	return nil
}
