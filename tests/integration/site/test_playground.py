"""The playground in Chromium: the findings and the fixes of the command line, and nothing that leaves the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from testing.command import confkit
from testing.programs import REPOSITORY
from testing.site import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.site import Served

PYTHON_STARTS = 90_000  # milliseconds; a busy machine takes a while to compile Pyodide
SAMPLES = sorted(
    path for path in (REPOSITORY / "samples").rglob("*") if path.suffix in {".conf", ".ini"} and path.stat().st_size
)
# what no editor shows as it is: CR LF, a lone CR, bytes that are not UTF-8, a byte order mark, characters of two code units
AWKWARD = {
    "crlf.ini": b"[Misc]\r\nToolsDir=/x;\r\nToolsDir=/y\r\n",
    "mixed.conf": b"Misc = {\r\n  ToolsDir = /x\n  A = 1;\r  B = \xf0\x9f\x94\x92 \t1;;\n}\n",
    "latin1.conf": b"Misc = {\n  ToolsDir = /caf\xe9/x \n}\n",
    "mark.conf": b"\xef\xbb\xbfMisc = {\n  ToolsDir = /x\n}\n",
    "empty.conf": b"",
}
Row = tuple[str, str, int, int, str]
"""Severity, code, line, column, and the text of message and help"""
CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.fixture(scope="module")
def page(site: Served, browser: Any) -> Iterator[Any]:
    """The playground, loaded and ready."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    opened.goto(f"{site.address}playground/", wait_until="load")
    done(opened)
    yield opened
    context.close()


def done(page: Any) -> str:
    """Wait until the linter has answered; return what the page says."""
    page.locator("#pg-status[data-state=done]").wait_for(timeout=PYTHON_STARTS)
    return str(page.locator("#pg-status").inner_text())


def put(page: Any, name: str, source: bytes) -> None:
    """Open a file on the page, as a reader chooses one."""
    page.evaluate("document.querySelector('#pg-status').dataset.state = 'none'")
    page.locator("#pg-open").set_input_files({"name": name, "mimeType": "text/plain", "buffer": source})
    done(page)


def found(page: Any) -> list[Row]:
    """Return what the list of findings shows: severity, code, line, column, text."""
    rows = page.locator("#pg-findings button").evaluate_all(
        "found => found.map(({ dataset, textContent }) => ({ ...dataset, textContent }))"
    )
    return [
        (row["severity"], row["code"], int(row["line"]), int(row["column"]), row["textContent"].split(" ", 2)[2])
        for row in rows
    ]


def of_command_line(directory: Path) -> dict[Path, list[Row]]:
    """Return what `confkit lint` finds in each file below a directory."""
    report = json.loads(confkit("lint", *map(str, sorted(directory.glob("*/*.[ci]*"))), "--format", "json").out)
    rows: dict[Path, list[Row]] = {}
    for each in report["diagnostics"]:
        text = f"{each['message']}{' ' + each['help'] if each['help'] else ''}"
        row = (each["severity"], each["code"], each["line"], each["column"], text)
        rows.setdefault(Path(each["path"]), []).append(row)
    return rows


def saved(page: Any) -> bytes:
    """Return the file that the page saves."""
    with page.expect_download() as download:
        page.locator("#pg-save").click()
    return bytes(download.value.path().read_bytes())


def test_findings_fixes_and_bytes_are_those_of_the_command_line(page: Any, tmp_path: Path) -> None:
    sources = [*((path.name, path.read_bytes()) for path in SAMPLES), *AWKWARD.items()]
    paths = []
    for at, (name, source) in enumerate(sources):
        path = tmp_path / f"{at:02}" / ("crystoki.ini" if name.endswith(".ini") else "Chrystoki.conf")
        path.parent.mkdir()
        path.write_bytes(source)
        paths.append(path)
    expected = of_command_line(tmp_path)
    confkit("lint", *map(str, paths), "--fix")
    fixed = 0
    for (name, source), path in zip(sources, paths, strict=True):
        put(page, name, source)
        assert found(page) == expected.get(path, []), name
        assert saved(page) == source, name
        if page.locator("#pg-fix").is_enabled():
            page.evaluate("document.querySelector('#pg-status').dataset.state = 'none'")
            page.locator("#pg-fix").click()
            done(page)
            assert saved(page) == path.read_bytes(), name
            fixed += path.read_bytes() != source
    assert len(sources) > 30
    assert fixed > 3


def test_a_finding_stands_in_the_gutter_and_shows_the_page_of_its_rule(page: Any) -> None:
    put(page, "Chrystoki.conf", b"Misc = {\n  ToolsDir = /x\n  \xf0\x9f\x94\x92 = 1\n}\n")
    page.locator(".cm-lint-marker-error").first.wait_for(state="attached")
    page.locator("#pg-findings button[data-code=CK101]").first.click()
    assert "CK101 missing-semicolon" in page.locator("#pg-rule").inner_text()
    link = page.locator("#pg-rule h2 a").first.get_attribute("href")
    assert link.endswith("/rules/CK101/")
    line = page.evaluate("document.querySelector('.cm-activeLine').textContent")
    assert line == "  ToolsDir = /x"


def test_a_paste_and_a_drop_are_linted(page: Any) -> None:
    put(page, "Chrystoki.conf", b"")
    page.locator(".cm-content").click()
    page.evaluate("document.querySelector('#pg-status').dataset.state = 'none'")
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "Misc = {\\r\\n  ToolsDir = /x\\r\\n}\\r\\n");
          const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          document.querySelector(".cm-content").dispatchEvent(paste);
        }"""
    )
    done(page)
    assert [code for _, code, *_ in found(page)] == ["CK101"]
    page.evaluate("document.querySelector('#pg-status').dataset.state = 'none'")
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["[Misc]\\nToolsDir=/x;\\n"], "crystoki.ini"));
          const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
          document.querySelector(".cm-content").dispatchEvent(drop);
        }"""
    )
    done(page)
    assert page.locator("#pg-name").input_value() == "crystoki.ini"
    assert "CK104" in [code for _, code, *_ in found(page)]


def test_a_link_is_made_on_request_only_and_brings_the_very_file(site: Served, browser: Any) -> None:
    context = browser.new_context(permissions=CLIPBOARD, accept_downloads=True)
    first = context.new_page()
    first.goto(f"{site.address}playground/", wait_until="load")
    done(first)
    put(first, "crystoki.ini", AWKWARD["crlf.ini"] + b"\xff")
    assert "#" not in first.url, "no link before the button"
    first.locator("#pg-share").click()
    first.wait_for_url("**/playground/#v1.*")
    link = first.evaluate("navigator.clipboard.readText()")
    assert link == first.url
    assert "ToolsDir" not in link
    second = context.new_page()
    second.goto(link, wait_until="load")
    done(second)
    assert second.locator("#pg-name").input_value() == "crystoki.ini"
    assert saved(second) == AWKWARD["crlf.ini"] + b"\xff"
    assert not any("v1." in path for path in site.asked), "what is behind the # reaches no server"
    context.close()


def test_nothing_leaves_the_page(html: Path, browser: Any) -> None:
    """No request of any kind after loading, and with the network off and the server gone all of it works."""
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    with serving(html) as site:
        page.goto(f"{site.address}playground/", wait_until="networkidle")
        done(page)
        loaded, reached = len(asked), len(site.asked)
        assert all(url.startswith(site.address) for url in asked)
        put(page, "Chrystoki.conf", b"HAConfiguration = {\n  haLogPath = /secret-place\n}\n")
        assert found(page)
        assert (len(asked), len(site.asked)) == (loaded, reached)
    context.set_offline(True)
    put(page, "crystoki.ini", b"[Misc]\nToolsDir=/secret-place;\n")
    assert "CK104" in [code for _, code, *_ in found(page)]
    put(page, "Chrystoki.conf", b"Misc = {\n  ToolsDir = /secret-place\n}\n")
    page.locator("#pg-fix:enabled").click()
    page.locator("#pg-findings button[data-code=CK101]").wait_for(state="detached")
    assert saved(page) == b"Misc = {\n  ToolsDir = /secret-place;\n}\n"
    page.locator("#pg-share").click()
    page.wait_for_url("**/playground/#v1.*")
    later = [url for url in asked[loaded:] if not url.startswith("blob:")]
    assert later == []
    refused = page.evaluate("fetch('https://example.org/').then(() => 'sent', (error) => String(error))")
    assert refused != "sent"
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert "connect-src 'self'" in policy
    assert "form-action 'none'" in policy
    context.close()
