#!/bin/sh
# Leaves configuration alone: the client's files, and drop-ins of `systemctl edit`. What the exporter kept goes, and its
# user, who then owns nothing of ours.
set -eu
case ${1:-} in remove | purge | 0) ;; *) exit 0 ;; esac
# dpkg removes it where it became empty, and it is the system's
[ -d /opt ] || mkdir -m 755 /opt
rm -rf /var/lib/confkit-exporter
if getent passwd confkit >/dev/null && command -v userdel >/dev/null; then userdel confkit || true; fi
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
