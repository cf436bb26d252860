"""Pages as GitHub reads them become pages as the site's generator reads them; every page has a place in the navigation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from confkit.lint.page import FAMILIES
from testing.programs import REPOSITORY
from tools.site import reference
from tools.site.addresses import BESIDE_DOCS, CODE, pages
from tools.site.markdown import BrokenLinkError, for_site
from tools.site.navigation import navigation

PAGES = {"docs/README.md": "README.md", "docs/a/one.md": "a/one.md", "SECURITY.md": "security.md"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in (*PAGES, "samples/x.conf", "docs/a/picture.svg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    return tmp_path


def test_links_lead_to_pages_of_the_site_and_else_to_the_code(checkout: Path) -> None:
    text = (
        "[a](../README.md#b) [c](../../SECURITY.md) [d](../../samples/x.conf) [e](../../samples) [f](picture.svg)\n"
        "[g](#here) [h](https://example.org/x.md) `[i](none.md)`\n```\n[j](none.md)\n```\n"
    )
    assert for_site(text, "docs/a/one.md", PAGES, checkout) == (
        f"[a](../README.md#b) [c](../security.md) [d]({CODE}/blob/main/samples/x.conf) [e]({CODE}/tree/main/samples) "
        "[f](picture.svg)\n[g](#here) [h](https://example.org/x.md) `[i](none.md)`\n```\n[j](none.md)\n```\n"
    )


@pytest.mark.parametrize("link", ["none.md", "../../outside.md", "../../../outside.md"])
def test_a_link_to_nothing_is_named_with_page_line_and_what_to_do(checkout: Path, link: str) -> None:
    with pytest.raises(
        BrokenLinkError, match=r"^docs/a/one\.md:3: the link '.*' leads to .* Correct the path"
    ) as error:
        for_site(f"# T\n`code`\n[x]({link})\n", "docs/a/one.md", PAGES, checkout)
    assert repr(link) in str(error.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Text\n- a\n- b\n", "Text\n\n- a\n- b\n"),
        ("- a\n  - b\n    more\n- c\n", "- a\n    - b\n        more\n- c\n"),
        ("1. a\n\n   ```sh\n   x\n     y\n   ```\n2. b\n", "1. a\n\n    ```sh\n    x\n      y\n    ```\n2. b\n"),
        ("10. a\n    b\n", "10. a\n    b\n"),
        ("```\n- a\n  - b\n```\n", "```\n- a\n  - b\n```\n"),
        ("| `a\\|b` | c\\|d |\n|---|---|\n| x | y |\n", "| `a|b` | c\\|d |\n|---|---|\n| x | y |\n"),
        ("```conf escaped base=ha\nx\n```\n", "```conf\nx\n```\n"),
        ("<!-- made -->\n\n# Title\n", "# Title\n"),
    ],
)
def test_what_the_generator_reads_otherwise_is_put_right(checkout: Path, text: str, expected: str) -> None:
    assert for_site(text, "docs/a/one.md", PAGES, checkout) == expected


def flat(nav: Any) -> list[str]:
    """Return the pages of a navigation in their order."""
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    return [page for part in parts for page in flat(part)]


def test_every_page_stands_in_the_navigation_once() -> None:
    everything = [*pages().values(), *(name for name in reference.pages() if name.endswith(".md"))]
    found = flat(navigation(set(everything), tuple(FAMILIES.items())))
    assert sorted(found) == sorted(set(everything))
    assert found[0] == "README.md"


def test_a_new_page_and_a_new_directory_need_no_change() -> None:
    known = {"README.md", "rules/README.md", "entries.md", "decisions/README.md", "reference/commands/README.md"}
    nav = navigation({*known, "how-to/new.md", "new/page.md", "rules/CK999.md"}, (("CK1", "Layout"),))
    assert {"More": ["new/page.md"]} in nav
    assert {"How-to guides": "how-to/new.md"} in nav
    assert sorted(flat(nav)) == sorted({*known, "how-to/new.md", "new/page.md", "rules/CK999.md"})


def test_pages_outside_docs_are_there() -> None:
    for name in BESIDE_DOCS:
        assert (REPOSITORY / name).is_file(), f"{name} is gone: take it out of BESIDE_DOCS in tools/site/addresses.py"
