#!/bin/sh
# After unpacking, by dpkg and rpm: the user that the services run as, and folders of its own. Nothing is started or enabled.
set -e
getent group why502 >/dev/null || groupadd --system why502
getent passwd why502 >/dev/null ||
	useradd --system --gid why502 --home-dir /var/lib/why502 --no-create-home --shell /usr/sbin/nologin --comment 'why502' why502
install -d -m 0750 -o why502 -g why502 /var/lib/why502
chgrp why502 /etc/why502 /etc/why502/alerts
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
