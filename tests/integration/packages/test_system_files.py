"""What the .deb and the .rpm put where the system looks for it."""

from __future__ import annotations

from pathlib import Path

from testing.programs import needs_packages


def test_units_manual_pages_and_completions_have_their_places(tmp_path: Path) -> None:
    needs_packages("packages", "pyelftools")
    from tools.packages import bundle, tree  # noqa: PLC0415 - needs what was looked for above

    tree.add_share(tmp_path)
    places = {entry["dst"]: Path(entry["src"]) for entry in bundle.system_files(tmp_path)}
    assert set(places) >= {
        "/usr/lib/systemd/system/confkit-exporter.service",
        "/usr/lib/systemd/system/confkit-textfile.timer",
        "/usr/lib/sysusers.d/confkit.conf",
        "/usr/share/man/man1/confkit.1",
        "/usr/share/man/man1/confkit-set-timeout.1",
        "/usr/share/bash-completion/completions/confkit",
        "/usr/share/zsh/site-functions/_confkit",
        "/usr/share/fish/vendor_completions.d/confkit.fish",
    }
    assert all(path.is_file() for path in places.values())
    units = [path.read_text() for place, path in places.items() if place.endswith(".service")]
    assert units
    assert all("ExecStart=/usr/bin/confkit exporter" in unit for unit in units)
