"""Edit, lint and live-check the configuration file of the Thales Luna HSM client.

    import confkit

    document = confkit.load("/etc/Chrystoki.conf")
    document.get("HAConfiguration", "statusTimeout")        # "10", or None
    confkit.set_timeout("/etc/Chrystoki.conf", 10)          # atomically; nothing else in the file changes
    edited = confkit.set_entry(document, "Misc", "ToolsDir", "/opt/luna/bin")
    edited.to_bytes()

Documents are immutable: `set_entry` and `unset_entry` return edited ones.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from confkit.core.errors import ConfkitError, FileError, UnavailableError, UsageError
from confkit.core.storage.locate import find
from confkit.core.storage.snapshot import read_configuration
from confkit.core.syntax import (
    Document,
    EditRefusedError,
    Entry,
    NotAllowedError,
    Problem,
    Section,
    parse,
    set_entry,
    unset_entry,
)
from confkit.core.timeout import KEY, SECTION, seconds_from

if TYPE_CHECKING:
    from confkit.config.edit import Outcome
    from confkit.core.changeset import ChangeSet

__all__ = [
    "ChangeSet",
    "ConfkitError",
    "Document",
    "EditRefusedError",
    "Entry",
    "FileError",
    "NotAllowedError",
    "Outcome",
    "Problem",
    "Section",
    "UnavailableError",
    "UsageError",
    "apply",
    "load",
    "loads",
    "set_entry",
    "set_timeout",
    "unset_entry",
]


def __getattr__(name: str) -> object:
    """Return what only those need who edit: every command imports this package, and most edit nothing."""
    if name == "Outcome":
        from confkit.config.edit import Outcome  # noqa: PLC0415

        return Outcome
    if name == "ChangeSet":
        from confkit.core.changeset import ChangeSet  # noqa: PLC0415

        return ChangeSet
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load(path: str | os.PathLike[str] | None = None) -> Document:
    """Read and parse a configuration file of either form.

    `path` is the file or the folder it lies in; None looks where the client looks: in the folder that the environment
    variable ChrystokiConfigurationPath names, else /etc/Chrystoki.conf. FileError when there is none that can be read.
    """
    found = find(None if path is None else os.fspath(path), os.environ)
    return parse(read_configuration(found), os.path.basename(found))


def loads(source: bytes | str, name: str = "") -> Document:
    """Parse the text of a configuration file; any bytes parse, and `loads(source).to_bytes() == source`.

    `name` decides the form (one that ends in .ini is the Windows form) where the text itself does not show it.
    """
    return parse(source.encode("utf-8", "surrogateescape") if isinstance(source, str) else source, name)


def set_timeout(  # noqa: PLR0913 - what to set, and how
    path: str | os.PathLike[str] | None,
    seconds: int,
    *,
    dry_run: bool = False,
    backup: bool = False,
    force: bool = False,
    create: bool = False,
) -> Outcome:
    """Set HAConfiguration/statusTimeout, in whole seconds from 3 to 60, in a configuration file found as by `load`.

    The replacement is atomic and keeps mode, owner, ACL and extended attributes. A file that does not look like a
    configuration of the client, or looks half written, is edited only with `force`; `create` starts one in a file that
    is absent, empty or half written. Neither loosens the bounds. UsageError for a value out of bounds,
    FileError where the file cannot be found, read or safely edited; then nothing was changed. `Outcome.warnings` names
    public readers that see another value.
    """
    from confkit.config.edit import EditOptions, set_in_file  # noqa: PLC0415 - see __getattr__

    value = str(seconds_from(str(seconds)))
    found = find(None if path is None else os.fspath(path), os.environ)
    return set_in_file(
        found, SECTION, KEY, value, EditOptions(dry_run=dry_run, backup=backup, force=force, create=create)
    )


def apply(  # noqa: PLR0913 - what to change, and how
    path: str | os.PathLike[str] | None,
    changes: ChangeSet,
    *,
    dry_run: bool = False,
    backup: bool = False,
    force: bool = False,
    create: bool = False,
) -> Outcome:
    """Make all changes of a set in a configuration file found as by `load`, in one atomic replacement, or none of them.

    `force` lets entries pass that the catalogue does not know, in any file; `create` is as for `set_timeout`.
    UsageError and FileError say what stands against it, in `details` where there is more than one reason; then nothing
    was changed. `Outcome.warnings` has what the catalogue says about the values, and public readers that see others.
    """
    from confkit.config import edit  # noqa: PLC0415 - see __getattr__

    found = find(None if path is None else os.fspath(path), os.environ)
    return edit.apply(found, changes, edit.EditOptions(dry_run, backup, force=force, create=create))
