"""CK3, HA: how many members a group has, and appliances without a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core import ha
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_section, at_value, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

# CK_HA_MAX_MEMBERS, the same in every public header of the library from 2004 to 2024; the vendor's page on the HA
# status call gives the same number.
MOST_MEMBERS = 32


def too_many_members(context: LintContext) -> Iterator[Finding]:
    """An HA group has more than 32 members.

    ## Why

    The library's status call reports at most 32 members (CK_HA_MAX_MEMBERS in every public header), and the vendor's
    page on that call gives 32 as the limit.

    ## Bad

    ```conf base=certificates
    VirtualToken = {
      VirtualToken00Label = big;
      VirtualToken00SN = 1101;
      VirtualToken00Members = 101,102,103,104,105,106,107,108,109,110,111,112,113,114,115,116,117,118,119,120,121,122,123,124,125,126,127,128,129,130,131,132,133;
    }
    HASynchronize = {
      big = 1;
    }
    HAConfiguration = {
      HAOnly = 1;
      reconnAtt = -1;
    }
    ```

    ## Good

    ```conf base=certificates
    VirtualToken = {
      VirtualToken00Label = big;
      VirtualToken00SN = 1101;
      VirtualToken00Members = 101,102,103,104,105,106,107,108,109,110,111,112,113,114,115,116,117,118,119,120,121,122,123,124,125,126,127,128,129,130,131,132;
    }
    HASynchronize = {
      big = 1;
    }
    HAConfiguration = {
      HAOnly = 1;
      reconnAtt = -1;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/sdk/extensions/ha_status_syntax.htm; CK_HA_MAX_MEMBERS in
    ThalesGroup/luna-openssl-provider, engine/e_gem.h (MIT).
    """  # noqa: E501 - a value cannot be broken over lines
    for group, entry in context.lists():
        count = len({member.serial for member in context.members(entry)})
        if count > MOST_MEMBERS:
            message = f"HA group {shown(group.name)} has {count} members: {MOST_MEMBERS} is the most"
            yield at_value(entry, message)


def single_member(context: LintContext) -> Iterator[Finding]:
    """An HA group has one member.

    ## Why

    Such a group protects against no failure. It is right while a group is being built, and where an application is to
    be ready for a second member.

    ## Bad

    ```conf base=ha
    VirtualToken = {
      VirtualToken00Members = 1234567890123;
    }
    ```

    ## Good

    ```conf base=ha
    VirtualToken = {
      VirtualToken00Members = 1234567890123,1234567890124;
    }
    ```

    ## Source

    Inferred from what an HA group is for.
    """
    for group, entry in context.lists():
        listed = context.members(entry)
        if len(listed) == 1 and ha.is_serial(listed[0].serial):
            yield at_value(entry, f"HA group {shown(group.name)} has one member: it survives no failure")


def servers_without_group(context: LintContext) -> Iterator[Finding]:
    """Several appliances are listed, but there is no HA group.

    ## Why

    Without a group every partition is a slot of its own: an application uses one of them, and nothing takes over when
    that appliance fails. It is right where the partitions serve different purposes.

    ## Bad

    ```conf base=network
    LunaSA Client = {
      ClientPrivKeyFile = /usr/safenet/lunaclient/cert/client/app1Key.pem;
      ClientCertFile = /usr/safenet/lunaclient/cert/client/app1.pem;
      ServerName00 = hsm1.example.com;
      ServerHtl00 = 0;
      ServerName01 = hsm2.example.com;
      ServerPort01 = 1792;
      ServerHtl01 = 0;
    }
    ```

    ## Good

    ```conf base=network
    LunaSA Client = {
      ClientPrivKeyFile = /usr/safenet/lunaclient/cert/client/app1Key.pem;
      ClientCertFile = /usr/safenet/lunaclient/cert/client/app1.pem;
      ServerName00 = hsm1.example.com;
      ServerHtl00 = 0;
    }
    ```

    ## Source

    vrk-kpa/xroad-joint-development, issue 123: the serial number of the token changed from node to node.
    """
    servers = context.servers
    if len(servers) > 1 and not ha.groups_anywhere(context.document):
        home = context.sections("LunaSA Client")[0]
        yield at_section(home, f"{len(servers)} appliances but no HA group: nothing takes over when one fails")


RULES = (
    Rule("CK308", "too-many-members", "error", too_many_members),
    Rule("CK309", "single-member", "info", single_member),
    Rule("CK323", "servers-without-group", "info", servers_without_group),
)
