"""Are two records about the same person? Names, dates of birth and document numbers against each other."""

from __future__ import annotations


def forget() -> None:
    """Empty every cache of this package, so that no name stays in memory."""
    from verifier.identity import compare, cut, dates, lexicon, likeness, names, parts, text, transliteration

    for module in (compare, cut, dates, lexicon, likeness, names, parts, text, transliteration):
        for value in vars(module).values():
            clear = getattr(value, "cache_clear", None)
            if clear is not None:
                clear()
