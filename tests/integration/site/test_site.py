"""The built site: every link and anchor, no other host, the search, what a reader needs to use it, and the links of reports."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import suppress
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from confkit.lint.linter import SITE, page_of
from confkit.lint.rules import RULES
from testing.programs import REPOSITORY
from testing.site import MODULES, Served, needs_docs
from tools.command_line import command_line, every_command
from tools.site.markdown import BrokenLinkError
from tools.site.source import Place, write_source

PAGES = (
    "",
    "tutorial/first-steps/",
    "how-to/lint-in-ci/",
    "reference/specification/",
    "reference/commands/lint/",
    "reference/json-schemas/",
    "reference/python-api/",
    "rules/",
    "rules/CK101/",
    "entries/",
    "entries/haconfiguration/",
    "playground/",
)
# One page of each kind; axe-core takes seconds for a page with long tables.
LOOKED_AT = {
    "light": ("", "reference/commands/lint/", "rules/CK101/", "entries/haconfiguration/", "playground/"),
    "dark": ("", "reference/python-api/", "playground/"),
}
PYTHON_STARTS = 90_000  # milliseconds; a busy machine takes a while to compile Pyodide
_FIRST = 10  # results that a reader looks at
_OFFERED = """([wanted, first]) => [...document.querySelectorAll('.md-search-result__link')].slice(0, first)
    .some((each) => each.href.includes(wanted))"""
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}


class Page(HTMLParser):
    """The links and the anchors of a page, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.anchors.add(values.get("id", ""))
        if tag == "a":
            self.anchors.add(values.get("name", ""))
            self.links += [values["href"]] if "href" in values else []
        elif tag == "link" and values.get("rel") in {"stylesheet", "icon", "preload", "preconnect"}:
            self.loaded.append(values.get("href", ""))
        elif tag in {"script", "img", "iframe", "source", "video"}:
            self.loaded.append(values.get("src", ""))


@cache
def read(path: Path) -> Page:
    return Page(path.read_text("utf-8"))


def pages(html: Path) -> list[Path]:
    return sorted(path for path in html.rglob("*.html") if path.name != "404.html")


def test_every_link_and_every_anchor_leads_somewhere(html: Path) -> None:
    faults = []
    count = 0
    for page in pages(html):
        own = "/" + page.relative_to(html).as_posix().removesuffix("index.html")
        for link in read(page).links:
            split = urlsplit(urljoin(own, link))
            if urlsplit(link).scheme or link.startswith("//"):
                continue
            count += 1
            target = html / unquote(split.path).lstrip("/")
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                faults.append(f"{own}: {link}")
            elif split.fragment and target.suffix == ".html" and unquote(split.fragment) not in read(target).anchors:
                faults.append(f"{own}: {link} (no such anchor)")
    assert faults == []
    assert count > 5000


def test_no_page_loads_anything_of_another_host(html: Path) -> None:
    for page in pages(html):
        assert [each for each in read(page).loaded if urlsplit(each).netloc] == [], page
    for sheet in html.rglob("*.css"):
        assert not re.search(r"url\((?![\"']?data:)[\"']?(?:https?:)?//", sheet.read_text("utf-8")), sheet


@pytest.mark.parametrize("size", SIZES)
def test_a_browser_asks_no_other_host_and_no_page_is_wider_than_it(
    site: Served, browser: Any, size: str, tmp_path: Path
) -> None:
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    for name in PAGES:
        page.goto(f"{site.address}{name}", wait_until="load")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (name, wide)
        assert page.screenshot(path=str(tmp_path / f"{size}-{name.strip('/').replace('/', '-')}.png"))
    page.close()
    assert [url for url in asked if not url.startswith((site.address, "data:", "blob:"))] == []
    assert faults == []
    assert len(asked) > len(PAGES)


@pytest.mark.parametrize("scheme", LOOKED_AT)
def test_axe_finds_nothing_serious(site: Served, browser: Any, scheme: str) -> None:
    axe = (MODULES / "axe-core" / "axe.min.js").read_text("utf-8")
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    found = []
    for name in LOOKED_AT[scheme]:
        page.goto(f"{site.address}{name}", wait_until="load")
        if name == "playground/":
            page.locator("#pg-status[data-state=done]").wait_for(timeout=PYTHON_STARTS)
        page.evaluate(axe)
        violations = page.evaluate("async () => (await axe.run()).violations")
        found += [
            (name or "/", each["id"], each["impact"], [node["html"][:100] for node in each["nodes"]][:3])
            for each in violations
            if each["impact"] in {"serious", "critical"}
        ]
    context.close()
    assert found == []


def test_dark_and_light_follow_the_system_and_the_reader(site: Served, browser: Any) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(site.address, wait_until="load")
    colour = "getComputedStyle(document.body).getPropertyValue('--md-default-bg-color')"
    dark = page.evaluate(colour)
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"{colour} != {dark!r}")
    light = page.evaluate(colour)
    page.locator("form[data-md-component=palette] label:visible").click()  # automatic -> light
    page.locator("form[data-md-component=palette] label:visible").click()  # light -> dark
    page.wait_for_function(f"{colour} == {dark!r}")
    context.close()
    assert light != dark


def _timeout() -> type[Exception]:
    from playwright.sync_api import TimeoutError as Timeout  # noqa: PLC0415 - of the extra docs

    return Timeout  # type: ignore[no-any-return]


def searched(page: Any, words: str, wanted: str) -> list[str]:
    """Return the first addresses that the search offers, once `wanted` is among them or time is up.

    Results come while the words are still being typed, so the first ones may be those of a part of them; words that were
    typed before the search had its index are typed again.
    """
    links = page.locator(".md-search-result__link")
    for _ in range(10):
        page.locator(".md-search__input").fill("")
        page.locator(".md-search__input").press_sequentially(words)
        with suppress(_timeout()):
            page.wait_for_function(_OFFERED, arg=[wanted, _FIRST], timeout=6000)
            break
    return list(links.evaluate_all("found => found.map((each) => each.href)"))[:_FIRST]


def test_the_search_finds_an_entry_a_rule_and_an_option(site: Served, browser: Any) -> None:
    page = browser.new_page()
    for words, wanted in (
        ("statusTimeout", "entries/haconfiguration/"),
        ("missing-semicolon", "rules/CK101/"),
        ("write-baseline", "reference/commands/lint/"),
    ):
        page.goto(site.address, wait_until="load")
        links = searched(page, words, wanted)
        assert any(wanted in link for link in links), (words, links)
    page.close()


def test_the_rule_links_of_reports_lead_into_the_site(html: Path) -> None:
    settings = (REPOSITORY / "tools" / "site" / "mkdocs.yml").read_text()
    (address,) = re.findall(r"^site_url: (\S+)", settings, re.MULTILINE)
    assert f"{address}latest/" == SITE
    for rule in RULES:
        page = html / page_of(rule).removeprefix(SITE) / "index.html"
        assert f"{rule.code} {rule.name}" in page.read_text("utf-8")


def test_the_reference_has_every_command_with_every_option(html: Path) -> None:
    for command in every_command(command_line()):
        page = html / "reference" / "commands" / (command.words[0] if command.words else "") / "index.html"
        shown = re.sub(r"<[^>]+>", "", page.read_text("utf-8"))
        missing = [each.form for each in command.options if each.form.split()[0].rstrip(",") not in shown]
        assert missing == [], command.name
        assert command.name in shown


def test_a_link_that_leads_nowhere_is_named_with_its_line_and_what_to_do(tmp_path: Path) -> None:
    needs_docs()
    root = tmp_path / "checkout"
    (root / "docs").mkdir(parents=True)
    (root / "docs" / "README.md").write_text("# Home\n\nText `[b](none.md)`\n[a](none.md)\n")
    with pytest.raises(
        BrokenLinkError, match=r"docs/README.md:4: the link 'none.md' leads to docs/none.md, which does"
    ):
        write_source(Place(tmp_path / "site"), root, with_playground=False)


def test_an_anchor_that_is_not_there_fails_the_build(tmp_path: Path) -> None:
    """The strict build itself, of all pages with one more link; without it there is nothing to warn of."""
    needs_docs()
    place = Place(tmp_path / "site")
    write_source(place, with_playground=False)
    home = place.source / "README.md"
    home.write_text(home.read_text("utf-8") + "\n[a](entries.md#none)\n", "utf-8")
    build = [sys.executable, "-m", "mkdocs", "build", "--config-file", str(place.configuration)]
    done = subprocess.run(build, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    warnings = [line for line in done.stderr.splitlines() if line.startswith("WARNING")]
    assert done.returncode == 1, done.stderr
    assert len(warnings) == 1, warnings
    assert "'README.md'" in warnings[0]
    assert "#none" in warnings[0]
