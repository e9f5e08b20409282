"""The passenger name of a boarding pass: twenty characters, `SURNAME/GIVEN NAMES TITLE`. Nothing is compared here."""

from __future__ import annotations

from typing import NamedTuple

TITLES = frozenset(
    ("MR", "MRS", "MS", "MISS", "MSTR", "MST", "MASTER", "MX", "DR", "PROF", "REV", "SIR", "CAPT", "MME", "MLLE")
)
GLUED = ("MSTR", "MISS", "MRS", "MR", "MS", "DR")  # longer ones first
SHORTEST_NAME = 2  # letters that must remain before a glued title, so that no name is shortened to nothing


class PassengerName(NamedTuple):
    """The parts of the name field.

    `title` is set only where it stands after a blank. `glued` is a title that may be run together with the given name
    (`JOHNMR`); it stays part of the given names, because names end like this too.
    """

    surname: str
    given_names: str
    title: str | None
    glued: str | None


def split_name(field: str) -> PassengerName:
    """The parts of a passenger name, its blanks included or not."""
    surname, slash, given = field.partition("/")
    words = (given if slash else surname).split()
    title: list[str] = []
    # after a slash the first word may be a title only if it is all there is: then it is the name
    while len(words) > 1 and words[-1] in TITLES:
        title.insert(0, words.pop())
    kept = " ".join(words)
    glued = None
    if slash and words:
        last = words[-1]
        glued = next((t for t in GLUED if last.endswith(t) and len(last) >= len(t) + SHORTEST_NAME), None)
    return PassengerName(surname.strip(" ") if slash else kept, kept if slash else "", " ".join(title) or None, glued)
