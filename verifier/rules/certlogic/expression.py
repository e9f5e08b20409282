"""A CertLogic expression: checked for format, compiled once, evaluated as often as needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from verifier.rules.certlogic import operations
from verifier.rules.certlogic.codes import CertLogicCode, CertLogicError
from verifier.rules.certlogic.operations import Meter, Part
from verifier.rules.certlogic.validate import Issue, validate
from verifier.rules.certlogic.values import plain

SPECIFICATION = (1, 3, 3)

FIXED: dict[str, Callable[..., Part]] = {
    "if": operations.choice,
    "and": operations.conjunction,
    "!": operations.negation,
    "===": operations.equality,
    "in": operations.membership,
    "+": operations.addition,
    "dccDateOfBirth": operations.birth_date,
}


def _is_texts(expression: Any) -> bool:
    return isinstance(expression, list) and all(isinstance(item, str) for item in expression)


def _compile(expression: Any) -> Part:
    """Closure of a format-checked expression."""
    if isinstance(expression, list):
        if not any(isinstance(item, (list, dict)) for item in expression):
            return lambda data, meter: expression
        return operations.array([_compile(item) for item in expression])
    if not isinstance(expression, dict):
        return lambda data, meter: expression
    [(name, operands)] = expression.items()
    if name == "var":
        return operations.access(operands)
    if name == "plusTime":
        return operations.offset_time(_compile(operands[0]), int(operands[1]), operands[2])
    if name == "extractFromUVCI":
        return operations.uvci_part(_compile(operands[0]), int(operands[1]))
    if name == "===" and isinstance(operands[1], str):
        return operations.equals_text(_compile(operands[0]), operands[1])
    if name == "in" and _is_texts(operands[1]):
        return operations.among_texts(_compile(operands[0]), frozenset(operands[1]))
    parts = [_compile(operand) for operand in operands]
    if name in operations.ORDER:
        return operations.comparison(name, tuple(parts))
    if name == "reduce":
        return operations.reduction(parts[0], parts[1], parts[2], _size(operands[1]))
    return FIXED[name](*parts)


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
            raise _format_error(issues)
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


def _format_error(issues: list[Issue]) -> CertLogicError:
    """The issues of a format check as one error, which names a broken limit or else the first fault."""
    named = issues[-1] if issues[-1].code is not CertLogicCode.BAD_EXPRESSION else issues[0]
    where = ".".join(map(str, named.path))[:120]
    return CertLogicError(named.code, facts={"faults": len(issues), "at": where, "message": named.message})
