#!/bin/sh
# Called with `remove` or `0` at a removal, with `upgrade` or `1` at an upgrade.
set -eu
case ${1:-} in remove | 0) ;; *) exit 0 ;; esac
if [ -d /run/systemd/system ]; then
    systemctl disable --now confkit-exporter.service confkit-textfile.timer confkit-textfile.service || true
fi
