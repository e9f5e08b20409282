"""A CertLogic expression compiled once into Python closures, and evaluated as often as needed.

Each closure is `part(data, meter) -> value`. The meter bounds what `reduce` may cost; everything else is bounded by the
size of the expression. Common shapes (a constant operand, a day or hour to add) get closures of their own, because an
entry check runs hundreds of them per passenger.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from verifier.rules.certlogic.codes import CertLogicCode, CertLogicError
from verifier.rules.certlogic.validate import Issue, validate
from verifier.rules.certlogic.values import (
    DAY,
    HOUR,
    MAX_INTEGER,
    DateTime,
    add_months,
    moment,
    parse_birth_date,
    parse_time,
    plain,
    same,
    truth,
    uvci_fragment,
    whole,
)

SPECIFICATION = (1, 3, 3)
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


def _var(path: str) -> Part:
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


def _if(guard: Part, then: Part, otherwise: Part) -> Part:
    def choose(data: Any, meter: Meter) -> Any:
        condition = guard(data, meter)
        if condition is True:
            return then(data, meter)
        if condition is False or condition is None or not truth(condition, "if"):
            return otherwise(data, meter)
        return then(data, meter)

    return choose


def _and(*operands: Part) -> Part:
    def every(data: Any, meter: Meter) -> Any:
        value: Any = True
        for operand in operands:
            value = operand(data, meter)
            if value is not True and (value is False or not truth(value, "and")):
                return value
        return value

    return every


def _not(operand: Part) -> Part:
    def negate(data: Any, meter: Meter) -> bool:
        value = operand(data, meter)
        if value is True:
            return False
        return value is False or not truth(value, "!")

    return negate


# --- equality and membership ------------------------------------------------------------------------------------------


def _equal(left: Part, right: Part) -> Part:
    return lambda data, meter: same(left(data, meter), right(data, meter))


def _equal_text(left: Part, literal: str) -> Part:
    # nothing but a text equals a text in Python either
    return lambda data, meter: left(data, meter) == literal


def _contains(values: list[Any], item: Any) -> bool:
    if item is None or type(item) is str:
        return item in values
    return any(same(item, value) for value in values)


def _in(left: Part, right: Part) -> Part:
    def member(data: Any, meter: Meter) -> bool:
        item = left(data, meter)
        values = right(data, meter)
        if type(values) is not list:
            raise _fail(CertLogicCode.NOT_AN_ARRAY, "in")
        meter.left -= len(values) >> 4  # scanning a list of codes costs little, a long one in a loop does not
        return _contains(values, item)

    return member


def _in_texts(left: Part, texts: frozenset[str]) -> Part:
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


def _plus(left: Part, right: Part) -> Part:
    def plus(data: Any, meter: Meter) -> int:
        a, b = left(data, meter), right(data, meter)
        if not (whole(a) and whole(b)):
            raise _fail(CertLogicCode.NOT_AN_INTEGER, "+")
        total = int(a) + int(b)
        if not -MAX_INTEGER <= total <= MAX_INTEGER:
            raise _fail(CertLogicCode.OUT_OF_RANGE, "+")
        return total

    return plus


def _compare(name: str, operands: tuple[Part, ...]) -> Part:
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


def _plus_time(operand: Part, amount: int, unit: str) -> Part:
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


def _date_of_birth(operand: Part) -> Part:
    def date_of_birth(data: Any, meter: Meter) -> DateTime:
        text = operand(data, meter)
        if type(text) is not str:
            raise _fail(CertLogicCode.NOT_TEXT, "dccDateOfBirth")
        return parse_birth_date(text)

    return date_of_birth


# --- the rest ---------------------------------------------------------------------------------------------------------


def _from_uvci(operand: Part, index: int) -> Part:
    def from_uvci(data: Any, meter: Meter) -> str | None:
        text = operand(data, meter)
        if text is None:
            return None
        if type(text) is not str:
            raise _fail(CertLogicCode.NOT_TEXT, "extractFromUVCI")
        meter.left -= len(text) >> 4
        return uvci_fragment(text, index)

    return from_uvci


def _reduce(operand: Part, step: Part, initial: Part, cost: int) -> Part:
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


def _array(items: list[Part]) -> Part:
    return lambda data, meter: [item(data, meter) for item in items]


# --- compiling --------------------------------------------------------------------------------------------------------

FIXED: dict[str, Callable[..., Part]] = {
    "if": _if,
    "and": _and,
    "!": _not,
    "+": _plus,
    "dccDateOfBirth": _date_of_birth,
}


def _is_texts(expression: Any) -> bool:
    return isinstance(expression, list) and all(isinstance(item, str) for item in expression)


def _compile(expression: Any) -> Part:
    """Closure of a format-checked expression."""
    if isinstance(expression, list):
        if not any(isinstance(item, (list, dict)) for item in expression):
            return lambda data, meter: expression
        return _array([_compile(item) for item in expression])
    if not isinstance(expression, dict):
        return lambda data, meter: expression
    [(name, operands)] = expression.items()
    if name == "var":
        return _var(operands)
    if name == "plusTime":
        return _plus_time(_compile(operands[0]), int(operands[1]), operands[2])
    if name == "extractFromUVCI":
        return _from_uvci(_compile(operands[0]), int(operands[1]))
    if name == "===" and isinstance(operands[1], str):
        return _equal_text(_compile(operands[0]), operands[1])
    if name == "in" and _is_texts(operands[1]):
        return _in_texts(_compile(operands[0]), frozenset(operands[1]))
    parts = [_compile(operand) for operand in operands]
    if name in ORDER:
        return _compare(name, tuple(parts))
    if name == "reduce":
        return _reduce(parts[0], parts[1], parts[2], _size(operands[1]))
    return FIXED[name](*parts)


FIXED["==="] = _equal
FIXED["in"] = _in


def _size(expression: Any) -> int:
    """How many parts an expression has."""
    if isinstance(expression, dict):
        expression = next(iter(expression.values()))
    return 1 + sum(map(_size, expression)) if isinstance(expression, list) else 1


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled CertLogic expression. Immutable; may be evaluated from several threads at once."""

    part: Part

    @classmethod
    def compile(cls, source: Any) -> Expression:
        """Check the format and compile.

        Args:
            source: the expression as parsed JSON; changing it afterwards has no effect worth relying on.

        Raises:
            CertLogicError: BAD_EXPRESSION with the number of faults and the first of them; TOO_DEEP or TOO_LARGE.
        """
        issues = validate(source)
        if issues:
            raise format_error(issues)
        return cls(_compile(source))

    def evaluate(self, data: Any) -> Any:
        """The value for data as parsed JSON: JSON values, or a `DateTime`.

        Raises:
            CertLogicError: what cannot be evaluated, or costs too much. Never means false.
        """
        try:
            return self.part(data, Meter())
        except RecursionError:
            raise CertLogicError(CertLogicCode.TOO_DEEP) from None

    def answer(self, data: Any) -> Any:
        """As `evaluate`, for data from outside: bounded on the way in, plain JSON on the way out.

        Raises:
            CertLogicError: as `evaluate`, and BAD_DATA.
        """
        return plain(self.evaluate(plain(data)))


def format_error(issues: list[Issue]) -> CertLogicError:
    """The issues of a format check as one error, which names a broken limit or else the first fault."""
    named = issues[-1] if issues[-1].code is not CertLogicCode.BAD_EXPRESSION else issues[0]
    where = ".".join(map(str, named.path))[:120]
    return CertLogicError(named.code, facts={"faults": len(issues), "at": where, "message": named.message})
