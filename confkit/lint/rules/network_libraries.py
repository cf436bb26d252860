"""CK4, network: which library is loaded, and the call log that can stand between."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.core.ha import unquoted
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_value, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Entry
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

_WIDE = r"(_64\.so|/64/[^/]+)$"
_LIBRARIES = ("LibUNIX64", "LibUNIX", "LibNT64", "LibNT", "LibHPUX64", "LibHPUX", "LibAIX64", "LibAIX")


def library_64_bit_in_libunix(context: LintContext) -> Iterator[Finding]:
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
    if context.entries("Chrystoki2", "LibUNIX64"):
        for entry in context.entries("Chrystoki2", "LibUNIX"):
            if re.search(_WIDE, unquoted(entry.value)):
                yield at_value(
                    entry, f"{entry.name} is for 32-bit applications: {shown(entry.value)} is a 64-bit library"
                )


def incomplete_call_log(context: LintContext) -> Iterator[Finding]:
    """The call log is switched on and its library is not loaded, or its library is loaded with the log off.

    ## Why

    For logging to work, Chrystoki2 must name the library of cklog and CkLog2 the real one. With one half alone, nothing
    is logged, or every call passes through cklog for nothing; where no real library stands behind it, no call works.

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
    loaded = [entry for name in _LIBRARIES for entry in context.entries("Chrystoki2", name)]
    through = next((entry for entry in loaded if _is_wrapper(entry)), None)
    enabled = next(iter(context.entries("CkLog2", "Enabled")), None)
    if enabled and loaded and through is None and unquoted(enabled.value) == "1":
        message = f"the call log is on, but {loaded[0].name} in Chrystoki2 does not load its library: nothing is logged"
        yield at_value(enabled, message)
    if through is None:
        return
    real = _real_library(context)
    if real is None:
        yield at_value(through, f"{through.name} loads the call log, but CkLog2 names no real library behind it")
    elif _is_wrapper(real):
        yield at_value(real, f"{real.name} in CkLog2 names the call log itself: it must name the real library")
    elif enabled is None or unquoted(enabled.value) == "0":
        yield at_value(through, f"{through.name} loads the call log, which is off: name the real library")


def _is_wrapper(entry: Entry) -> bool:
    return "cklog" in unquoted(entry.value).replace("\\", "/").rpartition("/")[2].lower()


def _real_library(context: LintContext) -> Entry | None:
    found = (entry for name in _LIBRARIES for entry in context.entries("CkLog2", name))
    return next((entry for entry in found if entry.value), None)


RULES = (
    Rule("CK421", "64-bit-library-in-libunix", "info", library_64_bit_in_libunix),
    Rule("CK422", "incomplete-call-log", "warning", incomplete_call_log),
)
