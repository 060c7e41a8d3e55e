package memory

import (
	"errors"
	"io"
	"io/fs"
	"testing"

	"odradek/node/env"
)

func TestAFileIsFoundAgainUnderItsNewName(t *testing.T) {
	d := New()
	if _, _, err := d.Open("a/b/f", env.Create); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("a file in a directory that is not there: %v", err)
	}
	if err := d.Mkdir("a/b"); err != nil {
		t.Fatal(err)
	}
	f, size, err := d.Open("a/b/f", env.Create|env.Exclusive)
	if err != nil || size != 0 {
		t.Fatal(size, err)
	}
	if n, err := f.Writev([][]byte{[]byte("one"), []byte("two")}, 2); n != 6 || err != nil {
		t.Fatal(n, err)
	}
	if err := d.Rename("a/b", "a/c"); err != nil {
		t.Fatal(err)
	}
	g, size, err := d.Open("a/c/f", env.Existing)
	if err != nil || size != 8 {
		t.Fatal(size, err)
	}
	got := make([]byte, 9)
	if n, err := g.ReadAt(got, 0); n != 8 || err != io.EOF || string(got[:n]) != "\x00\x00onetwo" {
		t.Fatalf("%q, %v", got[:n], err)
	}
	if _, err := d.List("a/b"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the old name is still there: %v", err)
	}
}

func TestAListNamesWhatADirectoryHoldsAndNotWhatLiesDeeper(t *testing.T) {
	d := New()
	_ = d.Mkdir("a/z")
	_, _, _ = d.Open("a/z/deep", env.Create)
	f, _, _ := d.Open("a/f", env.Create)
	_, _ = f.Writev([][]byte{[]byte("123")}, 0)
	entries, err := d.List("a")
	if err != nil || len(entries) != 2 || entries[0] != (env.Entry{Name: "f", Size: 3}) || entries[1] != (env.Entry{Name: "z", Dir: true}) {
		t.Fatalf("%+v, %v", entries, err)
	}
	_ = d.Remove("a/z")
	if entries, _ := d.List("a"); len(entries) != 1 {
		t.Fatalf("%+v are left", entries)
	}
	if _, _, err := d.Open("a/f", env.Create|env.Exclusive); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("it was made twice: %v", err)
	}
}

func TestATruncatedFileIsShortOrHasZeros(t *testing.T) {
	f := &file{data: []byte("abc")}
	_ = f.Truncate(1)
	_ = f.Truncate(3)
	if string(f.data) != "a\x00\x00" {
		t.Fatalf("%q", f.data)
	}
}
