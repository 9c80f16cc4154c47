//go:build !unix

package alert

import "errors"

func newSyslog(string) (*Target, error) { return nil, errors.New("syslog: this system has none") }
