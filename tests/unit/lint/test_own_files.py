"""What confkit itself writes has no finding: the files of the emulator, and the good samples elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confkit.emulator.settings import ClientSettings, chrystoki_conf, ha_groups
from testing.linting import diagnose
