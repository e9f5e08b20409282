"""Two readings of a name against each other: the best explanation that the rules know, as a grade with reasons.

The tests of one pair, in this order: as written; cut words completed from the other side; titles glued to a given name;
identifiers exchanged; words that moved between surname and given name; undivided names; the Arabic reversible scheme.
Each may raise the grade by naming its reason; none can hide a contradiction that remains.
"""

from __future__ import annotations

from verifier.identity import lexicon
from verifier.identity.align import AGREE, SEPARATED, SPELLED, Reason, Relation, Words, equal, left_over
from verifier.identity.codes import Grade
from verifier.identity.codes import IdentityCode as C
from verifier.identity.cut import complete, exact_rests, without_glued_title
from verifier.identity.divided import NOTHING, divided
from verifier.identity.forms import Division, Form
from verifier.identity.names import BOOKED, PersonName
from verifier.identity.parts import begins, surnames

_UNDIVIDED = frozenset({Division.FREE, Division.PRIMARY_FIRST})


def compare(a: PersonName, b: PersonName) -> Relation:
    """The best relation between any reading of one name and any of the other. At least one form on each side."""
    best = NOTHING
    for x in a.forms:
        for y in b.forms:
            found = _readings(a, b, x, y)
            if found.grade > best.grade or best is NOTHING:
                best = found
            if best.grade is Grade.MATCH:
                return best
    return best


def _direct(x: Form, y: Form) -> Relation | None:
    """A match that needs no search: surnames equal, given names equal or fewer on one side. None says nothing."""
    if not (x.secondary and y.secondary) or x.suffix != y.suffix or x.division is not y.division:
        return None
    surname = equal(x.primary, y.primary) if x.primary and y.primary else None
    if surname is None:
        return None
    given = equal(x.secondary, y.secondary) or begins(x.secondary, y.secondary)
    if given is None:
        return None
    reasons = surname.reasons
    if given.reasons and given.reasons != reasons:
        reasons += given.reasons
    if x.explained or y.explained:
        reasons += _explained(x, y)
    return Relation(Grade.MATCH, reasons) if reasons else AGREE


def _explained(x: Form, y: Form) -> tuple[Reason, ...]:
    return tuple([(code, 1) for code in x.explained] + [(code, 2) for code in y.explained])


def _at_once(a: PersonName, b: PersonName, x: Form, y: Form) -> Relation | None:
    """A match by direct agreement: as written, without glued titles, or with the end of a full field completed."""
    found = _direct(x, y)
    if found is not None:
        return found
    for side, source, form, other in ((1, a.source, x, y), (2, b.source, y, x)):
        if source in BOOKED and form.secondary and other.secondary:
            for rest in exact_rests(form, other, False):
                found = _direct(rest, other) if side == 1 else _direct(other, rest)
                if found is not None:
                    return found._replace(reasons=((C.TITLE, side), *found.reasons))
    if a.width or b.width:
        done = complete(a, b, x, y)
        if done and not done.weak and (found := _direct(done.a, done.b)) is not None:
            return found._replace(reasons=((C.TRUNCATED, done.side), *found.reasons))
    return None


def _readings(a: PersonName, b: PersonName, x: Form, y: Form) -> Relation:
    found = _at_once(a, b, x, y)
    if found is not None:
        return found
    best = _forms(x, y)
    if best.grade is Grade.MATCH:
        return best
    pairs: list[tuple[Form, Form, tuple[Reason, ...], bool]] = [(x, y, (), False)]
    if a.source in BOOKED:
        pairs += [(rest, y, ((C.TITLE, 1),), weak) for rest, weak in without_glued_title(x, y, bool(a.width))]
    if b.source in BOOKED:
        pairs += [(x, rest, ((C.TITLE, 2),), weak) for rest, weak in without_glued_title(y, x, bool(b.width))]
    for one, other, reasons, weak in pairs:
        if reasons:
            best = _better(best, _forms(one, other), reasons, weak)
        if a.width or b.width:
            done = complete(a, b, one, other)
            if done:
                best = _better(best, _forms(done.a, done.b), (*reasons, (C.TRUNCATED, done.side)), done.weak or weak)
        if best.grade is Grade.MATCH:
            return best
    if best.grade < Grade.REFER and (x.arabic or y.arabic or _escaped(x) or _escaped(y)):
        found = _consonants(x, y)
        if found is not None:
            return found
    return best


def _better(best: Relation, found: Relation, reasons: tuple[Reason, ...], weak: bool = False) -> Relation:
    """The new relation with its reasons in front where it is better than the best so far."""
    if weak and found.grade > Grade.REFER:
        found = Relation(Grade.REFER, ((C.GIVEN_CUT_SHORT, 0), *found.reasons))
    return found._replace(reasons=reasons + found.reasons) if found.grade > best.grade else best


def _forms(x: Form, y: Form) -> Relation:
    """Two readings as they stand."""
    if x.primary == y.primary and x.secondary == y.secondary:
        found = AGREE
    elif (
        x.primary
        and x.secondary
        and y.primary
        and y.secondary
        and not (x.division in _UNDIVIDED or y.division in _UNDIVIDED)
    ):
        found = divided(x, y)
    else:
        found = _undivided(x, y)
    if x.suffix != y.suffix:
        found = _suffixes(x, y, found)
    if x.explained or y.explained:
        found = found._replace(reasons=found.reasons + _explained(x, y))
    return found


def _suffixes(x: Form, y: Form, found: Relation) -> Relation:
    """A generation suffix on one side needs the date to tell father from son; two different ones contradict."""
    both = bool(x.suffix and y.suffix)
    most = Grade.REFER if both else Grade.MATCH_DATED
    code = C.SUFFIX_CONFLICT if both else C.SUFFIX
    return found._replace(
        grade=min(found.grade, most), reasons=(*found.reasons, (code, 0 if both else 1 if x.suffix else 2))
    )


# --- undivided and single names ---------------------------------------------------------------------------------------


def _undivided(x: Form, y: Form) -> Relation:
    """At least one name is a single name, or is not parted into surname and given names."""
    one = x.primary if x.primary == x.secondary else x.primary + x.secondary
    other = y.primary if y.primary == y.secondary else y.primary + y.secondary
    same_order = equal(one, other)
    if same_order:
        return _all_words_agree(x, y, same_order, len(one))
    best = _splits(x, y)
    if best.grade >= Grade.REFER:
        return best
    left_one, left_other, _ = left_over(one, other)
    if not left_one and not left_other:
        ordered = Division.FREE not in (x.division, y.division)
        return (
            Relation(Grade.REFER, ((C.EXCHANGED, 0),))
            if ordered
            else Relation(Grade.MATCH_DATED, ((C.SINGLE_NAME, 0),))
        )
    if not left_one or not left_other:
        code = _what_is_missing(x, y)
        return Relation(Grade.REFER, ((code, 2 if left_one else 1),))
    near = surnames(one, other)
    if not near.other and Grade.REFER_DATED <= near.grade <= Grade.REFER:
        return near
    return best


def _all_words_agree(x: Form, y: Form, found: Relation, count: int) -> Relation:
    """Same words in the same order. A source that divides against one that says there is only one identifier: look."""
    if Division.SINGLE in (x.division, y.division) and Division.DIVIDED in (x.division, y.division) and count > 1:
        return Relation(Grade.REFER, ((C.DIVIDED, 0),))
    if found is SEPARATED or found is SPELLED:
        return found
    return Relation(Grade.MATCH, ((C.SINGLE_NAME, 0),)) if count > 0 else found


def _what_is_missing(x: Form, y: Form) -> C:
    for form, other in ((x, y), (y, x)):
        if (
            not form.secondary
            and other.secondary
            and form.division not in _UNDIVIDED
            and equal(form.primary, other.primary)
        ):
            return C.GIVEN_ABSENT
    return C.NAME_PART_MISSING


def _splits(x: Form, y: Form) -> Relation:
    """An undivided name parted where the other one is, surname first or (order unknown) given names first."""
    best = NOTHING
    for form, other, turned in ((x, y, False), (y, x, True)):
        if form.division not in _UNDIVIDED or other.division is not Division.DIVIDED:
            continue
        words = form.primary + form.secondary
        for primary, secondary in _parted(
            words, len(other.primary), len(other.secondary), form.division is Division.FREE
        ):
            trial = form._replace(primary=primary, secondary=secondary, division=Division.DIVIDED)
            found = divided(other, trial) if turned else divided(trial, other)
            if found.grade > best.grade:
                best = found
    return best


def _parted(words: Words, primary: int, secondary: int, free: bool) -> list[tuple[Words, Words]]:
    """At most six ways to part the words, near the other side's counts."""
    ways = [(words[:k], words[k:]) for k in dict.fromkeys((primary, 1, primary + 1)) if 0 < k < len(words)]
    if free:
        counts = dict.fromkeys((len(words) - primary, secondary, len(words) - 1))
        ways += [(words[k:], words[:k]) for k in counts if 0 < k < len(words)]
    return ways


# --- Arabic in the reversible scheme ----------------------------------------------------------------------------------


def _escaped(form: Form) -> bool:
    return any("X" in word[0] and lexicon.ARABIC_ESCAPE.search(word[0]) for word in form.primary + form.secondary)


def _consonants(x: Form, y: Form) -> Relation | None:
    """Names that agree by their consonants, where one of them is transliterated letter by letter without vowels."""
    bones = [
        lexicon.consonants("".join([w[0] for w in part]))
        for part in (x.primary, y.primary, x.secondary[:1], y.secondary[:1])
    ]
    if bones[0] != bones[1] or bones[2] != bones[3] or len(bones[0] + bones[2]) < 4:
        return None
    rest_x = {lexicon.consonants(word[0]) for word in x.secondary[1:]}
    rest_y = {lexicon.consonants(word[0]) for word in y.secondary[1:]}
    return Relation(Grade.REFER, ((C.ROMANISATION, 0),)) if rest_x <= rest_y or rest_y <= rest_x else None
