"""Configuration files that every edit by intention can be made in, in both forms and in many layouts."""

from __future__ import annotations

from hypothesis import strategies as st

_SECTIONS = {
    "Chrystoki2": ["LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so"],
    "Misc": ["ToolsDir = /usr/safenet/lunaclient/bin", "PE1746Enabled = 0"],
    "Luna": ["DefaultTimeOut = 500000"],
    "LunaSA Client": ["ReceiveTimeout = 20000", "ServerName00 = hsm1", "ServerPort00 = 1792", "ServerHtl00 = 0"],
    "VirtualToken": ["VirtualToken00Label = one", "VirtualToken00SN = 1111", "VirtualToken00Members = 111, 112"],
    "HASynchronize": ["one = 1"],
    "HAConfiguration": ["HAOnly = 1", "statusTimeout = 10"],
    "REST": ["ServerName = eu.example", "ServerPort = 443"],
}


@st.composite
def configuration_files(draw: st.DrawFn) -> bytes:
    """Return a file with some of the sections, each with its entries."""
    windows = draw(st.booleans())
    end = "\r\n" if windows or draw(st.booleans()) else "\n"
    indentation, equals = draw(st.sampled_from(["", "   ", "  "])), draw(st.sampled_from([" = ", "=", " ="]))
    gap = draw(st.sampled_from(["", end]))
    names = draw(st.lists(st.sampled_from(sorted(_SECTIONS)), min_size=1, max_size=6, unique=True))
    written = []
    for name in names:
        entries = [entry.replace(" = ", equals) for entry in _SECTIONS[name]]
        if windows:
            written.append(end.join([f"[{name}]", *entries]) + end)
        else:
            lines = [f"{name} = {{", *(f"{indentation}{entry};" for entry in entries), "}"]
            written.append(end.join(lines) + end)
    text = gap.join(written)
    if draw(st.booleans()):
        text = f"{'; ' if windows else '# '}made by hand{end}" + text
    if draw(st.booleans()):
        text = text.removesuffix(end)
    return text.encode()
