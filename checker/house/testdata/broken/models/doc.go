// Package models is a specification.
package models

import _ "broken/node/config" // want wall: repeats its bugs
