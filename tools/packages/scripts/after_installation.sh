#!/bin/sh
# The system user of the units, and systemd's view of them. No service is started: monitor-a-group.md says how.
set -eu
if command -v systemd-sysusers >/dev/null; then
    systemd-sysusers /usr/lib/sysusers.d/confkit.conf
elif ! getent passwd confkit >/dev/null && command -v useradd >/dev/null; then
    useradd --system --user-group --no-create-home --home-dir / --shell /usr/sbin/nologin confkit
fi
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
