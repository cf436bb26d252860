"""Check that this commit can be released: `python -m tools.release [--tag vX.Y.Z] [--notes]`.

Without a tag it says what comes next by hand (docs/contributing/release.md). The release workflow hands it the tag
that was pushed, which has to be that of the version. Exit code 0 if all is well, 1 with one line per fault.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from confkit.core.version import VERSION

REPOSITORY = Path(__file__).resolve().parent.parent
_SECTION = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<date>\d{4}-\d{2}-\d{2}))?$", re.MULTILINE)


def main() -> int:
    """Read the command line, check, and print what is wrong or what comes next."""
    parser = argparse.ArgumentParser(description="Check that this commit can be released.")
    parser.add_argument("--tag", help="the tag that was pushed; it must be v and the version")
    parser.add_argument("--notes", action="store_true", help="print what the changelog says of this version")
    arguments = parser.parse_args()
    tag, changelog = arguments.tag, (REPOSITORY / "CHANGELOG.md").read_text()
    faults = problems(VERSION, changelog, tag)
    for fault in faults:
        print(f"release: {fault}", file=sys.stderr)
    if not faults and arguments.notes:
        print(notes(VERSION, changelog))
    elif not faults and tag is None:
        print(
            f"release: {VERSION} is ready. Next: git tag --sign v{VERSION} --message 'confkit {VERSION}', then push it."
        )
    return 1 if faults else 0


def problems(version: str, changelog: str, tag: str | None) -> list[str]:
    """Return what keeps `version` from being released, given the text of CHANGELOG.md and the tag, if there is one."""
    faults = []
    if tag is not None and tag != f"v{version}":
        faults.append(f"the tag is {tag}, and confkit/core/version.py says {version}: the tag must be v{version}")
    sections = [(found["version"], found["date"], found.end()) for found in _SECTION.finditer(changelog)]
    if not sections or sections[0][0] != "Unreleased":
        return [*faults, "CHANGELOG.md: the first section must be `## [Unreleased]`"]
    following = sections[1:] or [(None, None, len(changelog))]
    released, date, begin = following[0]
    if released != version:
        faults.append(f"CHANGELOG.md: below [Unreleased] comes no section `## [{version}] - DATE`: move the changes")
    elif date is None:
        faults.append(f"CHANGELOG.md: the section [{version}] has no date: write `## [{version}] - YYYY-MM-DD`")
    elif not re.search(r"^- ", changelog[begin : _begin_of(changelog, begin)], re.MULTILINE):
        faults.append(f"CHANGELOG.md: the section [{version}] lists no change")
    waiting = changelog[sections[0][2] : _begin_of(changelog, sections[0][2])]
    if released == version and re.search(r"^- ", waiting, re.MULTILINE):
        faults.append(f"CHANGELOG.md: there are changes under [Unreleased]; move them to [{version}]")
    return faults


def notes(version: str, changelog: str) -> str:
    """Return the text of the section of `version`; empty where the changelog has none."""
    for found in _SECTION.finditer(changelog):
        if found["version"] == version:
            return changelog[found.end() : _begin_of(changelog, found.end())].strip()
    return ""


def _begin_of(changelog: str, position: int) -> int:
    """Return where the section after the one at `position` begins."""
    found = _SECTION.search(changelog, position)
    return found.start() if found else len(changelog)


if __name__ == "__main__":
    sys.exit(main())
