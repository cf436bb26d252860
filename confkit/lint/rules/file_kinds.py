"""CK16, files of which one finding says all: empty, no client configuration, a template; and their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.placeholders import placeholder
from confkit.lint.context.file_kind import is_named_template
from confkit.lint.diagnostics import Finding
from confkit.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.lint_context import LintContext

_RIGHT_NAME = "Chrystoki.conf"
_OTHER_NAMES = frozenset({"chrystoki.conf", "crystoki.conf"})


def nothing_configured(context: LintContext) -> Iterator[Finding]:
    """The file has no entry.

    ## Why

    A client that reads it finds no library and no HSM. An empty file is what is left where a script or an editor was
    interrupted, or where a template was given no values.

    ## Bad

    ```conf
    # Chrystoki2 and the rest are written at the first start
    ```

    ## Good

    ```conf
    Chrystoki2 = {
      LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
    }
    ```

    ## Source

    The form of the file in all of the vendor's examples.
    """
    empty = not context.source.strip()
    what = "it is empty" if empty else "it has no entry"
    yield Finding(
        f"nothing is configured in this file: {what}", 1, 0, 0, help="Restore it, or write the configuration again."
    )


def not_a_client_file(context: LintContext) -> Iterator[Finding]:
    """The file is not a configuration file of the client.

    ## Why

    It holds no section and no entry that the client knows, so one finding says what a finding for each line would.

    ## Bad

    ```conf
    # Release notes
    The second release adds a command.
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    The form of the file in all of the vendor's examples; the sections and entries in docs/entries.md.
    """
    yield Finding(
        "this is not a configuration file of the client: no section and no entry in it is known",
        *(1, 0, len(context.document.lines[0].rstrip(b"\r\n"))),
        help="Name the Chrystoki.conf or crystoki.ini, or leave this file out.",
    )


def unrendered_template(context: LintContext) -> Iterator[Finding]:
    """The file is a template.

    ## Why

    The client expands nothing: it would take `{{ host }}` for the name of an appliance. One finding stands for all of a
    template, because what it becomes cannot be told from it. Where a template has the name of the client's file, it was
    installed without being rendered, and this is an error; where its own name says that it is one, a warning.

    ## Bad

    ```conf
    LunaSA Client = {
    {% for host in hosts %}
      ServerName0{{ loop.index0 }} = {{ host }};
    {% endfor %}
    }
    ```

    ## Good

    ```conf base=network
    LunaSA Client = {
      ServerName00 = hsm.example.com;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c, `luna_getprop` (MIT), which expands nothing.
    """
    places = sum(
        placeholder(line.decode("utf-8", "replace").partition("=")[2].strip()) is not None
        for line in context.document.lines
    )
    count = f"{places} place{'' if places == 1 else 's'} in it" if places else "it"
    yield Finding(
        f"this is a template: {count} must be filled in before the client reads it",
        *(1, 0, 0),
        help="Render it, and lint the result.",
        severity="warning" if is_named_template(context.path) or "template" in context.path.lower() else None,
    )


def wrong_file_name(context: LintContext) -> Iterator[Finding]:
    """The file has another name than the one that the client looks for.

    ## Why

    On UNIX the client reads `Chrystoki.conf`, and file names are case-sensitive there. A `chrystoki.conf` in the same
    directory is never read.

    ## Bad

    ```conf name=chrystoki.conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Good

    ```conf name=Chrystoki.conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c (MIT), which appends this name to the directory.
    """
    name = context.path.replace("\\", "/").rpartition("/")[2]
    if not context.document.windows and name != _RIGHT_NAME and name.lower() in _OTHER_NAMES:
        yield Finding(f"this file is named {name}: on UNIX the client reads {_RIGHT_NAME}", 1, 0, 0)


RULES = (
    Rule("CK161", "nothing-configured", "error", nothing_configured, kinds=frozenset({"empty"})),
    Rule("CK162", "not-a-client-file", "error", not_a_client_file, kinds=frozenset({"foreign"})),
    Rule("CK163", "unrendered-template", "error", unrendered_template, ("warning",), frozenset({"template"})),
    Rule("CK164", "wrong-file-name", "info", wrong_file_name),
)
