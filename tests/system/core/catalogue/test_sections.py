"""The files in schemas/sections: strictly valid, consistent, and all that the collected facts hold."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from confkit.core.catalogue import (
    EntryFacts,
    all_entries,
    entry_facts,
    secret_names,
    section_facts,
    section_names,
    sections_with,
)
from confkit.core.catalogue.files import section_file
from confkit.core.catalogue.values import fault
from confkit.core.secret_names import is_secret_name
from confkit.lint.rules import entry_places
from testing.programs import REPOSITORY, corpus

SECTIONS = REPOSITORY / "schemas" / "sections"
COLLECTED = REPOSITORY.parent / "shared" / "facts" / "catalogue.json"

Sentence = Annotated[str, Field(min_length=1, max_length=250, pattern=r"^\S.*[^.\s]$")]
Capital = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[A-Z0-9].*[^.\s]$")]
Name = Annotated[str, Field(pattern=r"^(\w|\{NN\}|\{label\})+$")]


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    type: Literal["integer", "boolean", "string", "path", "host", "port", "list", "enum", "serial", "url"]
    unit: Literal["s", "ms", "bytes", "count"] | None = None
    default: int | str | None = None
    minimum: int | None = None
    maximum: int | None = None
    choices: Annotated[list[int | str], Field(min_length=2)] | None = None
    platform: Literal["unix", "windows"] | None = None
    other_platform: Name | None = None
    since: Annotated[str, Field(pattern=r"^\d+\.\d+(\.\d+)?$")] | None = None
    until: Annotated[str, Field(pattern=r"^\d+\.\d+(\.\d+)?$")] | None = None
    secret: Literal[True] | None = None
    may_be_empty: Literal[True] | None = None
    deprecated: Sentence | None = None
    meaning: Capital
    note: Sentence | None = None
    evidence: Literal["documented", "observed", "recalled"]
    undocumented: Annotated[list[str], Field(min_length=1)] | None = None
    source: Annotated[list[Annotated[str, Field(min_length=5)]], Field(min_length=1)]

    @model_validator(mode="after")
    def consistent(self) -> Entry:
        numeric = self.type in {"integer", "boolean", "port"}
        assert self.default is None or isinstance(self.default, int) == numeric
        assert self.type == "integer" or (self.unit, self.minimum, self.maximum) == (None, None, None)
        assert self.choices is None or all(isinstance(choice, int) == numeric for choice in self.choices)
        assert self.choices is None or self.type in {"integer", "enum"}
        assert self.other_platform is None or self.platform is not None
        assert len(set(self.source)) == len(self.source)
        assert set(self.undocumented or ()) <= self.stated()
        return self

    def stated(self) -> set[str]:
        always = {"section", "type", "meaning"}
        if self.type == "boolean":
            always.add("choices")
        return always | {field for field, value in self if value is not None}


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    section: Annotated[str, Field(min_length=1)]
    meaning: Capital
    deprecated: Sentence | None = None
    until: Annotated[str, Field(pattern=r"^\d+\.\d+(\.\d+)?$")] | None = None
    misspelt: Annotated[dict[Name, Name], Field(min_length=1)] | None = None
    entry: Annotated[dict[Name, Entry], Field(min_length=1)]


def read(section: str) -> dict[str, Any]:
    with open(section_file(section), "rb") as file:
        return tomllib.load(file)


def test_there_are_22_sections_and_each_has_its_file() -> None:
    assert len(section_names()) == len(set(section_names())) == 22
    assert {str(path) for path in SECTIONS.iterdir()} == {section_file(name) for name in section_names()}
    assert [read(name)["section"] for name in section_names()] == list(section_names())


@pytest.mark.parametrize("section", section_names())
def test_the_program_knows_what_the_section_file_says(section: str) -> None:
    said, known = read(section), section_facts(section)
    assert known is not None
    assert (known.name, known.meaning, known.misspelt) == (section, said["meaning"], said.get("misspelt", {}))
    assert (known.deprecated, known.until) == (said.get("deprecated"), said.get("until"))
    assert list(known.entries) == list(said["entry"])
    for name, table in said["entry"].items():
        found = known.entries[name]._asdict()
        for field, value in table.items():
            wanted = str(value) if field == "default" else value
            assert found.pop(field) == (tuple(map(str, value)) if isinstance(value, list) else wanted), (name, field)
        assert (found.pop("section"), found.pop("name")) == (section, name)
        assert not any(found.values()), "what the file does not say is nothing here"


@pytest.mark.parametrize("section", section_names())
def test_a_section_file_is_strictly_valid(section: str) -> None:
    facts = Section.model_validate(read(section))
    for wrong, right in (facts.misspelt or {}).items():
        assert wrong not in facts.entry
        assert right in facts.entry
    for name, entry in facts.entry.items():
        assert entry.other_platform is None or facts.entry[entry.other_platform].other_platform == name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("colour", "red"),
        ("type", "float"),
        ("minimum", "3"),
        ("secret", False),
        ("meaning", "Ends with a full stop."),
        ("source", []),
        ("undocumented", ["default"]),
        ("default", "3"),
        ("since", "10"),
    ],
)
def test_the_validation_can_fail(field: str, value: object) -> None:
    entry = {"type": "integer", "meaning": "Something", "evidence": "observed", "source": ["a source"]}
    Entry.model_validate(entry)
    with pytest.raises(ValidationError):
        Entry.model_validate(entry | {field: value})


def test_defaults_and_choices_are_values_without_fault() -> None:
    values = [
        (facts, value) for facts in all_entries() for value in (*facts.choices, facts.default) if value is not None
    ]
    assert len(values) > 60
    assert [(facts.name, value) for facts, value in values if fault(facts, value)] == []


def test_the_constant_of_secrets_is_that_of_the_catalogue() -> None:
    assert set(secret_names()) == {facts.name for facts in all_entries() if facts.secret}
    assert [facts.name for facts in all_entries() if facts.secret != is_secret_name(facts.name)] == []


def test_no_two_tables_share_a_name_across_letter_case_by_accident() -> None:
    twins = [
        (section, name)
        for section in section_names()
        for name in read(section)["entry"]
        if sum(name.lower() == other.lower() for other in read(section)["entry"]) > 1
    ]
    assert twins == [
        ("Luna", "CommandTimeOutPedSet"),
        ("Luna", "CommandTimeoutPedSet"),
        ("REST", "AuthTokenClientId"),
        ("REST", "AuthTokenClientID"),
    ]


# --- against the collected facts -------------------------------------------------------------------------------------

TYPES = {"int": "integer", "bool": "boolean"}
SURE = {"documented": "documented", "example-seen": "observed", "inferred": "recalled"}
FIELDS = {"min": "minimum", "max": "maximum", "doc": "meaning"}
# What the catalogue says otherwise, and why.
MISSPELT = {"AutoReconnectedInterval"}
RENAMED = {"ClientConnectIntervalMS": "ClientConnectIntervalMs"}  # the spelling of a published file
MOVED = {"ValidateHost": "Misc"}  # where the one public profile that has it puts it
# Put right by a second audit: no file or program has DaemonPath, the entry is named DaemonName.
GONE = {"DaemonPath"}
DEFAULTS = {"PEDTimeout3": "20000", "PartitionPolicyTemplatePath": None}
RBS = (
    "HostName",
    "HostPort",
    "ClientAuthFile",
    "CmdProcessor",
    "NetServer",
    "ServerCertFile",
    "ServerPrivKeyFile",
    "ServerSSLConfigFile",
)
OBSERVED = {("RBS", name) for name in RBS}  # recalled first, found in installed clients since
PUBLISHED = OBSERVED | {  # recalled first, found in a published file of a cloud client since
    ("REST", "RestClient"),
    ("REST", "ClientTimeoutSec"),
    ("REST", "ClientPoolSize"),
    ("REST", "ClientEofRetryCount"),
    ("REST", "ClientConnectRetryCount"),
    ("REST", "ClientConnectIntervalMs"),
    ("XTC", "Enabled"),
    ("XTC", "TimeoutSec"),
    ("Presentation", "ShowEmptySlots"),
}


def collected() -> list[dict[str, Any]]:
    if not COLLECTED.is_file():
        pytest.skip(f"the collected facts are not beside this checkout: {COLLECTED}")
    entries: list[dict[str, Any]] = json.loads(COLLECTED.read_text())
    return [entry for entry in entries if entry["key"] not in MISSPELT | GONE]


def counterpart(entry: dict[str, Any]) -> EntryFacts:
    key = RENAMED.get(entry["key"], entry["key"]).replace("<group label>", "{label}")
    if entry["pattern"]:
        key = re.sub(r"NN(?=$|Label|SN|Members)|00$", "{NN}", key)
    section = section_facts(MOVED.get(entry["key"], entry["section"]))
    assert section is not None
    return section.entries[key]


def test_every_collected_entry_is_in_the_catalogue() -> None:
    names = {(facts.section, facts.name) for facts in map(counterpart, collected())}
    assert len(names) == len(collected()) == 167


def test_type_unit_platform_secret_and_bounds_are_those_collected() -> None:
    for entry in collected():
        facts = counterpart(entry)
        assert facts.type == TYPES.get(entry["type"], entry["type"]), entry
        assert facts.unit == entry.get("unit") or entry["key"] == "DomainParamTimeOut", entry
        if facts.section != "RBS":  # no Windows file with it is known
            assert facts.platform == (None if entry["platforms"] == "both" else entry["platforms"]), entry
        assert facts.secret == entry["secret"], entry
        if facts.type == "integer":
            assert (facts.minimum, facts.maximum) == (entry.get("min"), entry.get("max")), entry
        if facts.type not in {"boolean", "port"}:
            assert facts.choices == tuple(entry.get("choices", ())), entry


def test_defaults_are_those_collected_unless_two_texts_disagree() -> None:
    for entry in collected():
        expected = DEFAULTS.get(entry["key"], None if "(GEM)" in str(entry["default"]) else entry["default"])
        assert counterpart(entry).default == expected, entry


def test_no_entry_is_surer_than_collected_but_those_published_since() -> None:
    surer = set()
    for entry in collected():
        facts = counterpart(entry)
        if facts.evidence != SURE[entry["confidence"]]:
            surer.add((facts.section, facts.name))
            assert (facts.evidence, entry["confidence"]) == ("observed", "inferred")
    assert surer == PUBLISHED


def test_what_no_vendor_text_gives_is_named_on_documented_entries() -> None:
    for entry in collected():
        if entry["confidence"] == "documented":
            fields = {field.partition(":")[0] for field in entry.get("fields_not_from_vendor_text", ())}
            assert {FIELDS.get(field, field) for field in fields} <= set(counterpart(entry).undocumented), entry


def test_the_bounds_of_status_timeout() -> None:
    facts = entry_facts("HAConfiguration", "statusTimeout")
    assert facts is not None
    assert (facts.unit, facts.default, facts.minimum, facts.maximum, facts.since) == ("s", "3", 3, 60, "10.7.0")
    assert (facts.evidence, "minimum" in facts.undocumented, "maximum" in facts.undocumented) == (
        "documented",
        True,
        False,
    )


def test_real_files_hold_no_unknown_entry_but_the_faults_they_shipped() -> None:
    files = corpus()
    if not files:
        pytest.skip("no folder of real files: set CONFKIT_CORPUS, or put one in ../shared/corpus")
    unknown = set()
    for path in files:
        section = ""
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            header = re.match(r"\s*\[(.+)\]|\s*(\S[^={]*?)\s*=\s*\{", line)
            entry = re.match(r"\s*(\w+)\s*=", line)
            if header:
                section = header[1] or header[2]
            elif entry and entry_facts(section, entry[1], windows=path.suffix == ".ini") is None:
                unknown.add((section, entry[1]))
    assert unknown <= {("HAConfiguration", "ReconnAtt"), ("LunaSA Client", "HAOnly")}


# --- the second audit ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "key", "field", "value"),
    [
        ("CardReader", "LunaG7Slots", "type", "integer"),
        ("RBS", "DaemonName", "default", "RBSD"),
        ("RBS", "HostPort", "evidence", "observed"),
        ("PedServer", "ServerCAFile", "since", "7.2.0"),
        ("NBS", "ClientCAFile", "type", "path"),
        ("PTA", "HostName", "default", "127.0.0.1"),
        ("ViperClient", "NetClient", "type", "boolean"),
        ("ViperClient", "ServerName07", "type", "host"),
        ("Luna", "PEDTimeout3", "default", "20000"),
        ("Luna", "PEDTimeout2", "undocumented", ()),
        ("Misc", "PartitionPolicyTemplatePath", "default", None),
        ("Misc", "ProtectedAuthenticationPathFlagStatus", "since", "7.2.0"),
        ("Secure Trusted Channel", "ClientTokenLib", "since", "6.2.0"),
        ("LunaSA Client", "HtlDir", "until", "7.2.0"),
        ("Misc", "RSAKeyGenMechRemap", "until", "10.1.0"),
    ],
)
def test_the_facts_that_the_second_audit_put_right(section: str, key: str, field: str, value: object) -> None:
    facts = entry_facts(section, key)
    assert facts is not None
    assert getattr(facts, field) == value


def test_old_sections_are_marked_and_no_entry_is_said_to_belong_there() -> None:
    deprecated = {name for name in section_names() if (facts := section_facts(name)) and facts.deprecated}
    assert deprecated == {"HARecovery", "NBS", "PTA", "ViperClient"}
    assert {name.lower() for name in deprecated} == entry_places._OLD_SECTIONS
    assert sections_with("HostPort") == ("RBS",)
    assert sections_with("ServerCAFile") == sections_with("NetClient") == ("LunaSA Client",)
    assert sections_with("ClientCAFile") == ("NBS",)


def test_no_source_is_a_package_or_a_header_of_the_vendor() -> None:
    wrong = re.compile(r"\.deb\b|\.rpm\b|postinst|cryptoki_v2\.h|header", re.IGNORECASE)
    assert [(facts.name, source) for facts in all_entries() for source in facts.source if wrong.search(source)] == []
