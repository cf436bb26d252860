"""Places in a value that a template, a script or a person was to fill in. Carried into modules that run on Python 3.8.

The client expands nothing: it takes `$HOME/x` for a relative path and `${PORT}` for a text. What is recognised here is
the syntax of common tools, and words that stand for "write something here".
"""

from __future__ import annotations

import re
from functools import lru_cache

# One alternative for each kind, with the tools that write it.
_FORMS = (
    r"\{\{[^{}]*\}\}",  # Jinja, Helm, Mustache, Go
    r"\{%.*?%\}",
    r"<%.*?%>",  # ERB, EPP
    r"\$\{[^{}]*\}?",  # shell, compose, Terraform
    r"\$\([^()]*\)?",  # make, Kubernetes
    r"\$[A-Za-z_][A-Za-z0-9_]*",  # shell
    r"#\{[^{}]*\}",  # Ruby
    r"%\{[^{}]*\}",  # Hiera
    r"%(?![0-9A-Fa-f]{2}%)[A-Za-z_][A-Za-z0-9_() ]*%",  # Windows; two hexadecimal digits belong to an address
    r"%\([A-Za-z_]\w*\)[sd]",  # Python
    r"\(\([A-Za-z][\w .-]*\)\)",  # BOSH
    r"\[\[[^\[\]]*\]\]",
    r"\[[A-Z][A-Z0-9 _-]+\]",  # [HOST], by hand
    r"\{[A-Za-z_][\w.-]*\}",  # Python
    r"<[A-Za-z_][^<>/\\]*>",  # <path>, by hand
    r"@@[^@\s]+@@",
    r"@[A-Za-z_]\w*@",  # Autoconf, CMake
    r"@\{[^{}]*\}",
    r"##[^#\s]+##",
    r"__(?:[0-9]+_)*[0-9]*[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*__",
    # in small letters only where nothing joins it: my__lib__x, and Python's own names, are real
    r"(?<![A-Za-z0-9])__(?!(?:pycache|pypackages|init|main)__)[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*__(?![A-Za-z0-9])",
    r"!(?:Ref|Sub|GetAtt|ENV)\b",
)
# Words stand alone, or between characters that are neither letters nor digits: CHANGEME, /opt/CHANGE_ME/x.
_WORDS = (
    r"CHANGE[_ -]?(?:ME|THIS|IT)",
    r"(?:FILL|REPLACE|EDIT|INSERT|UPDATE)[_ -]?(?:ME|THIS)(?:[_ -]?IN)?",
    r"(?:FILL|PUT|INSERT|ENTER|SET|ADD)[_ -](?:[A-Z0-9]+[_ -])*(?:HERE|IN[_ -]?HERE)",
    r"(?-i:SET_ME|(?:INSERT|ENTER|REPLACE|FILL)_[A-Z0-9_]*[A-Z0-9])",
    r"REPLACE[_ -]WITH[_ -][A-Z0-9_ -]*[A-Z0-9]",
    r"YOUR[_ -][A-Z0-9_ -]*[A-Z0-9]",
    r"TO[_ -]?BE[_ -]?(?:DONE|DEFINED|FILLED|REPLACED|CHANGED)",
    r"(?:xx?x?\.){3}xx?x?",
)
# Words that are also names: in a path, /opt/todo/lib, they count in capitals alone.
_NAMES = (r"PLACE[_ -]?HOLDER", r"TODO", r"FIX[_ -]?ME", r"TBD", r"XXX+")
_HOME = r"~[A-Za-z_][\w-]*(?=[/\\])|~(?=[/\\]|$)"
# A first look, which is cheap: a value without any of these has no placeholder.
_MAYBE = re.compile(
    r"[$%{<@#~!\[]|\(\(|__|[xX]{2}|x\.x"
    r"|(?i:chang|fill|put[_ -]|set[_ -]|edit|replac|insert|enter[_ -]|add[_ -]|updat|your|place[_ -]?h)"
    r"|(?i:todo|to[_ -]?be|fix|tbd)"
)
_MAX_LENGTH = 4096  # characters; no real value is longer, and a hostile one is not searched
_SHOWN = 60


def placeholder(value: str) -> str | None:
    """Return the first placeholder in a value, as it stands there, or None. At most 60 characters of it."""
    start = value[:_MAX_LENGTH]
    return _found(start) if _MAYBE.search(start) else None


@lru_cache(maxsize=1024)
def _found(value: str) -> str | None:
    in_path = "://" not in value and ("/" in value or "\\" in value)
    match = _pattern(in_path=in_path).search(value)
    return match[0][:_SHOWN] if match else None


@lru_cache(maxsize=None)
def _pattern(*, in_path: bool) -> re.Pattern[str]:
    """Return all forms in one pattern; compiling it takes 3 ms, and few files need it."""
    words = [f"(?i:{word})" for word in _WORDS] + [name if in_path else f"(?i:{name})" for name in _NAMES]
    alone = (f"(?<![A-Za-z0-9]){word}(?![A-Za-z0-9])" for word in words)
    return re.compile("|".join((*_FORMS, rf"^(?:{_HOME})", *alone)))
