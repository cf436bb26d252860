"""From Markdown as GitHub reads it to Markdown as the site's generator reads it.

Pages are written for both. What differs is put right here, and not in the pages: links that lead out of docs/, lists
that are nested by less than four spaces or follow a line of text, escaped bars in code in tables, words behind the
language of a block of code, and a remark above the title, which would hide it.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from markdown_it import MarkdownIt

from tools.site.addresses import address

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CODE = re.compile(r"^ *(?P<fence>`{3,}|~{3,}).*?^ *(?P=fence)|`[^`\n]*`|<!--.*?-->", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?P<head>\]\(<?)(?P<target>[^)\s>]+)(?P<tail>>?(?: \"[^\"]*\")?\))")
_WORDS_BEHIND_LANGUAGE = re.compile(r"^( *(?:`{3,}|~{3,})[\w-]+)[ \t]+[^`\n]*$", re.MULTILINE)
_TABLE_ROW = re.compile(r"^ *\|.*\|$", re.MULTILINE)
_CODE_IN_ROW = re.compile(r"`[^`\n]*`")
_REMARK_ABOVE = re.compile(r"\A\s*<!--.*?-->\s*", re.DOTALL)
_MARKER = re.compile(r"(?P<indent> *)(?P<marker>[-*+]|\d+[.)])(?P<gap> +|$)")
_INDENT = 4  # of Python-Markdown, for each level of a list


class BrokenLinkError(Exception):
    """A link of a page leads to nothing in the checkout."""


class _Item(NamedTuple):
    first: int
    end: int
    content: int
    """Column in which the text of the item starts"""


def for_site(text: str, name: str, pages: Mapping[str, str], root: Path) -> str:
    """Return the text of a page for the site's generator. BrokenLinkError names page, line and link.

    `name` is the path of the page in the checkout `root`; `pages` are those of the site, by the same.
    """
    linked = _REMARK_ABOVE.sub("", _links(text, name, pages, root))
    return _lists(_rows(_WORDS_BEHIND_LANGUAGE.sub(r"\1", linked)))


def _rows(text: str) -> str:
    """Return the text with bars in the code of tables as they are: GitHub wants them escaped there, and nobody else."""

    def row(found: re.Match[str]) -> str:
        return _CODE_IN_ROW.sub(lambda code: code[0].replace("\\|", "|"), found[0])

    return _TABLE_ROW.sub(row, text)


def _links(text: str, name: str, pages: Mapping[str, str], root: Path) -> str:
    """Return the text with every relative link as it leads on in the site, or to the code where it leaves the site."""
    done, position = [], 0
    for code in [*_CODE.finditer(text), None]:
        prose = text[position : code.start() if code else len(text)]
        line = text.count("\n", 0, position) + 1
        done += [_links_of_prose(prose, line, name, pages, root), code[0] if code else ""]
        position = code.end() if code else len(text)
    return "".join(done)


def _links_of_prose(prose: str, line: int, name: str, pages: Mapping[str, str], root: Path) -> str:
    def led(link: re.Match[str]) -> str:
        path, mark, anchor = link["target"].partition("#")
        if re.match(r"[a-z][a-z0-9+.-]*:", link["target"]) or not path:
            return link[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        if target in pages:
            found = posixpath.relpath(pages[target], posixpath.dirname(pages[name]) or ".")
        elif target.startswith("docs/") and (root / target).is_file():
            found = posixpath.relpath(target.removeprefix("docs/"), posixpath.dirname(pages[name]) or ".")
        elif not target.startswith("..") and (root / target).exists():
            found = address(target, root)
        else:
            at = line + prose.count("\n", 0, link.start())
            raise BrokenLinkError(
                f"{name}:{at}: the link {link['target']!r} leads to {target}, which does not exist. "
                "Correct the path, which is relative to the page's own directory."
            )
        return f"{link['head']}{found}{mark}{anchor}{link['tail']}"

    return _LINK.sub(led, prose)


def _lists(text: str) -> str:
    """Return the text with four spaces for each level of a list, and an empty line before each list."""
    lines = text.split("\n")
    items = _items(lines)
    if not items:
        return text
    within: list[list[_Item]] = [[] for _ in lines]
    for item in items:
        for at in range(item.first, item.end):
            within[at].append(item)  # outer items come first
    done: list[str] = []
    for at, (line, around) in enumerate(zip(lines, within, strict=True)):
        outer = [item for item in around if item.first != at]
        starting = len(around) - len(outer)
        taken = min(outer[-1].content if outer else 0, len(line) - len(line.lstrip(" ")))
        written = " " * (_INDENT * len(outer)) + line[taken:] if line.strip() else ""
        if starting and not outer and at and lines[at - 1].strip() and not within[at - 1]:
            done.append("")
        done.append(written)
    return "\n".join(done)


def _items(lines: list[str]) -> list[_Item]:
    """Return all items of lists, each before those in it."""
    found = []
    for token in MarkdownIt("commonmark").enable("table").parse("\n".join(lines)):
        if token.type == "list_item_open" and token.map:
            first, end = token.map
            marker = _MARKER.match(lines[first])
            if marker:  # else it starts in the line of another item, which nobody writes
                found.append(_Item(first, end, marker.end() if marker["gap"] else marker.end() + 1))
    return found
