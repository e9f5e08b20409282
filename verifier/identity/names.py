"""Every form in which a source writes a name, into parts: primary and secondary identifier, and what was cut.

A certificate, a passport zone, a boarding pass and a booking each divide, shorten and decorate a name in their own way.
Parsing keeps what the source says (undivided, field full) and takes off only what is no part of a name: titles,
generation suffixes, birth-name additions, fillers. It never shortens a name to nothing.

Sources: ICAO Doc 9303-3 section 4.6 and 9303-4/5/6/7 (name fields of 39, 31 and 30 characters); IATA Resolution 792 (a
field of 20); EU DCC schema `nam`; SMART Health Cards (FHIR HumanName); ICAO VDS-NC (`n`, at most 39); W3C credential
(`name`).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from verifier.identity import lexicon
from verifier.identity.codes import IdentityCode as C
from verifier.identity.forms import Division, Form, first_spellings, readings
from verifier.identity.likeness import Likeness, likeness, same
from verifier.identity.text import Notes, Word, is_arabic, is_latin, words_of
from verifier.model import UNKNOWN_DATE, PartialDate


class NameSource(StrEnum):
    """Where a name comes from; each writes names in its own way."""

    DCC = "dcc"
    SHC = "shc"
    VDS = "vds"
    DIVOC = "divoc"
    MRZ = "mrz"
    BCBP = "bcbp"
    PNR = "pnr"
    TEXT = "text"


class PersonName(NamedTuple):
    """A name as one source states it, ready to be matched.

    Attributes:
        source: who wrote it.
        forms: readings of it, best first; empty where no name is stated or none can be put in Latin letters.
        width: size of the field where it is full and may therefore be cut, else 0.
        birth: date of birth, unknown where the source has none.
        shifted: the date came with a time of day, so that a time zone may have moved it by a day.
        caps: oddities that keep the answer from being a match.
        remarks: oddities without effect, to be mentioned.
        initials: the source holds initials only.
        term: what to call the source, a key of the catalogue `names`; empty for the usual word of the source.
    """

    source: NameSource
    forms: tuple[Form, ...]
    width: int = 0
    birth: PartialDate = UNKNOWN_DATE
    shifted: bool = False
    caps: Notes = ()
    remarks: Notes = ()
    initials: bool = False
    term: str = ""


MRZ_WIDTHS = (39, 31, 30)  # name fields of TD3 and MRV-A, TD2 and MRV-B, TD1
BCBP_WIDTH = 20
VDS_WIDTH = 39
BOOKED = frozenset({NameSource.BCBP, NameSource.PNR})
_ONLY_REMARKS = frozenset({C.INVISIBLE})
_NO_NAME = re.compile(r"N/A|N\.A\.|-+|\.+|\?+|\*+", re.IGNORECASE)
_KINSHIP = re.compile(r"\b(?:[SDW]/O|A/[LP])\b", re.IGNORECASE)  # son, daughter or wife of


def _capped(notes: Notes) -> tuple[Notes, Notes]:
    """Notes parted into those that cap the answer and those that are only mentioned."""
    if not notes:
        return (), ()
    unique = tuple(dict.fromkeys(notes))
    return tuple(n for n in unique if n not in _ONLY_REMARKS), tuple(n for n in unique if n in _ONLY_REMARKS)


def _plain_text(text: str | None) -> str:
    """The text, or nothing where it only says that there is no name."""
    if not text or (not text[0].isalpha() and _NO_NAME.fullmatch(text)):
        return ""
    if "/" in text:
        if len(text) == 3 and _NO_NAME.fullmatch(text):
            return ""
        text = _KINSHIP.sub(lambda found: "BIN" if found.group().upper() in ("S/O", "A/L") else "BINTI", text)
    return text


def dated(
    name: PersonName, birth: PartialDate, shifted: bool = False, *, term: str = "", initials: bool = False
) -> PersonName:
    """The name with a date of birth, and what to call its source. Built whole: `_replace` costs several times more."""
    source, forms, width, _, _, caps, remarks, *_ = name
    return PersonName(source, forms, width, birth, shifted, caps, remarks, initials, term)


# --- the sources ------------------------------------------------------------------------------------------------------


def from_mrz(name_field: str) -> PersonName:
    """The name field of a machine-readable zone, with or without its trailing fillers.

    A field of 39, 31 or 30 characters that ends in a letter counts as cut, even where it was not (ICAO 9303-3 section
    4.6). Without `<<` the name is undivided; before a leading `<<` the primary identifier is blank.
    """
    text = name_field.strip()
    stripped = text.rstrip("<")
    width = len(text) if len(stripped) == len(text) and len(text) in MRZ_WIDTHS else 0
    primary_text, mark, secondary_text = stripped.partition("<<")
    primary, notes = words_of(primary_text)
    secondary, more = words_of(secondary_text)
    caps, remarks = _capped(notes + more)
    if len(text) > MRZ_WIDTHS[0]:
        caps = (*caps, C.TOO_LONG)
    forms = readings(primary, secondary, Division.DIVIDED if mark else Division.FREE)
    return PersonName(NameSource.MRZ, forms, width, caps=caps, remarks=remarks)


def from_bcbp(name_field: str) -> PersonName:
    """The name field of a boarding pass: `SURNAME/GIVEN TITLE`, at most 20 characters, cut without a mark."""
    text = name_field.rstrip()
    surname, _, given = _plain_text(text).partition("/")
    primary, notes = words_of(surname)
    secondary, more = words_of(given)
    caps, remarks = _capped(notes + more)
    width = BCBP_WIDTH if len(text) == BCBP_WIDTH else 0
    return PersonName(NameSource.BCBP, readings(primary, secondary), width, caps=caps, remarks=remarks)


def from_booking(surname: str | None, given: str | None) -> PersonName:
    """A booking, a flight list or what an agent typed: two fields, titles possible, no field width."""
    surname = _plain_text(surname)
    given = _plain_text(given)
    if "/" in surname and not given:
        surname, _, given = surname.partition("/")
    primary, notes = words_of(surname)
    secondary, more = words_of(given)
    caps, remarks = _capped(notes + more)
    return PersonName(NameSource.PNR, readings(primary, secondary), caps=caps, remarks=remarks)


def from_shc(family: str | None, given: tuple[str, ...]) -> PersonName:
    """A SMART Health Card: family name and a list of given names, initials possible."""
    primary, notes = words_of(_plain_text(family))
    secondary, more = words_of(_plain_text(" ".join(given)))
    caps, remarks = _capped(notes + more)
    return PersonName(NameSource.SHC, readings(primary, secondary), caps=caps, remarks=remarks)


def from_full(text: str, source: NameSource = NameSource.DIVOC) -> PersonName:
    """One string for the whole name. A VDS-NC `n` parts the identifiers by two blanks, primary first, cut at 39."""
    text = _plain_text(text.strip())
    primary_text, mark, secondary_text = text.partition("<<" if "<<" in text else "  ")
    primary, notes = words_of(primary_text)
    secondary, more = words_of(secondary_text)
    caps, remarks = _capped(notes + more)
    undivided = Division.PRIMARY_FIRST if source is NameSource.VDS else Division.FREE
    width = VDS_WIDTH if source is NameSource.VDS and len(text) >= VDS_WIDTH else 0
    forms = readings(primary, secondary, Division.DIVIDED if mark else undivided)
    return PersonName(source, forms, width, caps=caps, remarks=remarks)


def from_dcc(fn: str, gn: str, fnt: str, gnt: str) -> PersonName:
    """An EU DCC name: native `fn`, `gn` and standardised `fnt`, `gnt`; any may be empty.

    Native and standardised words are joined into one word with both spellings where they can be the same; where they
    contradict each other both readings are kept and the answer is capped.
    """
    caps: list[C] = []
    if not gnt and "<<" in fnt.strip("<") and not _title_before_mark(fnt):
        fnt, _, gnt = fnt.strip("<").partition("<<")
        caps.append(C.WHOLE_NAME)
    if not gn and "<<" in fn.strip("<") and not _title_before_mark(fn):
        fn, _, gn = fn.strip("<").partition("<<")
        caps.append(C.WHOLE_NAME)
    native = (words_of(_plain_text(fn)), words_of(_plain_text(gn)))
    if _same_letters(fn, fnt) and _same_letters(gn, gnt):
        standard = native
    else:
        standard = (words_of(_plain_text(fnt)), words_of(_plain_text(gnt)))
    if native == standard and not caps and not native[0][1] and not native[1][1]:
        return PersonName(NameSource.DCC, readings(native[0][0], native[1][0]))
    native_notes, standard_notes = native[0][1] + native[1][1], standard[0][1] + standard[1][1]
    native_words, standard_words = (native[0][0], native[1][0]), (standard[0][0], standard[1][0])
    remarks: Notes = ()
    if not any(standard_words):
        more, remarks = _capped(native_notes)
        forms = readings(*native_words)
        if is_arabic(fn) or is_arabic(gn):
            forms = tuple(f._replace(arabic=True) for f in forms)
    elif (
        not any(native_words)
        or native_words == standard_words
        or is_arabic(fn)
        or is_arabic(gn)
        or C.NOT_LATIN in native_notes
    ):
        more, remarks = _capped(standard_notes)
        remarks += tuple(note for note in native_notes if note not in more and note is not C.NOT_LATIN)
        forms = readings(*standard_words)
    else:
        more, remarks = _capped(standard_notes)
        remarks += tuple(note for note in native_notes if note not in more)
        joined = [_join_spellings(n, s) for n, s in zip(native_words, standard_words, strict=True)]
        if not all(_permitted(n, s, text) for n, s, text in zip(native_words, standard_words, (fn, gn), strict=True)):
            caps.append(C.NATIVE_CONTRADICTS)
        if joined[0] is not None and joined[1] is not None:
            forms = readings(joined[0], joined[1])
        else:
            forms = readings(*standard_words) + readings(*native_words)
            caps.append(C.NATIVE_CONTRADICTS)
    return PersonName(
        NameSource.DCC, forms, caps=tuple(dict.fromkeys([*caps, *more])), remarks=tuple(dict.fromkeys(remarks))
    )


def _same_letters(native: str, standard: str) -> bool:
    """The standardised text is the native one in capitals, with `<` for blanks: its words need no second look."""
    return native.isascii() and native.upper() == standard.replace("<", " ")


def _title_before_mark(text: str) -> bool:
    """`DR<<MUSTERMANN`: a title's full stop became a separator of its own."""
    return all(word[0] in lexicon.TITLES for word in words_of(text.strip("<").partition("<<")[0])[0])


def _permitted(native: tuple[Word, ...], standard: tuple[Word, ...], text: str) -> bool:
    """False where a name in Latin letters is standardised to letters that no rule gives; others leave a choice."""
    if len(native) != len(standard) or not is_latin(text):
        return True
    likenesses = (likeness(n, s) for n, s in zip(native, standard, strict=True))
    return all(relation in (Likeness.SAME, Likeness.INITIAL) for relation in likenesses)


def _join_spellings(native: tuple[Word, ...], standard: tuple[Word, ...]) -> tuple[Word, ...] | None:
    """Native and standardised words as one; None where they contradict each other."""
    if not native or not standard:
        return native or standard
    if len(native) == len(standard):
        joined: list[Word] = []
        for n, s in zip(native, standard, strict=True):
            word = _join_word(n, s)
            if word is None:
                break
            joined.append(word)
        else:
            return tuple(joined)
    whole_native, whole_standard = "".join(first_spellings(native)), "".join(first_spellings(standard))
    if likeness((whole_native,), (whole_standard,)) is not Likeness.DIFFERENT:
        return native if len(native) >= len(standard) else standard
    shared = sum(any(same(n, s) for s in standard) for n in native)
    return (native if len(native) >= len(standard) else standard) if shared == min(len(native), len(standard)) else None


def _join_word(native: Word, standard: Word) -> Word | None:
    if native == standard:
        return native
    relation = likeness(native, standard)
    if relation is Likeness.DIFFERENT:
        return None
    if relation is Likeness.INITIAL:  # a careless issuer's single letter adds nothing
        return native if len(native[0]) > 1 else standard
    return tuple(dict.fromkeys(standard + native))
