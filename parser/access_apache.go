package parser

import "strings"

// CompileApache compiles a LogFormat. Errors name the column in the pattern.
func CompileApache(name, pattern string) (*AccessFormat, error) {
	c := &accessCompiler{f: &AccessFormat{Name: name, Source: "apache", Pattern: pattern}}
	for i := 0; i < len(pattern); i++ {
		switch b := pattern[i]; {
		case b == '\\' && i+1 < len(pattern) && strings.IndexByte(`"nt\`, pattern[i+1]) >= 0:
			i++
			switch b = pattern[i]; b {
			case 'n':
				b = '\n'
			case 't':
				b = '\t'
			}
			c.text.WriteByte(b)
		case b != '%':
			c.text.WriteByte(b)
		default:
			end, err := c.directive(pattern, i)
			if err != nil {
				return nil, err
			}
			i = end - 1
		}
	}
	return c.finish()
}

// directive adds what stands at i, "%>s", "%!200,304{Referer}i", "%{%F %T}t", and returns where it ends.
func (c *accessCompiler) directive(pattern string, i int) (end int, err error) {
	arg, argAt := "", 0
	for end = i + 1; end < len(pattern); end++ {
		switch b := pattern[end]; {
		case b == '%' && end == i+1:
			c.text.WriteByte('%')
			return end + 1, nil
		case b == '<' || b == '>' || b == '!' || b == ',' || b >= '0' && b <= '9':
		case b == '{':
			n := strings.IndexByte(pattern[end:], '}')
			if n < 0 {
				return 0, c.wrong(end, "{ without }")
			}
			argAt = end + 1
			arg = pattern[argAt : end+n]
			end += n
		case b == '^' && end+2 < len(pattern): // %{…}^ti, trailers
			end += 2
			return end + 1, c.value(i, pattern[i:end+1], accessSlot{})
		case b == 't' && arg != "":
			return end + 1, c.timeFormat(arg, argAt)
		case b == 't':
			c.text.WriteByte('[')
			err := c.value(i, "%t", accessSlot{v: varCLF, width: clfLen})
			c.text.WriteByte(']')
			return end + 1, err
		case b|0x20 < 'a' || b|0x20 > 'z':
			return 0, c.wrong(end, "%q cannot stand after %%", b)
		default:
			s := accessSlot{v: apacheVar(b, arg)}
			if s.v == varStatus {
				s.width = 3
			}
			return end + 1, c.value(i, pattern[i:end+1], s)
		}
	}
	return 0, c.wrong(i, "%% without a letter")
}

// apacheVar knows Apache's directives. Others are passed over.
func apacheVar(letter byte, arg string) accessVar {
	switch letter {
	case 'h', 'a':
		return varClient
	case 'u':
		return varUser
	case 'r':
		return varRequest
	case 'm':
		return varMethod
	case 'U':
		return varURI
	case 's':
		return varStatus
	case 'b', 'B', 'O':
		return varBytes
	case 'v', 'V':
		return varServer
	case 'p':
		return varPort
	case 'P':
		if arg == "" || arg == "pid" {
			return varPID
		}
	case 'D':
		return varSpanUs
	case 'T':
		switch arg {
		case "ms":
			return varSpanMs
		case "us":
			return varSpanUs
		}
		return varSpan
	case 'i':
		switch strings.ToLower(arg) {
		case "referer":
			return varReferrer
		case "user-agent":
			return varAgent
		case "host":
			return varHost
		case "x-forwarded-for":
			return varForwarded
		case "cf-ray":
			return varRay
		}
	}
	return varSkip
}

// timeFormat adds the pieces of %{…}t: one of Apache's words for the time since 1970, or a format of strftime.
func (c *accessCompiler) timeFormat(arg string, at int) error {
	word := strings.TrimPrefix(strings.TrimPrefix(arg, "begin:"), "end:")
	at += len(arg) - len(word)
	switch word {
	case "sec":
		return c.value(at, arg, accessSlot{v: varEpoch})
	case "msec":
		return c.value(at, arg, accessSlot{v: varEpochMs})
	case "usec":
		return c.value(at, arg, accessSlot{v: varEpochUs})
	case "msec_frac":
		return c.value(at, arg, accessSlot{v: varMilli, width: 3})
	case "usec_frac":
		return c.value(at, arg, accessSlot{v: varMicro, width: 6})
	}
	for i := 0; i < len(word); i++ {
		if word[i] != '%' {
			c.text.WriteByte(word[i])
			continue
		}
		i++
		if i == len(word) {
			return c.wrong(at+i-1, "%% without a letter")
		}
		for _, s := range strftime(word[i]) {
			if s.until != "" {
				c.text.WriteString(s.until)
				continue
			}
			if err := c.value(at+i, "%"+word[i:i+1], s); err != nil {
				return err
			}
		}
		if strftime(word[i]) == nil {
			return c.wrong(at+i, "%%%c in a time is not known", word[i])
		}
	}
	return nil
}

// strftime gives the pieces of one conversion; a piece that is only text has it in until.
func strftime(letter byte) []accessSlot {
	text := func(s string) accessSlot { return accessSlot{until: s} }
	var (
		year, mon  = accessSlot{v: varYear, width: 4}, accessSlot{v: varMonth, width: 2}
		day        = accessSlot{v: varDay, width: 2}
		hour, mins = accessSlot{v: varHour, width: 2}, accessSlot{v: varMinute, width: 2}
		sec        = accessSlot{v: varSecond, width: 2}
	)
	switch letter {
	case 'Y':
		return []accessSlot{year}
	case 'y':
		return []accessSlot{{v: varYear2, width: 2}}
	case 'm':
		return []accessSlot{mon}
	case 'b', 'h':
		return []accessSlot{{v: varMonthName, width: 3}}
	case 'd', 'e':
		return []accessSlot{day}
	case 'H':
		return []accessSlot{hour}
	case 'M':
		return []accessSlot{mins}
	case 'S':
		return []accessSlot{sec}
	case 'z':
		return []accessSlot{{v: varOffset, width: 5}}
	case 'a':
		return []accessSlot{{width: 3}}
	case 's':
		return []accessSlot{{v: varEpoch, width: 10}}
	case 'F':
		return []accessSlot{year, text("-"), mon, text("-"), day}
	case 'T':
		return []accessSlot{hour, text(":"), mins, text(":"), sec}
	case 'R':
		return []accessSlot{hour, text(":"), mins}
	case 'D':
		return []accessSlot{mon, text("/"), day, text("/"), {v: varYear2, width: 2}}
	case '%':
		return []accessSlot{text("%")}
	case 'n':
		return []accessSlot{text("\n")}
	case 't':
		return []accessSlot{text("\t")}
	}
	return nil
}
