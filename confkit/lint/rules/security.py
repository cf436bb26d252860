"""CK5, security: secrets in the file, and settings that open a door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.ha import unquoted
from confkit.core.secret_names import is_secret_entry, is_secret_name, may_name_secret
from confkit.core.syntax.document import text
from confkit.lint.diagnostics import Finding
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_name, at_value, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.lint_context import LintContext


_HIDING = frozenset({"comment-holds-entry", "text-after-semicolon", "text-beside-brace", "stray-text"})


def secret_in_file(context: LintContext) -> Iterator[Finding]:
    """The file contains a secret.

    ## Why

    Whoever may read the file has it, and so has every copy of it: a ConfigMap, an image layer, a repository, a support
    ticket. Keep the file at mode 0600 or 0640, and put it in place at run time from a store for secrets. A
    commented-out secret is as good as a live one. Besides the secrets of the client, any entry counts whose name speaks
    of a password, PIN, secret, token, credential or key, unless its value is a switch or the path of a file.

    ## Bad

    ```conf
    REST = {
      AuthTokenClientSecret = not-a-real-secret;
    }
    ```

    ## Good

    ```conf
    REST = {
      AuthTokenClientId = 00000000-0000-0000-0000-000000000000;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/usb/Content/install/client_install/dynamic_partition_loading.htm
    """
    if not may_name_secret(text(context.source)):
        return
    for section in context.document.sections:
        for entry in section.entries:
            if is_secret_entry(entry.name, entry.value):
                yield at_name(entry, f"{shown(entry.name)} is a secret in plain text: keep the file private")
    for problem in context.document.problems:
        if problem.code in _HIDING and problem.key and is_secret_name(problem.key):
            message = f"{shown(problem.key)} is a secret in plain text, here in a place that is not even read"
            yield Finding(message, problem.line, problem.start, problem.end, problem.section, problem.key)


def password_file(context: LintContext) -> Iterator[Finding]:
    """EngineInit names a file with a password in plain text.

    ## Why

    passfile= points at a file with the partition's password; whoever may read that file can log in. passdev=console
    asks, and passdll= gets it from a library of your own.

    ## Bad

    ```conf
    GemEngine = {
      EngineInit = 1:0:0:passfile=/etc/luna/password;
    }
    ```

    ## Good

    ```conf
    GemEngine = {
      EngineInit = 1:0:0:passdev=console;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, docs/README-GEM-CONFIG (MIT)
    """
    for name in ("EngineInit", "Engine2Init"):
        for entry in context.entries("GemEngine", name):
            if "passfile=" in entry.value.lower():
                yield at_value(entry, f"{entry.name} names a file with a password in plain text")


def call_logging_on(context: LintContext) -> Iterator[Finding]:
    """The call log is on.

    ## Why

    CkLog2 writes the calls of the application to a file, arguments included. It is made for support cases; its log
    grows, slows calls down and may hold sensitive data.

    ## Bad

    ```conf
    Chrystoki2 = {
      LibUNIX64 = /usr/safenet/lunaclient/lib/libcklog2.so;
    }
    CkLog2 = {
      Enabled = 1;
      LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
      File = /var/log/luna/cklog2.txt;
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
      File = /var/log/luna/cklog2.txt;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/6.3/docs/network/Content/Utilities/cklog/cklog.htm
    """
    loaded = [
        entry for name in ("LibUNIX64", "LibUNIX", "LibNT64", "LibNT") for entry in context.entries("Chrystoki2", name)
    ]
    through = not loaded or any("cklog" in entry.value.lower() for entry in loaded)
    for entry in context.entries("CkLog2", "Enabled")[:1]:
        if unquoted(entry.value) == "1" and through:
            yield at_value(entry, "the calls of applications are logged: switch it off when the support case is over")


def host_validation_off(context: LintContext) -> Iterator[Finding]:
    """ValidateHost is 0.

    ## Why

    The client then does not compare the name in an appliance's certificate with the host it connects to, so any holder
    of a certificate that it trusts can take the appliance's place.

    ## Bad

    ```conf
    Misc = {
      ValidateHost = 0;
    }
    ```

    ## Good

    ```conf
    Misc = {
      ValidateHost = 1;
    }
    ```

    ## Source

    Seen in lowRISC/opentitan-provisioning, nix/profiles/luna-hsm.nix; the meaning is inferred from the name.
    """
    for section in ("Misc", "LunaSA Client"):
        for entry in context.entries(section, "ValidateHost"):
            if unquoted(entry.value) == "0":
                yield at_value(entry, f"{entry.name} is 0: the name in an appliance's certificate is not checked")


def login_to_fm_hsm_allowed(context: LintContext) -> Iterator[Finding]:
    """Applications may log in to HSMs that run functionality modules.

    ## Why

    LoginAllowedOnFMEnabledHSMs = 1 accepts HSMs on which custom firmware modules run. Leave it at 0 unless you run such
    modules yourself.

    ## Bad

    ```conf
    Misc = {
      LoginAllowedOnFMEnabledHSMs = 1;
    }
    ```

    ## Good

    ```conf
    Misc = {
      LoginAllowedOnFMEnabledHSMs = 0;
    }
    ```

    ## Source

    Seen as 0 in https://docs.keyfactor.com/__attachments/2349859279/example-chrystoki-ha.conf and as 1 in a container
    for the FM SDK.
    """
    for entry in context.entries("Misc", "LoginAllowedOnFMEnabledHSMs"):
        if unquoted(entry.value) == "1":
            yield at_value(entry, f"{entry.name} is 1: HSMs that run functionality modules are accepted")


RULES = (
    Rule("CK501", "secret-in-file", "warning", secret_in_file),
    Rule("CK502", "password-file", "warning", password_file),
    Rule("CK503", "call-logging-on", "info", call_logging_on),
    Rule("CK504", "host-validation-off", "warning", host_validation_off),
    Rule("CK505", "login-to-fm-hsm-allowed", "info", login_to_fm_hsm_allowed),
)
