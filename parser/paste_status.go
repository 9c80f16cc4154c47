package parser

import "bytes"

// unitFailed puts what systemctl status says of a unit that failed in the words in which the journal has it; nil for other lines. People
// paste the head of that output, and the journal's lines below it are cut off.
//
//	● php8.2-fpm.service - The PHP 8.2 FastCGI Process Manager
//	   Active: failed (Result: exit-code) since Tue 2026-11-24 07:45:43 UTC; 4min 21s ago
//
//	2026-11-24T07:45:43 localhost systemd[1]: php8.2-fpm.service: Failed with result 'exit-code'.
func (p *Paste) unitFailed(line []byte) []byte {
	b := bytes.TrimLeft(line, " \t>*●×○")
	if unit, rest := cutUnit(b); unit != nil && bytes.HasPrefix(rest, []byte("- ")) && bytes.HasSuffix(unit, []byte(".service")) {
		p.unit = string(unit)
		return nil
	}
	if p.unit == "" || !bytes.HasPrefix(b, []byte("Active: ")) {
		return nil
	}
	result := between(b, "(Result: ", ")")
	since, ok := sinceStatus(b)
	if result == nil || !ok || bytes.IndexByte(result, '\'') >= 0 {
		return nil
	}
	out := since.AppendFormat(nil, "2006-01-02T15:04:05")
	out = append(append(out, " localhost systemd[1]: "...), p.unit...)
	return append(append(append(out, ": Failed with result '"...), result...), "'."...)
}
