//go:build unix

package alert

import (
	"context"
	"fmt"
	"log/syslog"
)

var facilities = map[string]syslog.Priority{
	"": syslog.LOG_DAEMON, "daemon": syslog.LOG_DAEMON, "user": syslog.LOG_USER, "local0": syslog.LOG_LOCAL0, "local1": syslog.LOG_LOCAL1,
	"local2": syslog.LOG_LOCAL2, "local3": syslog.LOG_LOCAL3, "local4": syslog.LOG_LOCAL4, "local5": syslog.LOG_LOCAL5,
	"local6": syslog.LOG_LOCAL6, "local7": syslog.LOG_LOCAL7,
}

// newSyslog writes one line a change to the system log of this host.
func newSyslog(facility string) (*Target, error) {
	f, ok := facilities[facility]
	if !ok {
		return nil, fmt.Errorf("syslog: %q is no facility; give daemon, user or local0 to local7", facility)
	}
	return &Target{Name: "syslog", send: func(_ context.Context, m *Message) error {
		severity := syslog.LOG_WARNING
		if m.Kind == "closed" || m.Kind == "withdrawn" {
			severity = syslog.LOG_NOTICE
		}
		w, err := syslog.New(f|severity, "why502")
		if err != nil {
			return err
		}
		defer w.Close()
		_, err = fmt.Fprintf(w, "%s incident=%s", shorten(m.Title(), 900), m.Incident.ID)
		return err
	}}, nil
}
