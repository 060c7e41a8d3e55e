// Package edn reads EDN, the notation of Clojure's data, one form after another
// and without making anything of it that has to be collected.
//
//	bytes --> Reader --> tape of nodes, used again for the next form --> Value
//
//	{:f :poll, :value [7]}     map(end 6)  :f  :poll  :value  vector(end 6)  7
//	                           0           1   2      3       4              5
//
// What is read: nil, booleans, numbers, strings, characters, symbols, keywords,
// lists, vectors, maps, sets; comments and #_ are left out. A tag is left out, too,
// and its value read; so is metadata. Integers of more than 64 bits, fractions and
// ratios are told from other integers, but not computed.
// (https://github.com/edn-format/edn)
package edn
