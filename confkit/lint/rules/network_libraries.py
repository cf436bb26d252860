"""CK4, network: which library is loaded, and the call log that can stand between."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.lint.model import Rule
from confkit.lint.rules import ha_index
from confkit.lint.rules.entry_findings import at_value, shown, unquoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.model import Finding
    from confkit.syntax import Document, Entry

_WIDE = re.compile(r"(_64\.so|/64/[^/]+)$")
_LIBRARIES = ("LibUNIX64", "LibUNIX", "LibNT64", "LibNT", "LibHPUX64", "LibHPUX", "LibAIX64", "LibAIX")


def wide_library(document: Document) -> Iterator[Finding]:
    """LibUNIX names a 64-bit library.

    ## Why

    LibUNIX is the entry of 32-bit applications where LibUNIX64 stands beside it; a 32-bit application cannot load what
    it names here.

    ## Bad

    ```conf
    Chrystoki2 = {
      LibUNIX = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
      LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
    }
    ```

    ## Good

    ```conf
    Chrystoki2 = {
      LibUNIX = /usr/safenet/lunaclient/lib/libCryptoki2.so;
      LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, gem-samples/sautil/sautil.c (MIT): LibUNIX64 is tried before LibUNIX. Three
    public writers put the 64-bit library into both.
    """
    if ha_index.entries(document, "Chrystoki2", "LibUNIX64"):
        for entry in ha_index.entries(document, "Chrystoki2", "LibUNIX"):
            if _WIDE.search(unquoted(entry.value)):
                yield at_value(
                    entry, f"{entry.name} is for 32-bit applications: {shown(entry.value)} is a 64-bit library"
                )


def call_log_half_set(document: Document) -> Iterator[Finding]:
    """The call log is switched on and its library is not loaded, or its library is loaded with the log off.

    ## Why

    For logging to work, Chrystoki2 must name the library of cklog and CkLog2 the real one. With one half alone, nothing
    is logged, or every call takes a detour for nothing.

    ## Bad

    ```conf
    Chrystoki2 = {
      LibUNIX64 = /usr/safenet/lunaclient/lib/libcklog2.so;
    }
    CkLog2 = {
      Enabled = 0;
      LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
    }
    ```

    ## Good

    ```conf
    Chrystoki2 = {
      LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
    }
    CkLog2 = {
      Enabled = 0;
      LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/6.3/docs/network/Content/Utilities/cklog/cklog.htm
    """
    loaded = [entry for name in _LIBRARIES for entry in ha_index.entries(document, "Chrystoki2", name)]
    through = next((entry for entry in loaded if "cklog" in entry.value.lower()), None)
    enabled = next(iter(ha_index.entries(document, "CkLog2", "Enabled")), None)
    if enabled and loaded and through is None and unquoted(enabled.value) == "1":
        message = f"the call log is on, but {loaded[0].name} in Chrystoki2 does not load its library: nothing is logged"
        yield at_value(enabled, message)
    if through and (enabled is None or unquoted(enabled.value) == "0"):
        yield at_value(through, f"{through.name} loads the call log, which is off: name the real library")
    if through and not _real_library(document):
        yield at_value(through, f"{through.name} loads the call log, but CkLog2 names no real library behind it")


def _real_library(document: Document) -> Entry | None:
    found = (entry for name in _LIBRARIES for entry in ha_index.entries(document, "CkLog2", name))
    return next((entry for entry in found if entry.value), None)


RULES = (
    Rule("CK421", "wide-library", "info", wide_library),
    Rule("CK422", "call-log-half-set", "warning", call_log_half_set),
)
