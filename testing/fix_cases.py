"""Files with findings, and what the safe and unsafe fixes make of them."""

from __future__ import annotations

A = "A = {\n"


SAFE = [
    # the file, what the safe fixes make of it, and their codes
    (A + " x = 1\n y = 2\n}\n", A + " x = 1;\n y = 2;\n}\n", ["CK101", "CK101"]),
    (
        A + " x = 1; # b\n # y = 2;\n # z = 3;\n}\n",
        "# b\n# y = 2;\n# z = 3;\n" + A + " x = 1;\n}\n",
        ["CK102", "CK131", "CK131"],
    ),
    (A + "\tx\t=\t1\t;\t\n\t\n\t}\n", A + "    x = 1;\n\n    }\n", ["CK151", "CK151", "CK151"]),
    ("A\t=\t{\t\n x = 1;\n}\n", A + " x = 1;\n}\n", ["CK151"]),
    (A + " x = 1  ;\n}\n", A + " x = 1;\n}\n", ["CK103"]),
    (A + " x = 1;\r\n y = 2;\n z = 3;\n}\n", A + " x = 1;\n y = 2;\n z = 3;\n}\n", ["CK156"]),
    ("\ufeff" + A + " x = 1; # b\n}\n", "# b\n" + A + " x = 1;\n}\n", ["CK102", "CK155"]),
    (A + " x = 1; /* b */\n}\n", "/* b */\n" + A + " x = 1;\n}\n", ["CK102"]),
    (A + " #\tthe default\n}\n", A + " # the default\n}\n", ["CK151"]),
]


UNSAFE = [
    (A + " x = 1; y = 2; z = 3\n}\n", A + " x = 1;\n y = 2;\n z = 3;\n}\n"),
    (A + " x = 1; y = 2 // b\n}\n", A + " x = 1; y = 2 // b\n}\n"),
    ("A = { x = 1; y = 2; };\n", A + "  x = 1;\n  y = 2;\n};\n"),
    (A + "  x = 1; }\n", A + "  x = 1;\n  }\n"),
    (A + "  x = 1 }", A + "  x = 1;\n  }"),
    ("A = { B = { x = 1; } }\n", "A = { B = { x = 1; } }\n"),
    ("A\n{\n x = 1;\n}\n", A + " x = 1;\n}\n"),
    ("A =\n\n{\n x = 1;\n}\n", "A = {\n\n x = 1;\n}\n"),
    ("A =\n{ x = 1;\n}\n", A + "  x = 1;\n}\n"),
    ("A {\n}\n", A + "}\n"),
    (A + " x = 1;\n x = 2;\n x = 1; # b\n}\n", "# b\n" + A + " x = 1;\n \n}\n"),
    (A + " x = 1;", A + " x = 1;\n}"),
    (A + " x = 1;\n\nB = {\n}\n", A + " x = 1;\n}\n\nB = {\n}\n"),
    (A + " x = 1;\n y = '2';\n z = \"3;\n}\n", A + ' x = 1;\n y = 2;\n z = "3;\n}\n'),
    (A + " x = 1;\r}\n", A + " x = 1;\n}\n"),
    ("[A\nx=1;\n[B]\n", "[A]\nx=1\n[B]\n"),
    ("[A]\nx=1\nX=2\n", "[A]\nx=1\n"),
]


# A fix that could mislead a reader is offered, but is not safe; or there is none.
NOT_SAFE = [
    (A + " old_x = 1\n x = 2;\n}\n", "CK101", "with its `;` luna_getprop would take old_x for x"),
    (A + " x =\n}\n", "CK101", "the value may be still to be written"),
    (A + " x =\n   y/z=w;\n}\n", "CK101", "what stands below may be the value"),
    (A + " x =\n   y;\n}\n", "CK101", "the value stands below"),
    (A + " x =\n # b\n\n   y; }\n", "CK101", "the value stands below a comment"),
    (A + " x =\n   y;\n", "CK101", "the value stands below, in a section that is not closed"),
    (A + " x = y,\n   z;\n}\n", "CK101", "the value goes on below"),
    (A + " x = 1 # b\n}\n", "CK101", "the comment would become part of the value"),
    ("AB = {\n x = 1\n}\nB = {\n x = 2;\n}\n", "CK101", "pkcs11_luna looks for B in AB, too"),
    (A + " # x = 1;\n x = 1\n}\n", "CK131", "pkcs11_luna has the right value from the comment alone"),
    (A + " x = 1; // like B\n}\nB = {\n}\n", "CK102", "above A pkcs11_luna takes the comment for the beginning of B"),
    (A + " x = 1; // {\n}\n", "CK102", "above A the brace would open a section"),
    (A + " x = 1; // b\n}\n}\n", "CK102", "where the sections end is uncertain"),
    (A + " x = 1; /* b\n c */\n}\n", "CK102", "the comment goes on below"),
    (A + " /* b */\n # x = 1;\n}\n", "CK131", "the comment may be a part of a longer one"),
    ("\ufeff[A]\nx=1\n[A]\ny=2\n", "CK155", "Windows reads the second section today"),
    (A + " x = 1" + "0" * 1020 + " ;\n}\n", "CK103", "luna_getprop sees the line in pieces"),
]
