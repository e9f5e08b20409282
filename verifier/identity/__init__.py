"""Are two records about the same person? Names, dates of birth and document numbers against each other."""

from __future__ import annotations


def forget() -> None:
    """Empty every cache of this package, so that no name stays in memory."""
    from verifier.identity import dates, lexicon, likeness, text, transliteration

    for module in (dates, lexicon, likeness, text, transliteration):
        for value in vars(module).values():
            clear = getattr(value, "cache_clear", None)
            if clear is not None:
                clear()
