"""The operations of CertLogic as Python closures, made once from their operands' closures.

Each closure is `part(data, meter) -> value`. The meter bounds what `reduce` may cost; everything else is bounded by the
size of the expression. Common shapes (a constant operand, a day or hour to add) get closures of their own, because an
entry check runs hundreds of them per passenger.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from verifier.rules.certlogic.codes import CertLogicCode, CertLogicError
from verifier.rules.certlogic.values import (
    DAY,
    HOUR,
    MAX_INTEGER,
    DateTime,
    add_months,
    moment,
    parse_birth_date,
    parse_time,
    same,
    truth,
    uvci_fragment,
    whole,
)

MAX_STEPS = 500_000  # parts evaluated inside `reduce`; the costliest real rule takes under 100


class Meter:
    """Counts down what one evaluation may still cost."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_STEPS

    def charge(self, steps: int) -> None:
        """Raises CertLogicError TOO_EXPENSIVE when the budget is used up."""
        self.left -= steps
        if self.left < 0:
            raise CertLogicError(CertLogicCode.TOO_EXPENSIVE, facts={"limit": MAX_STEPS})


Part = Callable[[Any, Meter], Any]


def _fail(code: CertLogicCode, operation: str) -> CertLogicError:
    return CertLogicError(code, facts={"operation": operation})


# --- data access ------------------------------------------------------------------------------------------------------

INDEX = re.compile(r"\s*([+-]?\d{1,9})", re.ASCII)


def access(path: str) -> Part:
    """`var`: the part of the data at a dotted path; None where there is none. Indexes are for arrays only."""
    if not path:
        return lambda data, meter: data
    keys: list[str | int] = []
    for fragment in path.split("."):
        index = INDEX.match(fragment)
        keys.append(int(index[1]) if index else fragment)
    if len(keys) == 1 and isinstance(keys[0], str):
        name = keys[0]
        return lambda data, meter: data.get(name) if type(data) is dict else None

    def var(data: Any, meter: Meter) -> Any:
        for key in keys:
            kind = type(data)
            if kind is dict:
                # an index into an object is nothing: no key of its is an int
                data = data.get(key)
            elif kind is list and type(key) is int and 0 <= key < len(data):
                data = data[key]
            else:
                return None
        return data

    return var


# --- logic ------------------------------------------------------------------------------------------------------------


def choice(guard: Part, then: Part, otherwise: Part) -> Part:
    """`if`: only the chosen branch is evaluated."""

    def choose(data: Any, meter: Meter) -> Any:
        condition = guard(data, meter)
        if condition is True:
            return then(data, meter)
        if condition is False or condition is None or not truth(condition, "if"):
            return otherwise(data, meter)
        return then(data, meter)

    return choose


def conjunction(*operands: Part) -> Part:
    """`and`: left to right, the first falsy operand itself, else the last."""

    def every(data: Any, meter: Meter) -> Any:
        value: Any = True
        for operand in operands:
            value = operand(data, meter)
            if value is not True and (value is False or not truth(value, "and")):
                return value
        return value

    return every


def negation(operand: Part) -> Part:
    """`!`."""

    def negate(data: Any, meter: Meter) -> bool:
        value = operand(data, meter)
        if value is True:
            return False
        return value is False or not truth(value, "!")

    return negate


# --- equality and membership ------------------------------------------------------------------------------------------


def equality(left: Part, right: Part) -> Part:
    """`===` of any two operands."""
    return lambda data, meter: same(left(data, meter), right(data, meter))


def equals_text(left: Part, literal: str) -> Part:
    """`===` with a literal text on the right."""
    # nothing but a text equals a text in Python either
    return lambda data, meter: left(data, meter) == literal


def _contains(values: list[Any], item: Any) -> bool:
    if item is None or type(item) is str:
        return item in values
    return any(same(item, value) for value in values)


def membership(left: Part, right: Part) -> Part:
    """`in` with any right side; only an array has members."""

    def member(data: Any, meter: Meter) -> bool:
        item = left(data, meter)
        values = right(data, meter)
        if type(values) is not list:
            raise _fail(CertLogicCode.NOT_AN_ARRAY, "in")
        meter.left -= len(values) >> 4  # scanning a list of codes costs little, a long one in a loop does not
        return _contains(values, item)

    return member


def among_texts(left: Part, texts: frozenset[str]) -> Part:
    """`in` with a literal array of texts on the right."""

    def member(data: Any, meter: Meter) -> bool:
        item = left(data, meter)
        return type(item) is str and item in texts

    return member


# --- integers and date-times ------------------------------------------------------------------------------------------

ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "before": operator.lt,
    "after": operator.gt,
    "not-after": operator.le,
    "not-before": operator.ge,
}
INTEGER_ORDER = ("<", ">", "<=", ">=")


def addition(left: Part, right: Part) -> Part:
    """`+`: integers only, within the range that all implementations hold."""

    def plus(data: Any, meter: Meter) -> int:
        a, b = left(data, meter), right(data, meter)
        if not (whole(a) and whole(b)):
            raise _fail(CertLogicCode.NOT_AN_INTEGER, "+")
        total = int(a) + int(b)
        if not -MAX_INTEGER <= total <= MAX_INTEGER:
            raise _fail(CertLogicCode.OUT_OF_RANGE, "+")
        return total

    return plus


def comparison(name: str, operands: tuple[Part, ...]) -> Part:
    """`<`, `before` and their kin with two or three operands, by name."""
    holds = ORDER[name]
    if name in INTEGER_ORDER:
        kind, code, tolerated = int, CertLogicCode.NOT_AN_INTEGER, whole
    else:
        kind, code, tolerated = DateTime, CertLogicCode.NOT_A_TIME, _never
    if len(operands) == 2:
        left, right = operands

        def pair(data: Any, meter: Meter) -> bool:
            a, b = left(data, meter), right(data, meter)
            if (type(a) is kind or tolerated(a)) and (type(b) is kind or tolerated(b)):
                return holds(a, b)
            raise _fail(code, name)

        return pair
    first, second, third = operands

    def between(data: Any, meter: Meter) -> bool:
        a, b, c = first(data, meter), second(data, meter), third(data, meter)
        if all(type(value) is kind or tolerated(value) for value in (a, b, c)):
            return holds(a, b) and holds(b, c)
        raise _fail(code, name)

    return between


def _never(value: Any) -> bool:
    return False


UNIT_MILLIS = {"day": DAY, "hour": HOUR}
UNIT_MONTHS = {"month": 1, "year": 12}


def offset_time(operand: Part, amount: int, unit: str) -> Part:
    """`plusTime`: a date-time from text, and so many units later."""
    months = amount * UNIT_MONTHS.get(unit, 0)
    millis = amount * UNIT_MILLIS.get(unit, 0)

    def plus_time(data: Any, meter: Meter) -> DateTime:
        text = operand(data, meter)
        if type(text) is not str:
            raise _fail(CertLogicCode.NOT_TEXT, "plusTime")
        base = parse_time(text)
        if millis:
            return moment(base + millis)
        return add_months(base, months) if months else base

    return plus_time


def birth_date(operand: Part) -> Part:
    """`dccDateOfBirth`."""

    def date_of_birth(data: Any, meter: Meter) -> DateTime:
        text = operand(data, meter)
        if type(text) is not str:
            raise _fail(CertLogicCode.NOT_TEXT, "dccDateOfBirth")
        return parse_birth_date(text)

    return date_of_birth


# --- the rest ---------------------------------------------------------------------------------------------------------


def uvci_part(operand: Part, index: int) -> Part:
    """`extractFromUVCI`."""

    def from_uvci(data: Any, meter: Meter) -> str | None:
        text = operand(data, meter)
        if text is None:
            return None
        if type(text) is not str:
            raise _fail(CertLogicCode.NOT_TEXT, "extractFromUVCI")
        meter.left -= len(text) >> 4
        return uvci_fragment(text, index)

    return from_uvci


def reduction(operand: Part, step: Part, initial: Part, cost: int) -> Part:
    """`reduce`: each step sees `{accumulator, current}` alone and is charged `cost` parts."""

    def reduce(data: Any, meter: Meter) -> Any:
        values = operand(data, meter)
        if values is None:
            return initial(data, meter)
        if type(values) is not list:
            raise _fail(CertLogicCode.NOT_AN_ARRAY, "reduce")
        meter.charge(cost)
        accumulator = initial(data, meter)
        for current in values:
            meter.charge(cost)
            accumulator = step({"accumulator": accumulator, "current": current}, meter)
        return accumulator

    return reduce


def array(items: list[Part]) -> Part:
    """An array: each item evaluated."""
    return lambda data, meter: [item(data, meter) for item in items]
