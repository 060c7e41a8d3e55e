// Command odradek may import the world.
package main

import "broken/node/host"

func main() { host.Run() }
