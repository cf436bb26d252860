"""What MkDocs calls while it builds: the rule pages, as it rendered them, become a file for the playground."""

from __future__ import annotations

import json
import os
import re
from typing import Any

_RULE = re.compile(r"rules/(?P<code>CK\d+)\.md")
_rules: dict[str, str] = {}


def on_config(config: Any) -> Any:  # noqa: ANN401 - MkDocs has types of its own, and is not installed everywhere
    """Show the selector of versions where mike builds: elsewhere there is one version, and no list of them."""
    _rules.clear()
    if os.environ.get("MIKE_DOCS_VERSION"):
        config["extra"]["version"] = {"provider": "mike"}
    return config


def on_page_content(html: str, *, page: Any, **_: Any) -> str:  # noqa: ANN401 - as above
    """Keep the text of a rule's page."""
    found = _RULE.fullmatch(page.file.src_uri)
    if found:
        _rules[found["code"]] = html
    return html


def on_post_build(config: Any) -> None:  # noqa: ANN401 - as above
    """Write the rule pages beside the playground, where there is one."""
    directory = os.path.join(config["site_dir"], "playground")
    if os.path.isdir(directory):
        with open(os.path.join(directory, "rules.json"), "w", encoding="utf-8") as file:
            json.dump(_rules, file, ensure_ascii=False, sort_keys=True)
