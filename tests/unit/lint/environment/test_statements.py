"""Statements over one line or more, and the here-documents that those of Dockerfiles have."""

from __future__ import annotations

import pytest

from confkit.lint.environment.statements import statements


def parts(text: str) -> list[tuple[str, list[str]]]:
    """Return each statement on one line, and the lines that it is given."""
    found = statements(text.split("\n"), here_documents=True)
    return [(each.text, [line for _, line in each.document]) for each in found]


@pytest.mark.parametrize(
    "statement",
    [
        "RUN grep -q a <<<word",
        "RUN grep -q a <<< word",
        "RUN grep -q a 0<<<word",
        'RUN grep -q a <<<"word"',
        'RUN echo "cat <<word"',
        "RUN echo 'cat <<word'",
        r"RUN echo \<\<word",
        r'RUN echo "a \" <<word"',
        "RUN echo $((1<<2))",
        "ENV A=<<word",
        "LABEL usage=<<word",
        "ARG A <<word",
        "CMD cat <<word",
        "ENTRYPOINT cat <<word",
        "ONBUILD ENV A <<word",
        "COPYING <<word",
    ],
)
def test_what_starts_no_here_document(statement: str) -> None:
    assert parts(f"{statement}\nUSER a\nword\nUSER b") == [
        (statement, []),
        ("USER a", []),
        ("word", []),
        ("USER b", []),
    ]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("RUN <<EOF", "EOF"),
        ("run\t<<EOF", "EOF"),
        ("ONBUILD RUN <<EOF", "EOF"),
        ("RUN cat > /x <<EOF && true", "EOF"),
        ("RUN cat >/x 0<<EOF", "EOF"),
        ("RUN cat <<EOF >/x", "EOF"),
        ("RUN cat <<EOF|sh", "EOF"),
        ("RUN (cat <<EOF)", "EOF"),
        ('RUN <<"EOF"', "EOF"),
        ("RUN <<'EOF'", "EOF"),
        (r"RUN <<\EOF", "EOF"),
        ("RUN <<'the end'", "the end"),
        ("RUN <<END-OF.IT", "END-OF.IT"),
        ("RUN <<-EOF", "\t\tEOF"),
        ("RUN <<EOF", "EOF\r"),
        ("COPY <<EOF /etc/luna/Chrystoki.conf", "EOF"),
        ("ADD --chmod=644 <<EOF /etc/luna/Chrystoki.conf", "EOF"),
        ("RUN cat > /x <<EOF && \\\n  cat /x", "EOF"),
        ("RUN true && \\\n  # first\n  cat > /x <<EOF && \\\n\n  cat /x", "EOF"),
        ("RUN grep a <<<word; cat <<EOF", "EOF"),
        ('RUN echo "<<A" <<EOF', "EOF"),
    ],
)
def test_a_here_document_and_what_follows_it(start: str, end: str) -> None:
    ((_, document), after) = parts(f"{start}\nUSER a\n EOF\nword\n# b\n{end}\nUSER c")
    assert document == ["USER a", " EOF", "word", "# b"]
    assert after == ("USER c", [])


def test_several_here_documents_follow_each_other() -> None:
    assert parts("COPY <<A <<-B /x/\n1\nB\nA\n2\n\tB\nUSER c") == [
        ("COPY <<A <<-B /x/", ["1", "B", "2"]),
        ("USER c", []),
    ]


def test_what_nothing_ends_takes_nothing() -> None:
    assert parts("RUN cat <<EOF\nUSER a\n EOF\n\tEOF") == [
        ("RUN cat <<EOF", []),
        ("USER a", []),
        ("EOF", []),
        ("EOF", []),
    ]


def test_units_have_no_here_documents() -> None:
    lines = ["ExecStart=cat <<EOF", "RUN <<EOF", "User=a", "EOF"]
    assert [each.document for each in statements(lines)] == [(), (), (), ()]
