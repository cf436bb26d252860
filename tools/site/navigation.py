"""The order of the pages. A new page needs no line here: it stands behind those that are named, in its directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Nav = list[Any]

# Title of a group -> what is in it, in this order: a page, or all pages of a directory (which ends in a slash) that are
# not named elsewhere. Within a directory README.md comes first.
_GROUPS: dict[str, tuple[str, ...]] = {
    "": ("README.md",),
    "Tutorial": ("tutorial/",),
    "How-to guides": (
        "how-to/lint-in-ci.md",
        "how-to/edit-by-intention.md",
        "how-to/check-a-host.md",
        "how-to/monitor-a-group.md",
        "how-to/",
    ),
    "Reference": (
        "reference/specification.md",
        "reference/commands/",
        "rules/",
        "entries/",
        "reference/settings.md",
        "reference/exit-codes.md",
        "reference/json-schemas.md",
        "reference/python-api.md",
        "reference/",
    ),
    "Explanation": ("explanation/verdict.md", "explanation/", "architecture.md", "decisions/"),
    "Contributing": ("contributing/README.md", "contributing/", "security.md", "changelog.md"),
    "Playground": ("playground/",),
}
# Directories that are a group of their own within a group, with the page that stands for it and its title.
_BELOW = {
    "reference/commands/": ("Commands", "reference/commands/README.md"),
    "rules/": ("Rules", "rules/README.md"),
    "entries/": ("Entries", "entries.md"),
    "decisions/": ("Decisions", "decisions/README.md"),
}
_OTHERS = "More"


def navigation(pages: Iterable[str], families: Sequence[tuple[str, str]]) -> Nav:
    """Return the nav of the site's configuration, in which every page stands once.

    `families` are the beginnings of rule codes with their titles.
    """
    left = sorted(pages, key=lambda page: (not page.endswith("README.md"), page))
    named = {page for contents in _GROUPS.values() for page in contents if not page.endswith("/")}
    named |= {page for _, page in _BELOW.values()}
    below = tuple(_BELOW)
    nav: Nav = []
    taken: set[str] = set()
    for title, contents in _GROUPS.items():
        group: Nav = []
        for place in contents:
            if place in _BELOW:
                name, index = _BELOW[place]
                inside = [page for page in left if page.startswith(place) and page != index]
                taken |= {index, *inside}
                group.append({name: [index, *(_by_family(inside, families) if place == "rules/" else inside)]})
            elif place.endswith("/"):
                found = [each for each in left if each.startswith(place) and each not in named]
                found = [each for each in found if not each.startswith(below) or place in _BELOW]
                taken |= {*found}
                group += found
            elif place in left:
                taken.add(place)
                group.append(place)
        nav += group if not title else [{title: group[0] if len(group) == 1 and isinstance(group[0], str) else group}]
    others = [page for page in left if page not in taken]
    return [*nav, {_OTHERS: others}] if others else nav


def _by_family(pages: Sequence[str], families: Sequence[tuple[str, str]]) -> Nav:
    found = [(title, [page for page in pages if page.startswith(f"rules/{code}")]) for code, title in families]
    known = {page for _, inside in found for page in inside}
    return [{title: inside} for title, inside in found if inside] + [page for page in pages if page not in known]
