"""Compile the catalogues: `python -m verifier.wording.build` writes a .mo beside every .po that changed.

Not needed for a right answer (a .po without its .mo is read through Babel), only for a fast start.
"""

from __future__ import annotations

from pathlib import Path

LOCALES = Path(__file__).parent / "locales"


def build(folder: Path = LOCALES) -> int:
    """Compile what is missing or older than its source; the number of files written."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = 0
    for source in sorted(folder.rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as handle:
            messages = read_po(handle, locale=source.parent.name)
        with target.open("wb") as handle:
            write_mo(handle, messages)
        written += 1
    return written


if __name__ == "__main__":
    print(f"{build()} catalogues compiled")
