#!/bin/sh
# After removal. What was learnt of past days goes with a purge only; rpm has none, and keeps it.
set -e
if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
if [ "$1" = purge ]; then
	rm -rf /var/lib/why502
	userdel why502 2>/dev/null || true
	groupdel why502 2>/dev/null || true
fi
