package config

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Setting is one entry of a properties file. Line is where it begins, from 1; 0
// means that it comes from elsewhere.
type Setting struct {
	Key, Value string
	Line       int
}

// Parse reads Java's properties format (java.util.Properties.load), in UTF-8.
// Its line is made of one or more lines of the text:
//
//	# a comment; so is what begins with !
//	key = value        the first = or : or blank outside of an escape ends the key
//	key value
//	key = begin \      a \ at the end joins the next line, without its blanks
//	      end
//	a\ b\=c = x        \ takes away what a character means; \t \n \r \f are
//	d = \u00e9         control characters, and \u has four hexadecimal digits
//
// The only error is a \u without four digits; it names the line.
func Parse(text string) ([]Setting, error) {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	var settings []Setting
	for i := 0; i < len(lines); {
		first := i
		whole, next := join(lines, i)
		i = next
		if whole == "" {
			continue
		}
		rawKey, rawValue := splitSetting(whole)
		key, err := unescape(rawKey)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", first+1, err)
		}
		value, err := unescape(rawValue)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", first+1, err)
		}
		settings = append(settings, Setting{key, value, first + 1})
	}
	return settings, nil
}

const blanks = " \t\f"

// join is line i with all that it is continued by, and the line after them; ""
// for a comment.
func join(lines []string, i int) (whole string, next int) {
	var b strings.Builder
	for ; i < len(lines); i++ {
		line := strings.TrimLeft(lines[i], blanks)
		if b.Len() == 0 && line != "" && (line[0] == '#' || line[0] == '!') {
			return "", i + 1
		}
		if !continued(line) {
			b.WriteString(line)
			return b.String(), i + 1
		}
		b.WriteString(line[:len(line)-1])
	}
	return b.String(), i
}

// continued tells whether a line ends with a \ that is not itself escaped.
func continued(line string) bool {
	return (len(line)-len(strings.TrimRight(line, `\`)))%2 == 1
}

func splitSetting(line string) (key, value string) {
	end := 0
	for end < len(line) && !strings.ContainsRune("=:"+blanks, rune(line[end])) {
		if line[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end, len(line))
	value = strings.TrimLeft(line[end:], blanks)
	if value != "" && (value[0] == '=' || value[0] == ':') {
		value = strings.TrimLeft(value[1:], blanks)
	}
	return line[:end], value
}

func unescape(s string) (string, error) {
	if !strings.Contains(s, `\`) {
		return s, nil
	}
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		i++
		if s[i] != 'u' {
			b = append(b, control(s[i]))
			continue
		}
		r, size, err := unicodeEscape(s[i+1:])
		if err != nil {
			return "", err
		}
		b = utf8.AppendRune(b, r)
		i += size
	}
	return string(b), nil
}

func control(c byte) byte {
	switch c {
	case 't':
		return '\t'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 'f':
		return '\f'
	}
	return c
}

// unicodeEscape reads four digits after \u, or two times four that make one
// character, as in \ud83d\ude00.
func unicodeEscape(s string) (r rune, size int, err error) {
	if r, err = fourDigits(s); err != nil || !utf16.IsSurrogate(r) {
		return r, 4, err
	}
	if strings.HasPrefix(s[4:], `\u`) {
		low, err := fourDigits(s[6:])
		if pair := utf16.DecodeRune(r, low); err == nil && pair != utf8.RuneError {
			return pair, 10, nil
		}
	}
	return utf8.RuneError, 4, nil
}

func fourDigits(s string) (rune, error) {
	if len(s) < 4 {
		return 0, fmt.Errorf(`\u%s: four hexadecimal digits are needed`, s)
	}
	n, err := strconv.ParseUint(s[:4], 16, 16)
	if err != nil {
		return 0, fmt.Errorf(`\u%s: four hexadecimal digits are needed`, s[:4])
	}
	return rune(n), nil
}
