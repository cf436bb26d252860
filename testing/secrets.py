"""Configuration files that hold a secret in every place where one may end up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    pass

CANARY = "hunter2-canary"


NAMES = st.sampled_from(
    [
        "AuthTokenClientSecret",
        "authtokenclientsecret",
        "AUTHTOKENCLIENTSECRET",
        "AuthTokenClientSecret_2",
        "CVAppSpecificData",
        "CVAppSpecifcData",
        "AuthTokenClientSecrt",
    ]
)


SURROUNDINGS = st.sampled_from(
    [
        "REST = {\n",
        "[REST]\r\n",
        "}\n",
        "\n",
        "# a comment\n",
        "   AuthTokenClientId = abc;\n",
        "ServerPort = 1792;\n",
        "{\n",
        "AuthTokenClientSecret = ;\n",
        "\tA = 1\n",
        "/*\n",
        "*/\n",
        "stray\n",
        "\ufeff",
        "\x1b[2J\n",
        '"\n',
        "é日\U0001f512 = ü;\n",
    ]
)


ON_ONE_LINE = st.tuples(
    st.sampled_from([" = ", "=", " =", "  =   ", "\t=\t", ": ", " ", " == ", '="', " = '", " = {"]),
    st.just(CANARY),
    st.sampled_from(
        ["", ";", " ;", '";', "';", "; // note", " # note", "};", " {", "]", "==", " = 1;", "\udcff", "\t;"]
    ),
    st.sampled_from(["\n", "\r\n", "\r", ""]),
)


ON_TWO_LINES = st.tuples(
    st.sampled_from([" =\n", "=\r\n  ", "\n= ", "\n\n\t", " = \n \n"]),
    st.just(CANARY),
    st.sampled_from(["\n", ";\n", ' ";\r\n', "==\n"]),
)


@st.composite
def files_with_a_secret(draw: st.DrawFn) -> bytes:
    before, after = (draw(st.lists(SURROUNDINGS, max_size=5)) for _ in range(2))
    parts = [
        draw(st.sampled_from(["", "   ", "\t", "# ", "// ", "/* ", "A = 1; ", "x ", "} ", "[", '"', "é", "日本 "])),
        draw(NAMES),
        *draw(st.one_of(ON_ONE_LINE, ON_TWO_LINES)),
    ]
    return "".join([*before, *parts, *after]).encode("utf-8", "surrogateescape")
