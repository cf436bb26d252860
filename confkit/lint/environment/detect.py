"""Detect what a file is from its name and its bytes: a configuration file of the client, or a Kubernetes manifest.

YAML is not read here: that takes a hundred times as long, and most manifests hold nothing of the client.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.core.catalogue.names import SECTION_NAMES, SHARED_SECTIONS
from confkit.lint.environment.surroundings import VARIABLE, misspelt_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from confkit.lint.environment.surroundings import Form

NO_CONFIG_MAPS: Mapping[str, tuple[str, ...]] = {}  # where no other file holds any
LOOKED_AT = 64 * 1024  # bytes; a header stands in the first lines of every real file
RENDER_FIRST = "Render templates first, as in `helm template . | confkit lint -`."

ENDINGS = (".yaml", ".yml")  # of manifests that a directory is searched for; JSON has too many other uses
_SHELLS = (".sh", ".bash", ".ksh", ".zsh", ".envrc")
_PROFILES = frozenset({"profile", ".profile", ".bashrc", ".bash_profile", ".zshrc", "bash.bashrc", "setenv"})
_MANIFEST_ENDINGS = (*ENDINGS, ".json")
_CONFIGURATION_ENDINGS = (".conf", ".ini")

# Patterns are compiled when they are used, which takes 1 ms: most lints look at no manifest, and a file that is named
# is not asked what it is.
_FIELD = rb"(?:^|[{,])[ \t-]*[\"']?%b[\"']?[ \t]*:"
_API_VERSION = _FIELD % b"apiVersion"
_KIND = _FIELD % b"kind"

_CONFIGURATION_NAME = rb"(?i:ch?rystoki\.(?:conf|ini))"
_HOLDER = rb"ConfigMap|Secret"
_NAMES = b"|".join(re.escape(name.encode()) for name in SECTION_NAMES)
_CONTENT = (
    rb"(?i:ch?rystoki\.(?:conf|ini))|\.(?:conf|ini)[\"']?[ \t]*:"
    rb"|(?:%b)[ \t]*(?:=[ \t]*)?\{|\[[ \t]*(?i:%b)[ \t]*\]" % (_NAMES, _NAMES)
)
_ACTION = r"\{\{[^{}\n]*\}\}|\{%[^\n]*%\}"

_OWN_NAMES = b"|".join(re.escape(name.encode()) for name in SECTION_NAMES if name not in SHARED_SECTIONS)
_BRACE = rb"(?:=[ \t]*)?(?:\r?\n[ \t]*)?\{"
_HEADER = rb"^(?:\xef\xbb\xbf)?[ \t]*(?:(?:%b)[ \t]*%b|\[[ \t]*(?i:%b)[ \t]*\])" % (_OWN_NAMES, _BRACE, _OWN_NAMES)


def looks_like_configuration(start: bytes) -> bool:
    """Return whether a file that starts with these bytes has a section of the client's file, in either form."""
    start = start[:LOOKED_AT]
    return b"\0" not in start and re.search(_HEADER, start, re.MULTILINE) is not None


def is_manifest(path: str, source: bytes) -> bool:
    """Return whether this is a manifest: by the ending of its name, and where that does not tell, by its fields.

    What comes from standard input has no ending: the output of `helm template` starts with three dashes, if it is not
    empty, and everything that Kubernetes takes has an `apiVersion` and a `kind`.
    """
    name = path.lower()
    if name.endswith(_MANIFEST_ENDINGS):
        return True
    if name.endswith(_CONFIGURATION_ENDINGS):
        return False
    if source.startswith(b"---"):
        return True
    return all(re.search(field, source, re.MULTILINE) for field in (_API_VERSION, _KIND))


def environment_form(path: str, source: bytes) -> Form | None:
    """Return what kind of file that leads the client to its own this is; None for any other, and for manifests.

    Told by its name, and a compose file by its field `services` too.
    """
    whole = path.replace("\\", "/").lower()
    directory, _, name = whole.rpartition("/")
    if name.endswith((".yaml", ".yml")):
        named = re.match(r"(?:docker-)?compose\b", name) is not None
        return "compose" if named or _is_compose(source) else None
    if re.match(r"(?:dockerfile|containerfile)(?:[.-]|$)", name) or name.endswith((".dockerfile", ".containerfile")):
        return "dockerfile"
    if name.endswith((".service", ".container")) or (
        name.endswith(".conf") and directory.endswith((".service.d", ".container.d"))
    ):
        return "unit"
    if _is_env_file(name, directory):
        return "env-file"
    return "script" if name.endswith(_SHELLS) or name in _PROFILES else None


def _is_compose(source: bytes) -> bool:
    services = re.search(rb"^services[ \t]*:", source, re.MULTILINE) is not None
    return services and re.search(_API_VERSION, source, re.MULTILINE) is None


def _is_env_file(name: str, directory: str) -> bool:
    """Return whether a file holds assignments alone: for a shell, a container, systemd or PAM."""
    if name.endswith(".env") or name.startswith(".env.") or name == "environment":
        return True
    return directory.endswith(("etc/default", "etc/sysconfig", "environment.d"))


def may_lead_to_configuration(source: bytes) -> bool:
    """Return whether a file says something of the way to the client's: it names the variable, or mounts the file."""
    if VARIABLE.encode() in source or (b"ount" in source and re.search(_CONFIGURATION_NAME, source) is not None):
        return True
    return any(misspelt_names(source.decode("utf-8", "replace")))


def names_one_of(source: bytes, config_maps: Iterable[str]) -> bool:
    """Return whether a manifest names one of these ConfigMaps or Secrets, in a word of its own."""
    return any(re.search(rb"(?<![\w.-])%b(?![\w.-])" % re.escape(name.encode()), source) for name in config_maps)


def mentions_configuration(source: bytes) -> bool:
    """Return whether a file names the variable, be it misspelt, or the client's file."""
    if VARIABLE.encode() in source or re.search(_CONFIGURATION_NAME, source) is not None:
        return True
    return any(misspelt_names(source.decode("utf-8", "replace")))


def may_hold_configuration(source: bytes) -> bool:
    """Return whether a manifest may hold a configuration file; reading it may show that it does not.

    It names a ConfigMap or a Secret, and has the name of such a file, a key with the ending of one, or the header of a
    section.
    """
    if b"kind" in source and VARIABLE.encode() in source:
        return True
    return b"kind" in source and all(re.search(sign, source) for sign in (_HOLDER, _CONTENT))


def is_template(text: str) -> bool:
    """Return whether a text has actions of Helm (or another template engine), so that it has to be rendered."""
    return re.search(_ACTION, text) is not None
