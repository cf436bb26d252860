"""Which files become pages of the site, under which path, and where a link to anything else leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.generate import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

CODE = "https://github.com/luna-confkit/confkit"
# Pages that lie outside docs/, by their path in the checkout; everything in docs/ keeps its path.
BESIDE_DOCS = {
    "CHANGELOG.md": "changelog.md",
    "CODE_OF_CONDUCT.md": "contributing/code-of-conduct.md",
    "CONTRIBUTING.md": "contributing/README.md",
    "SECURITY.md": "security.md",
    "integrations/ansible/README.md": "how-to/use-with-ansible.md",
    "integrations/ansible/roles/status_timeout/README.md": "how-to/use-the-ansible-role.md",
    "integrations/augeas/README.md": "how-to/use-with-augeas.md",
    "integrations/editors/README.md": "how-to/set-up-an-editor.md",
    "integrations/image/README.md": "how-to/build-an-image.md",
}


def pages(root: Path = REPOSITORY) -> dict[str, str]:
    """Return the path in the site's source of every Markdown file that becomes a page, by its path in the checkout."""
    there = {name: page for name, page in BESIDE_DOCS.items() if (root / name).is_file()}
    docs = (path.relative_to(root).as_posix() for path in sorted((root / "docs").rglob("*.md")))
    return {**{name: name.removeprefix("docs/") for name in docs}, **there}


def address(name: str, root: Path = REPOSITORY) -> str:
    """Return where a file or a directory of the checkout can be looked at that is no page of the site."""
    return f"{CODE}/{'tree' if (root / name).is_dir() else 'blob'}/main/{name}"
