"""The version of confkit, which stands here alone: the package, the collection and the site take it from here."""

from __future__ import annotations

VERSION = "0.1.0"
