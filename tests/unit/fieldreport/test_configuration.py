"""What of a file is shown: names that everybody knows, and numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from confkit.core.catalogue.loader import read_section
from confkit.core.catalogue.names import SECTION_NAMES
from confkit.core.syntax import parse
from confkit.fieldreport.configuration import section_views
from confkit.fieldreport.pseudonyms import Pseudonyms
from testing.programs import corpus

UNIX = b"""\
Chrystoki2 = {
   LibUNIX64 = /opt/acme/libCryptoki2_64.so;
}
VirtualToken = {
   VirtualToken00Label = payroll;
   VirtualToken00SN = 1154438865287;
   VirtualToken00Members = 154438865287,154438865288;
}
HASynchronize = {
   payroll = 1;
}
HAConfiguration = {
   payrollStandbyMembers = 154438865288;
   statusTimeout = 10;
   HAOnly = acme;
}
REST = {
   AuthTokenClientSecret = hunter2;
   AuthTokenClientSecretTwo = hunter3;
   ServerName = eu.acme.example;
   ServerPort = 443;
}
Acme = {
   AcmeMode = 5;
}
"""


def shown(source: bytes, name: str = "Chrystoki.conf") -> dict[str, dict[str, str]]:
    views = section_views(parse(source, name), Pseudonyms())
    return {view.name: {entry.name: entry.value for entry in view.entries} for view in views}


def test_known_names_and_numbers_are_shown_and_nothing_else() -> None:
    assert shown(UNIX) == {
        "Chrystoki2": {"LibUNIX64": "path-1"},
        "VirtualToken": {
            "VirtualToken{NN}Label": "label-1",
            "VirtualToken{NN}SN": "serial-1",
            "VirtualToken{NN}Members": "serial-2, serial-3",
        },
        "HASynchronize": {"{label}": "1"},
        "HAConfiguration": {
            "{label}StandbyMembers": "serial-3",
            "statusTimeout": "10",
            "HAOnly": "value-1",
        },
        "REST": {
            "AuthTokenClientSecret": "secret-1",
            "a secret": "secret-2",
            "ServerName": "host-1",
            "ServerPort": "443",
        },
        "section-1": {"entry-1": "value-2"},
    }


def test_the_windows_form_too() -> None:
    source = b"[lunasa client]\r\nservername00=hsm1.acme.example\r\nServerPort00=1792\r\n"
    assert shown(source, "crystoki.ini") == {
        "LunaSA Client": {"ServerName{NN}": "host-1", "ServerPort{NN}": "1792"},
    }


ALPHABET = "qwzkx0123456789"
WORDS = st.text(ALPHABET, min_size=6, max_size=20)
KEYS = st.sampled_from([name for section in SECTION_NAMES for name in read_section(section).entries])


@given(st.sampled_from(SECTION_NAMES), st.lists(st.tuples(KEYS | WORDS, WORDS), max_size=6))
def test_no_word_of_the_site_s_own_is_shown(section: str, entries: list[tuple[str, str]]) -> None:
    lines = "".join(f"   {name.replace('{NN}', '07')} = {value};\n" for name, value in entries)
    text = str(shown(f"{section} = {{\n{lines}}}\n".encode()))
    values = [value for _name, value in entries if not value.isdigit()]
    assert [value for value in values if value in text] == []


def test_no_text_of_a_real_file_is_shown() -> None:
    for path in corpus():
        document = parse(path.read_bytes(), path.name)
        views = section_views(document, Pseudonyms())
        values = [entry.value for section in document.sections for entry in section.entries]
        shown_values = {entry.value for view in views for entry in view.entries}
        # of the values that are kept all are numbers, or words that the catalogue offers as a choice
        kept = shown_values & set(values) - {""}
        assert [value for value in kept if not value.lstrip("-").isdigit() and len(value) > 12] == []
