"""Two names that both part surname from given names: together, exchanged, or parted in another place."""

from __future__ import annotations

from verifier.identity.align import Relation, equal, left_over
from verifier.identity.codes import Grade
from verifier.identity.codes import IdentityCode as C
from verifier.identity.forms import Form
from verifier.identity.parts import calling_names, givens, surnames

NOTHING = Relation(Grade.MISMATCH, ((C.NAMES_DIFFER, 0),))


def divided(x: Form, y: Form) -> Relation:
    surname, given = surnames(x.primary, y.primary), givens(x.secondary, y.secondary)
    best = combine(surname, given)
    if best.grade is Grade.MATCH:
        return best
    for form, other in ((x, y), (y, x)):
        if (
            form.birth_name
            and given.grade >= Grade.MATCH_DATED
            and surnames(form.birth_name, other.primary).grade >= Grade.MATCH_DATED
        ):
            best = max(best, Relation(Grade.REFER, ((C.BIRTH_NAME_USED, 0),)), key=_grade)
    if best.grade < Grade.REFER:
        exchanged = _exchanged(x, y)
        if exchanged:
            return exchanged
    moved = _moved(x, y)
    if moved and moved.grade > best.grade:
        return moved
    if best.grade is Grade.MISMATCH:
        best = calling_names(x.primary, y.primary, x.secondary, y.secondary) or best
    return best


def _grade(relation: Relation) -> Grade:
    return relation.grade


def combine(surname: Relation, given: Relation) -> Relation:
    """Surname and given names together: the worse of the two, and worse still where both need an excuse.

    Another surname is excused only by given names that agree (marriage), and then only with the date; two typing slips
    only with the date.
    """
    if given.grade is Grade.MISMATCH:
        return NOTHING if surname.other else given
    if surname.other and given.grade < Grade.MATCH_DATED:
        return NOTHING
    reasons = surname.reasons + tuple(reason for reason in given.reasons if reason not in surname.reasons)
    if surname.slip and given.slip:
        return Relation(Grade.REFER_DATED, ((C.TWO_SLIPS, 0), *reasons), slip=True)
    return Relation(min(surname.grade, given.grade), reasons, surname.slip or given.slip, surname.other)


def _exchanged(x: Form, y: Form) -> Relation | None:
    """The surname of one stands where the other has the given name."""
    one, other = givens(x.primary, y.secondary), givens(x.secondary, y.primary)
    low, high = sorted((one.grade, other.grade))
    if high < Grade.MATCH_DATED or low < Grade.REFER:
        return None
    return Relation(
        Grade.REFER,
        ((C.EXCHANGED, 0), *one.reasons, *(r for r in other.reasons if r not in one.reasons)),
        one.slip or other.slip,
    )


def _moved(x: Form, y: Form) -> Relation | None:
    """The same words, parted elsewhere into surname and given names."""
    one, other = x.primary + x.secondary, y.primary + y.secondary
    if len(x.primary) == len(y.primary) and len(x.secondary) == len(y.secondary):
        return None
    if equal(one, other):
        return Relation(Grade.MATCH_DATED, ((C.DIVIDED, 0),))
    left_one, left_other, _ = left_over(one, other)
    if left_one or left_other or len(one) != len(other):
        return None
    firsts = equal(x.primary[:1], y.primary[:1]) and equal(x.secondary[:1], y.secondary[:1])
    return Relation(Grade.MATCH_DATED if firsts else Grade.REFER, ((C.DIVIDED, 0),))
