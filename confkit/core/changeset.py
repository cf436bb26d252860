"""Many changes of entries as one change of a file: all of them are made, or none.

    changes = ChangeSet(set=(("HAConfiguration", "HAOnly", "1"),), unset=(("Misc", "ToolsDir"),))
    outcome = apply_changes(path, changes)

Everything that stands against a change is found before anything is written, and all of it is said. Carried into modules
that run on Python 3.8.
"""

# ruff: noqa: FA100 - the annotations of a NamedTuple, as strings, would be compiled at import, each by itself

from functools import partial
from typing import TYPE_CHECKING, Callable, FrozenSet, Iterator, List, NamedTuple, Optional, Set, Tuple

from confkit.core.change import DEFAULT, EditOptions, Outcome, edit_file, reason_of
from confkit.core.errors import FileError, UsageError
from confkit.core.syntax import (
    Document,
    Edit,
    EditRefusedError,
    NotAllowedError,
    edited,
    set_entry,
    set_value,
    unset_entry,
)

if TYPE_CHECKING:
    from confkit.core.change import Approval

_UNCHANGED = "Nothing was changed"
MAX_CHANGES = 1000  # a configuration has some 100 entries; each change costs one pass over the file


class ChangeSet(NamedTuple):
    """Entries to set (section, key, value), and entries to remove (section, key), made in this order.

    `unquoted` are the entries (section, key) whose values no message quotes, nor any part of them: they came from a
    variable or a file. `place` says where in its source a change stands, given "set" or "unset", section and key.
    """

    set: Tuple[Tuple[str, str, str], ...] = ()
    unset: Tuple[Tuple[str, str], ...] = ()
    unquoted: FrozenSet[Tuple[str, str]] = frozenset()
    place: Optional[Callable[[str, str, str], str]] = None

    @property
    def entries(self) -> Tuple[Tuple[str, str], ...]:
        """Return section and key of every entry that is changed."""
        return (*((section, key) for section, key, _ in self.set), *self.unset)

    def applied_to(self, document: Document, *, force: bool = False) -> Document:
        """Return the document with all changes made.

        Raise UsageError or FileError with all that stands against them: unknown names (unless `force`), values of a
        wrong type or out of bounds, contradictions, and places in the file that are not safe to edit.
        """
        if len(self.entries) > MAX_CHANGES:
            raise UsageError(
                f"there are {len(self.entries)} changes, and at most {MAX_CHANGES} are made at once. Split them. "
                f"{_UNCHANGED}"
            )
        wrong = [*self._contradictions(document), *self._judged(windows=document.windows, force=force)[1]]
        unsafe: List[Tuple[str, int]] = []
        after, missing = self._with_values(document, wrong, unsafe)
        rest = [
            (section, key, partial(set_entry, section=section, key=key, value=new)) for section, key, new in missing
        ]
        rest += [(section, key, partial(unset_entry, section=section, key=key)) for section, key in self.unset]
        for section, key, change in rest:
            try:
                after = change(after)
            except EditRefusedError as refusal:  # noqa: PERF203 - all reasons are wanted
                unsafe.append(self._unsafe(document, section, key, refusal))
        if unsafe:
            reasons = [*wrong, *(reason for reason, _ in unsafe)]
            raise FileError(_summary(reasons), line=unsafe[0][1], details=reasons)
        if wrong:
            raise UsageError(_summary(wrong), details=wrong)
        return after

    def _with_values(
        self, document: Document, wrong: List[str], unsafe: List[Tuple[str, int]]
    ) -> Tuple[Document, List[Tuple[str, str, str]]]:
        """Return the document with the values of entries that it has, changed in one pass, and the missing entries.

        Adds to `wrong` and `unsafe` what stands against any of them; where something does, nothing is changed.
        """
        edits: List[Edit] = []
        missing: List[Tuple[str, str, str]] = []
        for section, key, value in self.set:
            try:
                found = set_value(document, section, key, value)
            except NotAllowedError as error:  # noqa: PERF203 - all reasons are wanted
                wrong.append(self._at("set", section, key) + self._of(section, key, str(error)))
            except EditRefusedError as refusal:
                unsafe.append(self._unsafe(document, section, key, refusal))
            else:
                if document.entries(section, key):
                    edits += found
                else:
                    missing.append((section, key, value))
        return (document if wrong or unsafe else edited(document, edits)), missing

    def warnings(self, *, windows: bool, force: bool = False) -> List[str]:
        """Return what is to be said about the values; those that may not be set are left out."""
        return self._judged(windows=windows, force=force)[0]

    def _of(self, section: str, key: str, reason: str) -> str:
        """Return a reason with the entry that it is about, which is clear where one was named on the command line."""
        return f"{section}/{key}: {reason}" if self.place or len(self.entries) > 1 else reason

    def _at(self, table: str, section: str, key: str) -> str:
        """Return the start of a sentence about a change: where it stands, where that is known."""
        return f"{self.place(table, section, key)}: " if self.place else ""

    def _unsafe(self, document: Document, section: str, key: str, refusal: EditRefusedError) -> Tuple[str, int]:
        return self._of(section, key, reason_of(document, refusal)), min(refusal.lines)

    def _contradictions(self, document: Document) -> Iterator[str]:
        seen: Set[Tuple[str, str]] = set()
        to_set: Set[Tuple[str, str]] = set()
        for number, (section, key) in enumerate(self.entries):
            if number == len(self.set):
                to_set = seen.copy()
            name = (section.lower(), key.lower()) if document.windows else (section, key)
            if name in seen:
                table = "set" if number < len(self.set) else "unset"
                where = "set and unset" if table == "unset" and name in to_set else f"{table} twice"
                yield f"{self._at(table, section, key)}{section}/{key} is {where}. Leave one out"
            seen.add(name)

    def _judged(self, *, windows: bool, force: bool) -> Tuple[List[str], List[str]]:
        """Return what is to be said about the values, and the reasons why some of them may not be set."""
        from confkit.core.validate import warnings_about  # noqa: PLC0415 - it brings the catalogue along

        warnings: List[str] = []
        wrong: List[str] = []
        for section, key, value in self.set:
            quoted = (section, key) not in self.unquoted
            try:
                warnings += warnings_about(section, key, value, windows=windows, force=force, quoted=quoted)
            except UsageError as error:
                reason = error.message.replace(f". {_UNCHANGED}", "")  # which is said once, of all
                wrong.append(self._at("set", section, key) + reason)
        return warnings, wrong


def apply_changes(
    path: str, changes: ChangeSet, options: EditOptions = DEFAULT, approve: "Optional[Approval]" = None
) -> Outcome:
    """Make all changes of a set in one edit of a file, see `confkit.core.change.edit_file`, or none of them.

    What is to be said about the values comes first among the warnings.
    """
    warnings: List[str] = []

    def change(document: Document) -> Document:
        warnings.extend(changes.warnings(windows=document.windows, force=options.force))
        return changes.applied_to(document, force=options.force)

    outcome = edit_file(path, change, options, approve)
    return outcome._replace(warnings=(*warnings, *outcome.warnings))


def _summary(reasons: List[str]) -> str:
    if len(reasons) == 1:
        return f"{reasons[0].rstrip('.')}. {_UNCHANGED}"
    return f"{len(reasons)} reasons against it. {_UNCHANGED}"
