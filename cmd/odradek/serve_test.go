package main

import "testing"

func TestListenersGivenAloneAreTakenWithoutOneForControllers(t *testing.T) {
	b, err := (&serveCmd{Override: []string{"listeners=PLAINTEXT://127.0.0.1:19092"}}).settings()
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Listeners) != 1 || b.Listeners[0].Port != 19092 || len(b.Controllers) > 0 || len(b.Voters) > 0 {
		t.Fatalf("%+v %+v %+v", b.Listeners, b.Controllers, b.Voters)
	}
	b, err = (&serveCmd{Override: []string{"listeners=PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:9093"}}).settings()
	if err != nil || len(b.Controllers) != 1 || len(b.Voters) != 1 {
		t.Fatalf("%+v, %v", b, err)
	}
}
