module broken

go 1.26

require (
	github.com/klauspost/compress v0.0.0
	golang.org/x/sys v0.0.0
)

replace (
	github.com/klauspost/compress => ./lib
	golang.org/x/sys => ./lib/sys
)
