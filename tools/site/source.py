"""Write what the site's generator reads: every page as it wants them, and its configuration."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import yaml

from confkit.lint.page import FAMILIES
from tools.generate import REPOSITORY
from tools.site import addresses, reference
from tools.site.markdown import for_site
from tools.site.navigation import navigation
from tools.site.playground import write_playground

HERE = Path(__file__).resolve().parent
_ASSETS = HERE / "assets"


class Place(NamedTuple):
    """Where a site is built: `directory` holds its configuration, its source, and the pages as HTML."""

    directory: Path

    @property
    def configuration(self) -> Path:
        """What MkDocs, and mike, are told to read."""
        return self.directory / "mkdocs.yml"

    @property
    def source(self) -> Path:
        """The pages as Markdown."""
        return self.directory / "source"

    @property
    def html(self) -> Path:
        """The site."""
        return self.directory / "html"


def write_source(place: Place, root: Path = REPOSITORY, *, with_playground: bool = True) -> None:
    """Write the source of the site and its configuration, in place of what was there.

    BrokenLinkError as `for_site`, NotBuiltError as `write_playground`.
    """
    shutil.rmtree(place.source, ignore_errors=True)
    own = addresses.pages(root)
    written = {own[name]: for_site((root / name).read_text("utf-8"), name, own, root) for name in own}
    written |= reference.pages()
    for name, text in written.items():
        path = place.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for path in (root / "docs").rglob("*"):
        if path.is_file() and path.suffix != ".md":
            target = place.source / path.relative_to(root / "docs")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    shutil.copytree(_ASSETS, place.source / "assets")
    if with_playground:
        write_playground(place.source / "playground")
    pages = [path.relative_to(place.source).as_posix() for path in place.source.rglob("*.md")]
    configure(place, pages)


def configure(place: Place, pages: list[str]) -> None:
    """Write the configuration: that of this directory, with all that depends on the place and on the pages."""
    settings = {
        "INHERIT": str(HERE / "mkdocs.yml"),
        "docs_dir": str(place.source),
        "site_dir": str(place.html),
        "theme": {"custom_dir": str(HERE / "theme")},
        "hooks": [str(HERE / "hooks.py")],
        "plugins": {"mkdocstrings": {"handlers": {"python": {"paths": [str(REPOSITORY)]}}}},
        "nav": navigation(pages, tuple(FAMILIES.items())),
    }
    place.configuration.write_text(yaml.safe_dump(settings, sort_keys=False, allow_unicode=True), "utf-8")
