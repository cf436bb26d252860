"""What a rule looks at: one document, and what many rules ask of it, each answer found once and only when asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from confkit.core import ha
from confkit.core.catalogue.loader import names_ignoring_case
from confkit.core.catalogue.names import EMULATOR_SECTION
from confkit.core.ha import unquoted
from confkit.lint.context.entry_index import Index, index_of
from confkit.lint.context.file_kind import FileKind, file_kind
from confkit.lint.context.lookalikes import readers_cope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confkit.core.ha import Group, Member, Server
    from confkit.core.syntax import Document, Entry, Problem, Section
    from confkit.lint.environment.surroundings import Scope, Surroundings

# Problems of the parser that keep an entry from being read.
_HIDING = frozenset(
    {"text-beside-brace", "text-after-semicolon", "stray-text", "entry-outside-section", "nested-block"}
)


# The entry that switches a section on, where 0 says that nothing in it is used.
_SWITCHES = {
    "lunasa client": "NetClient",
    "viperclient": "NetClient",
    "rest": "RestClient",
    "xtc": "Enabled",
    "cklog2": "Enabled",
    "rbs": "NetServer",
    "nbs": "NetServer",
}


class LintContext:
    """A document as rules see it.

    `path` is what the file is called in messages; `client_version` the version of the client that is to read it, where
    the user has said so; `surroundings` what a file holds that leads the client to its own. Names of sections and
    entries are given as the catalogue spells them and found in any letter case, in both forms: a name in the wrong case
    is a finding of its own, not also something missing.
    """

    def __init__(
        self,
        document: Document,
        path: str = "",
        client_version: str | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        self.document = document
        self.surroundings = surroundings
        self.path = path
        self.client_version = client_version
        self._members: dict[int, list[Member]] = {}

    @cached_property
    def source(self) -> bytes:
        """The bytes of the file."""
        return self.document.to_bytes()

    @cached_property
    def kind(self) -> FileKind:
        """What kind of file this is."""
        if self.surroundings is not None:
            return "environment"
        return file_kind(self.document, self.path, self.source)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The processes that a file of the environment describes; none in a file of the client."""
        return self.surroundings.scopes if self.surroundings else ()

    @cached_property
    def readers_cope(self) -> bool:
        """Whether all public readers can read these bytes at all."""
        return readers_cope(self.source)

    @cached_property
    def index(self) -> Index:
        """The file as the catalogue sees it."""
        return index_of(self.document, self.labels)

    @cached_property
    def groups(self) -> list[Group]:
        """The HA groups by their numbers; of a duplicate part, the first counts."""
        return ha.groups(self.sections(ha.GROUPS))

    @cached_property
    def groups_certain(self) -> bool:
        """Whether all parts of all groups are read: no line of VirtualToken hides one from the parser."""
        doubtful = (problem.section or "" for problem in self.document.problems if problem.code in _HIDING)
        return all(section.lower() != "virtualtoken" for section in doubtful)

    def is_off(self, section: str) -> bool:
        """Return whether an entry switches the section off: nothing in it is used then."""
        return section.lower() in self._off

    @cached_property
    def emulated(self) -> bool:
        """Whether `confkit emulate` wrote the file: no certificates, and a library in a temporary directory."""
        return bool(self.sections(EMULATOR_SECTION))

    @cached_property
    def paths(self) -> list[Entry]:
        """The known entries that hold a path that is used: no secret, and not in a section that is switched off."""
        off = self._off
        if not off:
            return list(self.index.paths)
        return [entry for entry in self.index.paths if entry.section.lower() not in off]

    @cached_property
    def _off(self) -> frozenset[str]:
        """The sections that are switched off, in lower case."""
        found = ((name, self.entries(name, _SWITCHES[name])) for name in self._sections if name in _SWITCHES)
        return frozenset(name for name, entries in found if entries and unquoted(entries[0].value) == "0")

    @cached_property
    def labels(self) -> frozenset[str]:
        """The labels of all groups, as `folded` returns them."""
        return frozenset(self.folded(label) for label in ha.labels(self.groups))

    @cached_property
    def servers(self) -> list[Entry]:
        """The entries that name an appliance, in file order; of two with the same name, both."""
        return [entry for entry in ha.server_names(self.sections(ha.SERVERS)) if entry.value]

    @cached_property
    def servers_by_number(self) -> list[Server]:
        """The appliances that have a name or a port, by their numbers; of a duplicate part, the first counts."""
        return [server for server in ha.servers(self.sections(ha.SERVERS)) if server.name or server.port]

    def problems(self, code: str) -> Sequence[Problem]:
        """Return what the parser reports under `code`, in file order."""
        return self._problems.get(code, ())

    def sections(self, name: str) -> Sequence[Section]:
        """Return the sections of this name, in file order."""
        return self._sections.get(name.lower(), ())

    def entries(self, section: str, key: str) -> list[Entry]:
        """Return the entries of this name in sections of this name, in file order."""
        home = section.lower()
        return [entry for entry in self._named(key) if entry.section.lower() == home]

    def is_free(self, section: str, name: str = "") -> bool:
        """Return whether a fix may make entry `name` of `section`, or a section: absent, and made by one fix only."""
        return (self.folded(section), self.folded(name)) not in self._taken

    def folded(self, name: str) -> str:
        """Return a name or a label as it is compared with another one in this form of the file."""
        return ha.folded(self.document, name)

    def members(self, entry: Entry) -> list[Member]:
        """Return the parts of a list separated by commas, such as that of a group's members."""
        if entry.line not in self._members:
            self._members[entry.line] = ha.members(self.document, entry)
        return self._members[entry.line]

    def lists(self) -> Iterator[tuple[Group, Entry]]:
        """Yield each group that has a list of members, and that list."""
        return ((group, group.members) for group in self.groups if group.members)

    def serials(self, group: Group) -> list[str]:
        """Return the members of a group that are serial numbers; none where a part of the list is not a number."""
        found = [member.serial for member in self.members(group.members)] if group.members else []
        return found if all(map(ha.is_serial, found)) else []

    def stands_anywhere(self, key: str) -> bool:
        """Return whether an entry `key` is present anywhere: one in a wrong or hidden place is a finding of its own."""
        wanted = key.lower()
        hidden = (problem.key for problem in self.document.problems if problem.code in _HIDING and problem.key)
        return bool(self._named(key)) or any(name.lower() == wanted for name in hidden)

    def _named(self, key: str) -> Sequence[Entry]:
        """Return the entries of this name in all sections, in file order."""
        wanted = key.lower()
        if wanted in names_ignoring_case():
            return self._by_name.get(wanted, ())
        return [
            entry for section in self.document.sections for entry in section.entries if entry.name.lower() == wanted
        ]

    @cached_property
    def _by_name(self) -> dict[str, list[Entry]]:
        """The entries under their names in lower case; names of the catalogue alone: a hostile file has a million."""
        known = names_ignoring_case()
        found: dict[str, list[Entry]] = {}
        for section in self.document.sections:
            for entry in section.entries:
                name = entry.name.lower()
                if name in known:
                    found.setdefault(name, []).append(entry)
        return found

    @cached_property
    def _taken(self) -> frozenset[tuple[str, str]]:
        # a good file needs no fix
        from confkit.lint.context.places import taken_places  # noqa: PLC0415

        return taken_places(self.document, self.index)

    @cached_property
    def _problems(self) -> dict[str, list[Problem]]:
        found: dict[str, list[Problem]] = {}
        for problem in self.document.problems:
            found.setdefault(problem.code, []).append(problem)
        return found

    @cached_property
    def _sections(self) -> dict[str, list[Section]]:
        found: dict[str, list[Section]] = {}
        for section in self.document.sections:
            found.setdefault(section.name.lower(), []).append(section)
        return found
