"""A file system that never answers, as a network mount whose server is gone: FUSE without a server behind it."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testing.programs import unmet

_MS_NOSUID, _MNT_DETACH = 2, 2


@contextmanager
def hung_mount(directory: Path) -> Iterator[Path]:
    """Mount it at `directory`; whoever touches what is below waits until the block ends, or until SIGKILL."""
    if os.geteuid() != 0 or not os.path.exists("/dev/fuse"):
        unmet("needs root and /dev/fuse: only root may mount a file system")
    system = ctypes.CDLL(None, use_errno=True)
    device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
    target = os.fsencode(directory)
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
    if system.mount(b"silent", target, b"fuse", _MS_NOSUID, options) != 0:
        os.close(device)
        unmet(f"needs the right to mount FUSE ({os.strerror(ctypes.get_errno())})")
    try:
        yield directory
    finally:
        os.close(device)  # the kernel then fails every request that waits
        system.umount2(target, _MNT_DETACH)
