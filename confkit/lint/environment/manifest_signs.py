"""What is a Kubernetes manifest, told from its name or a few signs in its bytes; YAML is read elsewhere."""

from __future__ import annotations

import re

from confkit.core.catalogue.names import SECTION_NAMES

RENDER_FIRST = "Render templates first, as in `helm template . | confkit lint -`."

ENDINGS = (".yaml", ".yml")  # of manifests that a folder is searched for; JSON has too many other uses
_MANIFEST_ENDINGS = (*ENDINGS, ".json")
_CONFIGURATION_ENDINGS = (".conf", ".ini")

_FIELD = rb"(?:^|[{,])[ \t-]*[\"']?%b[\"']?[ \t]*:"
# Patterns are compiled when they are used: most lints look at no manifest.
_API_VERSION = _FIELD % b"apiVersion"
_KIND = _FIELD % b"kind"

_HOLDER = rb"ConfigMap|Secret"
_NAMES = b"|".join(re.escape(name.encode()) for name in SECTION_NAMES)
_CONTENT = (
    rb"(?i:ch?rystoki\.(?:conf|ini))|\.(?:conf|ini)[\"']?[ \t]*:"
    rb"|(?:%b)[ \t]*(?:=[ \t]*)?\{|\[[ \t]*(?i:%b)[ \t]*\]" % (_NAMES, _NAMES)
)
_ACTION = r"\{\{[^{}\n]*\}\}|\{%[^\n]*%\}"


def is_manifest(path: str, source: bytes) -> bool:
    """Tell whether this is a manifest: by the ending of its name, and where that does not tell, by its fields.

    What comes by standard input has no ending: output of `helm template` starts with three dashes, if it is not empty,
    and everything that Kubernetes takes says its `apiVersion` and its `kind`.
    """
    name = path.lower()
    if name.endswith(_MANIFEST_ENDINGS):
        return True
    if name.endswith(_CONFIGURATION_ENDINGS):
        return False
    if source.startswith(b"---"):
        return True
    return all(re.search(field, source, re.MULTILINE) for field in (_API_VERSION, _KIND))


def may_hold_one(source: bytes) -> bool:
    """Tell whether a manifest may hold a configuration file; it may well turn out that it does not.

    It names a ConfigMap or a Secret, and it shows the name of such a file, a key with the ending of one, or the header
    of a section. Reading YAML takes a hundred times as long, and most manifests show none of these.
    """
    return b"kind" in source and all(re.search(sign, source) for sign in (_HOLDER, _CONTENT))


def is_template(text: str) -> bool:
    """Tell whether a text holds actions of Helm (or another engine of templates), so that it has to be rendered."""
    return re.search(_ACTION, text) is not None
