"""Files to draw from: arbitrary bytes, and bytes that look like a configuration file gone wrong."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = st.sampled_from(
    [
        "HAConfiguration",
        "LunaSA Client",
        "statusTimeout",
        "HAOnly",
        "ServerName00",
        "10",
        "a b",
        "/a.so",
        "é",
        '"x',
        "-1",
        "",
    ]
)
_SIGNS = st.sampled_from(
    [
        " = ",
        "=",
        "{",
        "}",
        ";",
        " = {",
        "};",
        "#",
        "//",
        "/*",
        "*/",
        "[",
        "]",
        '"',
        "\t",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\ufeff",
    ]
)
_FRAGMENT = st.one_of(
    _WORDS, _SIGNS, st.sampled_from(["   HAOnly = 1;\n", "HAConfiguration = {\n", "}\n", "[HAConfiguration]\r\n"])
)

odd_files = st.lists(_FRAGMENT, max_size=40).map(lambda parts: "".join(parts).encode())
any_bytes = st.one_of(st.binary(max_size=300), odd_files)

_names = st.sampled_from(["Chrystoki2", "Luna", "LunaSA Client", "Misc", "HAConfiguration", "VirtualToken"])
_keys = st.sampled_from(["HAOnly", "reconnAtt", "statusTimeout", "haLogPath", "label-1", "A", "B"])
_values = st.sampled_from(["1", "-1", "/usr/lib/x.so", "a,b", "a = b", "x y", "", "user@host:1792"])
_ends = st.sampled_from(["\n", "\r\n"])


@st.composite
def sound_files(draw: st.DrawFn, *, windows: bool) -> bytes:
    """A file without a problem (but perhaps without a last line end), in any style seen in the field."""
    end, indentation = draw(_ends), draw(st.sampled_from(["", " ", "   ", "    "]))
    equals = draw(st.sampled_from(["=", " = ", " =   "]))
    gap = draw(st.sampled_from([[], [""]]))
    lines: list[str] = []
    for name in draw(st.lists(_names, unique=True, max_size=4)):
        entries = draw(st.dictionaries(_keys, _values, max_size=4))
        body = [f"{indentation}{key}{equals}{value}" + ("" if windows else ";") for key, value in entries.items()]
        lines += [*gap, f"[{name}]", *body] if windows else [*gap, f"{name} = {{", *body, "}"]
    source = end.join(lines) + draw(st.sampled_from([end, ""]))
    return source.encode()
