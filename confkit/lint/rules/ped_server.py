"""CK2, entries: the file of another program with the same syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.lint.diagnostics import Finding
from confkit.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.lint_context import LintContext


def ped_server_file(context: LintContext) -> Iterator[Finding]:
    """This is pedServer.conf, the file of the PED server, not of the client.

    ## Why

    The two files have one syntax and lie in one directory. confkit checks the layout of this one and nothing else: its
    sections and entries are not those of the client.

    ## Bad

    ```conf
    Appliances = {
      SSLConfigFile = /usr/safenet/lunaclient/bin/openssl.cnf;
    }
    ```

    ## Good

    ```conf
    LunaSA Client = {
      SSLConfigFile = /usr/safenet/lunaclient/bin/openssl.cnf;
    }
    ```

    ## Source

    scaronni/luna, luna.spec and luna-config-paths.patch, for the file as client 10.3.0 installs it.
    """
    if context.kind == "ped-server":
        yield Finding("this is the file of the PED server: its layout alone is checked", 1, 0, 0)


RULES = (Rule("CK215", "ped-server-file", "info", ped_server_file, kinds=frozenset({"ped-server"})),)
