"""CK4, network: the appliances of section LunaSA Client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.ha import unquoted
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_name, at_value, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.ha import Server
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding


def incomplete_server(context: LintContext) -> Iterator[Finding]:
    """A server has a name and no port, or a port and no name.

    ## Why

    In every file seen, ServerNameNN and ServerPortNN stand together, and each tool that adds a server writes both. What
    the client does with half a server is not documented. ServerHtlNN is left out in shipped files.

    ## Bad

    ```conf base=certificates
    LunaSA Client = {
      ServerName00 = hsm.example.com;
    }
    ```

    ## Good

    ```conf base=certificates
    LunaSA Client = {
      ServerName00 = hsm.example.com;
      ServerPort00 = 1792;
    }
    ```

    ## Source

    Seen in github:openstack-k8s-operators/barbican-operator, https://docs.keyfactor.com/__attachments/2349859279/
    and the writers of the Cloud Foundry buildpacks; the port is
    https://thalesdocs.com/gphsm/luna/6.3/docs/network/Content/configuration/client_appliance/client_appliance.htm
    """
    for server in _in_use(context):
        for entry, other, part in ((server.name, server.port, "Port"), (server.port, server.name, "Name")):
            if entry and not other:
                missing = f"Server{part}{server.number}"
                if not context.stands_anywhere(missing):
                    yield at_name(entry, f"{entry.name} has no {missing}: a server needs both")


def gap_in_servers(context: LintContext) -> Iterator[Finding]:
    """The numbers of the servers do not run from 00 without a gap.

    ## Why

    Every file seen numbers its servers 00, 01, 02 and so on. Whether the client looks beyond a missing number is not
    documented, so a server behind a gap may never be used.

    ## Bad

    ```conf base=certificates
    LunaSA Client = {
      ServerName01 = hsm.example.com;
      ServerPort01 = 1792;
    }
    ```

    ## Good

    ```conf base=certificates
    LunaSA Client = {
      ServerName00 = hsm.example.com;
      ServerPort00 = 1792;
    }
    ```

    ## Source

    Inferred: all public files and writers number that way; no vendor page read says what a gap does.
    """
    for wanted, (number, _, name, port, _) in enumerate(_in_use(context)):
        if int(number) != wanted:
            entry = min(filter(None, (name, port)), key=lambda each: (each.line, each.start))
            yield at_name(entry, f"server {number} comes where {wanted:02} is missing: the client may stop at the gap")
            return


def duplicate_server(context: LintContext) -> Iterator[Finding]:
    """The same server is listed more than once.

    ## Why

    One appliance under two numbers costs a second connection and shows every partition twice; a group over both entries
    has one appliance less than it seems to.

    ## Bad

    ```conf base=network
    LunaSA Client = {
      ServerName00 = hsm.example.com;
      ServerName01 = hsm.example.com;
      ServerPort01 = 1792;
    }
    VirtualToken = {
      VirtualToken00Label = app;
      VirtualToken00SN = 1154438865287;
      VirtualToken00Members = 154438865287,154438865288;
    }
    HASynchronize = {
      app = 1;
    }
    HAConfiguration = {
      HAOnly = 1;
      reconnAtt = -1;
    }
    ```

    ## Good

    ```conf base=network
    LunaSA Client = {
      ServerName00 = hsm-a.example.com;
      ServerName01 = hsm-b.example.com;
      ServerPort01 = 1792;
    }
    VirtualToken = {
      VirtualToken00Label = app;
      VirtualToken00SN = 1154438865287;
      VirtualToken00Members = 154438865287,154438865288;
    }
    HASynchronize = {
      app = 1;
    }
    HAConfiguration = {
      HAOnly = 1;
      reconnAtt = -1;
    }
    ```

    ## Source

    Inferred from what the entries mean.
    """
    seen: dict[tuple[str, str], tuple[str, int]] = {}
    for number, _, name, port_entry, _ in _in_use(context):
        if name and name.value:
            port = unquoted(port_entry.value) if port_entry else ""
            first, line = seen.setdefault((unquoted(name.value).lower(), port), (number, name.line))
            if first != number:
                message = f"server {number} is server {first} again: {shown(name.value)}"
                yield at_value(name, message)._replace(first_line=line)


def _in_use(context: LintContext) -> list[Server]:
    return [] if context.is_off("LunaSA Client") else context.servers_by_number


RULES = (
    Rule("CK401", "incomplete-server", "warning", incomplete_server),
    Rule("CK402", "gap-in-servers", "info", gap_in_servers),
    Rule("CK403", "duplicate-server", "warning", duplicate_server),
)
