"""The pages hang together: every relative link leads to a file that is there, and to a heading that it has."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from testing.checkout import own_files
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted(own_files("*.md"))
_LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?\)")
_CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^#+ (.*?) *#*$", re.MULTILINE)


@cache
def prose(page: Path) -> str:
    """Return the text of a page without code and comments."""
    return _CODE.sub("", _COMMENT.sub("", page.read_text()))


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    titles = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title) for title in _HEADING.findall(text))
    return frozenset(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles)


def broken(page: Path) -> list[str]:
    """Return the relative links of a page that lead nowhere."""
    faults = []
    for target in _LINK.findall(prose(page)):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        there = file.exists() and file.is_relative_to(REPOSITORY)
        if not there or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            faults.append(target)
    return faults


def test_there_are_pages_with_links() -> None:
    assert len(PAGES) > 100
    assert sum(len(_LINK.findall(prose(page))) for page in PAGES) > 100


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_a_link_that_leads_nowhere_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.REPOSITORY", tmp_path)
    (tmp_path / "there.md").write_text("# A heading, `with` code\n")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md) [b](there.md#a-heading-with-code) [c](https://example.org/none) `[d](none.md)`\n"
        "[e](none.md) [f](there.md#none) [g](#none) [h](../outside.md)\n"
    )
    assert broken(page) == ["none.md", "there.md#none", "#none", "../outside.md"]


_NAMED = re.compile(r"`((?:tests|testing|tools|benchmarks)/[\w/.]*)`")
PROOFS = sorted(
    {(page, path) for page in PAGES for path in _NAMED.findall(page.read_text()) if page.name != "CHANGELOG.md"},
    key=str,
)


def test_the_threats_name_their_proofs() -> None:
    assert sum(page.name == "SECURITY.md" for page, _ in PROOFS) >= 20


@pytest.mark.parametrize(("page", "path"), PROOFS, ids=lambda each: str(each).rpartition("/")[2])
def test_every_test_that_a_page_names_exists(page: Path, path: str) -> None:
    pattern = re.sub(r"[A-Z]{3,}", "*", path)  # test_VERB.py
    assert list(REPOSITORY.glob(pattern.rstrip("/"))), f"{page.name} names {path}"
