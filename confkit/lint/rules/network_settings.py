"""CK4, network: settings of the connection to the appliances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.ha import unquoted
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_section, at_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

_SECTION = "LunaSA Client"


def net_client_off(context: LintContext) -> Iterator[Finding]:
    """Servers are listed, but NetClient is missing or 0.

    ## Why

    NetClient switches the slots of network HSMs on; it is 1 in every file that works with appliances. The authors of
    one public installer left it out first and added it later.

    ## Bad

    ```conf
    LunaSA Client = {
      TCPKeepAlive = 1;
      ClientCertFile = /usr/safenet/lunaclient/cert/client/app.pem;
      ClientPrivKeyFile = /usr/safenet/lunaclient/cert/client/appKey.pem;
      ServerCAFile = /usr/safenet/lunaclient/cert/server/CAFile.pem;
      ServerName00 = hsm.example.com;
      ServerPort00 = 1792;
    }
    ```

    ## Good

    ```conf
    LunaSA Client = {
      NetClient = 1;
      TCPKeepAlive = 1;
      ClientCertFile = /usr/safenet/lunaclient/cert/client/app.pem;
      ClientPrivKeyFile = /usr/safenet/lunaclient/cert/client/appKey.pem;
      ServerCAFile = /usr/safenet/lunaclient/cert/server/CAFile.pem;
      ServerName00 = hsm.example.com;
      ServerPort00 = 1792;
    }
    ```

    ## Source

    Seen in github:SUNET/keykeeper (added later) and in every public file with servers; no vendor text read gives it.
    """
    if not context.servers:
        return
    found = context.entries(_SECTION, "NetClient")
    if found and unquoted(found[0].value) == "0":
        yield at_value(found[0], f"{found[0].name} is 0, but servers are listed: network slots are off. Set it to 1")
    elif not found and not context.stands_anywhere("NetClient"):
        section = context.sections(_SECTION)[0]
        yield at_section(section, "servers are listed, but NetClient is missing: add NetClient = 1")


def keep_alive_off(context: LintContext) -> Iterator[Finding]:
    """Servers are listed, but TCPKeepAlive is missing or 0.

    ## Why

    Without it, a link that the network has cut silently is noticed only by the next request, which then waits for
    ReceiveTimeout. Installers write 1 since client 6.1, and an upgrade adds the entry where it is missing.

    ## Bad

    ```conf
    LunaSA Client = {
      NetClient = 1;
      ClientCertFile = /usr/safenet/lunaclient/cert/client/app.pem;
      ClientPrivKeyFile = /usr/safenet/lunaclient/cert/client/appKey.pem;
      ServerCAFile = /usr/safenet/lunaclient/cert/server/CAFile.pem;
      ServerName00 = hsm.example.com;
      ServerPort00 = 1792;
    }
    ```

    ## Good

    ```conf
    LunaSA Client = {
      NetClient = 1;
      TCPKeepAlive = 1;
      ClientCertFile = /usr/safenet/lunaclient/cert/client/app.pem;
      ClientPrivKeyFile = /usr/safenet/lunaclient/cert/client/appKey.pem;
      ServerCAFile = /usr/safenet/lunaclient/cert/server/CAFile.pem;
      ServerName00 = hsm.example.com;
      ServerPort00 = 1792;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7.4/docs/network/Content/lunash/commands/ntls/ntls_tcp_keepalive_set.htm;
    cloudfoundry/java-buildpack issue 584
    """
    if not context.servers or context.is_off(_SECTION):
        return
    found = context.entries(_SECTION, "TCPKeepAlive")
    if found and unquoted(found[0].value) == "0":
        yield at_value(found[0], f"{found[0].name} is 0: a link that is cut is noticed late. Set it to 1")
    elif not found and not context.stands_anywhere("TCPKeepAlive"):
        section = context.sections(_SECTION)[0]
        yield at_section(
            section,
            "TCPKeepAlive is missing: a link that is cut is noticed late. Add TCPKeepAlive = 1, as an upgrade would",
        )


RULES = (
    Rule("CK404", "net-client-off", "warning", net_client_off),
    Rule("CK405", "keep-alive-off", "info", keep_alive_off),
)
