"""CK4, network: certificates, keys, and other files that entries name."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from confkit.core.ha import unquoted
from confkit.core.paths import is_of_other_platform
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_section, at_value, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Entry
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

_SECTION = "LunaSA Client"
_CERTIFICATES = ("ClientCertFile", "ClientPrivKeyFile", "ServerCAFile")
_DIRECTORY_NAMES = r"(dir|folder|directory|path)([0-9]{2})?$"
# PluginModuleDir is not here: older clients named the plug-in itself.
_DIRECTORIES = frozenset(
    {"halogpath", "toolsdir", "mutexfolder", "partitionpolicytemplatepath", "htldir", "softtokendir", "logrootdir"}
    | {"clientidentitiesdir", "partitionidentitiesdir"}
)
_FILE_ENDING = r"[^/.][^/]*\.(txt|log|out|err|pem|crt|cer|key|p12|so|dll|exe|cnf|conf|ini|db|lock|csv|json|xml|gz|zip)$"
_LONGEST_NAME = 255  # bytes of a file name, on every file system that matters
_TEMPORARY = ("/tmp/", "/var/tmp/")  # noqa: S108 - looked for, not used


def missing_certificates(context: LintContext) -> Iterator[Finding]:
    """Servers are listed, but an entry for the client's certificate, its key or the servers' certificates is missing.

    ## Why

    A network HSM is reached over NTLS, which needs all three. Entries of an HA cluster (LNHServerNN) bring their own.

    ## Bad

    ```conf
    LunaSA Client = {
      NetClient = 1;
      TCPKeepAlive = 1;
      ClientCertFile = /usr/safenet/lunaclient/cert/client/app.pem;
      ClientPrivKeyFile = /usr/safenet/lunaclient/cert/client/appKey.pem;
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

    Seen in every public file that works with appliances; SUNET/docker-luna-client pull request 3 for what vtl says.
    """
    if context.servers and not context.is_off(_SECTION) and not context.emulated:
        missing = [name for name in _CERTIFICATES if not context.stands_anywhere(name)]
        if missing:
            section = context.sections(_SECTION)[0]
            verb = "is" if len(missing) == 1 else "are"
            yield at_section(section, f"servers are listed, but {', '.join(missing)} {verb} missing")


def mismatched_key_name(context: LintContext) -> Iterator[Finding]:
    """The names of the client's certificate and of its private key do not belong together.

    ## Why

    vtl createCert NAME makes NAME.pem and NAMEKey.pem; NAMECert.pem is seen as well. A key by another name than the
    certificate's is often left over from another client, and the appliance then refuses the connection.

    ## Bad

    ```conf
    LunaSA Client = {
      ClientCertFile = /usr/safenet/lunaclient/cert/client/new.pem;
      ClientPrivKeyFile = /usr/safenet/lunaclient/cert/client/oldKey.pem;
    }
    ```

    ## Good

    ```conf
    LunaSA Client = {
      ClientCertFile = /usr/safenet/lunaclient/cert/client/new.pem;
      ClientPrivKeyFile = /usr/safenet/lunaclient/cert/client/newKey.pem;
    }
    ```

    ## Source

    The names that vtl gives are seen in public files and set-up texts; `confkit preflight` compares the keys.
    """
    certificate, key = (context.entries(_SECTION, name)[:1] for name in _CERTIFICATES[:2])
    if not certificate or not key or context.is_off(_SECTION):
        return
    names = _stem(certificate[0]), _stem(key[0])
    client = names[1].removesuffix("Key")
    if unquoted(certificate[0].value) == unquoted(key[0].value):
        yield at_value(key[0], f"{key[0].name} and {certificate[0].name} name the same file", "info")
    elif client in {names[1], ""} or client.endswith("Private"):
        return  # named in another way
    elif names[0] not in {client, f"{client}Cert"}:
        message = f"{key[0].name} is not named after the certificate: {shown(names[0])}Key was expected"
        yield at_value(key[0], message)


def file_is_a_directory(context: LintContext) -> Iterator[Finding]:
    """An entry for a file names a directory.

    ## Why

    The path ends with a separator, so it can only be a directory, and the client wants a file. A public chart had its
    client certificate set so, and its containers did not start.

    ## Bad

    ```conf
    LunaSA Client = {
      ClientCertFile = /usr/safenet/lunaclient/cert/client/;
    }
    ```

    ## Good

    ```conf
    LunaSA Client = {
      ClientCertFile = /usr/safenet/lunaclient/cert/client/app.pem;
    }
    ```

    ## Source

    github:sapcc/helm-charts, commit e12da970c9
    """
    for entry in context.paths:
        if unquoted(entry.value).endswith(("/", "\\")) and not re.search(_DIRECTORY_NAMES, entry.name, re.IGNORECASE):
            yield at_value(entry, f"{entry.name} wants a file, and this is a directory: {shown(entry.value)}")


def wrong_openssl_configuration(context: LintContext) -> Iterator[Finding]:
    """SSLConfigFile names the client's own configuration file.

    ## Why

    It is the configuration of OpenSSL, usually openssl.cnf in the client's bin directory. Chrystoki.conf is of another
    syntax.

    ## Bad

    ```conf
    LunaSA Client = {
      SSLConfigFile = /etc/Chrystoki.conf;
    }
    ```

    ## Good

    ```conf
    LunaSA Client = {
      SSLConfigFile = /usr/safenet/lunaclient/bin/openssl.cnf;
    }
    ```

    ## Source

    Seen in a generated document; the right value stands in every shipped template.
    """
    for entry in () if context.is_off(_SECTION) else context.entries(_SECTION, "SSLConfigFile"):
        if unquoted(entry.value).replace("\\", "/").lower().endswith(("chrystoki.conf", "crystoki.ini")):
            yield at_value(entry, f"{entry.name} wants the configuration of OpenSSL, and this is the client's own")


def file_in_tmp(context: LintContext) -> Iterator[Finding]:
    """A certificate, key or library lies in a directory for temporary files.

    ## Why

    Anybody on the host may write there, and files there are removed without notice.

    ## Bad

    ```conf
    LunaSA Client = {
      ServerCAFile = /tmp/CAFile.pem;
    }
    ```

    ## Good

    ```conf
    LunaSA Client = {
      ServerCAFile = /usr/safenet/lunaclient/cert/server/CAFile.pem;
    }
    ```

    ## Source

    Seen in a public set-up script for AWS CloudHSM classic; hier(7) for what these directories are.
    """
    watched = {name.lower() for name in _CERTIFICATES}
    for entry in () if context.emulated else context.paths:
        trusted = entry.name.lower() in watched or entry.name.lower().startswith("lib")
        if trusted and posixpath.normpath(unquoted(entry.value)).startswith(_TEMPORARY):
            yield at_value(entry, f"{entry.name} lies in a directory that anybody may write to: {shown(entry.value)}")


def other_platform_path(context: LintContext) -> Iterator[Finding]:
    r"""A path is written as on the other platform.

    ## Why

    A path with a drive letter or backslashes in Chrystoki.conf, or one from the root in crystoki.ini, was copied from a
    host of the other kind and leads nowhere on this one.

    ## Bad

    ```conf
    Misc = {
      ToolsDir = C:\Program Files\SafeNet\LunaClient;
    }
    ```

    ## Good

    ```conf
    Misc = {
      ToolsDir = /usr/safenet/lunaclient/bin;
    }
    ```

    ## Source

    The paths that the vendor's installers write on the two platforms.
    """
    for entry in context.paths:
        if is_of_other_platform(entry.value, windows=context.document.windows):
            yield at_value(entry, f"{entry.name} has a path of the other platform: {shown(entry.value)}")


def directory_is_a_file(context: LintContext) -> Iterator[Finding]:
    """An entry for a directory names a file.

    ## Why

    haLogPath is the directory in which the client makes haErrorLog.txt; with the name of a file in it, nothing is
    logged. ToolsDir, MutexFolder and others are directories too.

    ## Bad

    ```conf
    HAConfiguration = {
      haLogStatus = enabled;
      haLogPath = /var/log/haErrorLog.txt;
    }
    ```

    ## Good

    ```conf
    HAConfiguration = {
      haLogStatus = enabled;
      haLogPath = /var/log;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm for haLogPath; the meaning
    of the others is in docs/entries.md.
    """
    for entry in context.paths:
        if entry.name.lower() in _DIRECTORIES:
            value = unquoted(entry.value).replace("\\", "/")
            # only the end of a value is looked at: over all of one of 5 MB the search would never end
            if re.search(_FILE_ENDING, value[-_LONGEST_NAME:], re.IGNORECASE):
                yield at_value(entry, f"{entry.name} wants a directory, and this is a file: {shown(entry.value)}")


def _stem(entry: Entry) -> str:
    """Return the file name without directory and ending."""
    return unquoted(entry.value).replace("\\", "/").rpartition("/")[2].rpartition(".")[0]


RULES = (
    Rule("CK411", "missing-certificates", "warning", missing_certificates),
    Rule("CK412", "mismatched-key-name", "info", mismatched_key_name),
    Rule("CK413", "file-is-a-directory", "warning", file_is_a_directory),
    Rule("CK414", "wrong-openssl-configuration", "warning", wrong_openssl_configuration),
    Rule("CK415", "file-in-tmp", "warning", file_in_tmp),
    Rule("CK416", "other-platform-path", "info", other_platform_path),
    Rule("CK417", "directory-is-a-file", "warning", directory_is_a_file),
)
