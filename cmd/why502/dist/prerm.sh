#!/bin/sh
# Before removal (not before an upgrade): dpkg says "remove", rpm says 0.
set -e
case "$1" in
remove | 0)
	if [ -d /run/systemd/system ]; then systemctl disable --now why502.service why502-daily.timer >/dev/null 2>&1 || true; fi
	;;
esac
