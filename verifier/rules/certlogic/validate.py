"""The format check: is this JSON a CertLogic expression? It runs before anything is evaluated, and never recurses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from verifier.rules.certlogic.codes import CertLogicCode
from verifier.rules.certlogic.values import whole

MAX_DEPTH = 100  # the deepest rule of any country nests 10 levels
MAX_NODES = 50_000  # the largest has 200 parts
UNITS = ("year", "month", "day", "hour")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault of an expression: where (keys and positions from the root), what, and the code of a limit it breaks."""

    path: Path
    message: str
    code: CertLogicCode = CertLogicCode.BAD_EXPRESSION

    def as_json(self) -> dict[str, Any]:
        """`{path, message}`, the path with dots."""
        return {"path": ".".join(map(str, self.path)), "message": self.message}


@dataclass(frozen=True, slots=True)
class Shape:
    """Operands of an operation: how few, how many (None: any number), and how many of them are expressions."""

    least: int
    most: int | None
    expressions: int | None = None

    @property
    def said(self) -> str:
        if self.most is None:
            return f"at least {self.least}"
        return f"exactly {self.least}" if self.least == self.most else f"{self.least} or {self.most}"


_BINARY, _CHAIN = Shape(2, 2, 2), Shape(2, 3, 3)
SHAPES = {
    "if": Shape(3, 3, 3),
    "===": _BINARY,
    "in": _BINARY,
    "+": _BINARY,
    "and": Shape(2, None),
    "<": _CHAIN,
    ">": _CHAIN,
    "<=": _CHAIN,
    ">=": _CHAIN,
    "after": _CHAIN,
    "before": _CHAIN,
    "not-after": _CHAIN,
    "not-before": _CHAIN,
    "!": Shape(1, 1, 1),
    "plusTime": Shape(3, 3, 1),
    "reduce": Shape(3, 3, 3),
    "extractFromUVCI": Shape(2, 2, 1),
    "dccDateOfBirth": Shape(1, 1, 1),
}
# operands that are no expressions but literals of one kind: position, test, what it must be
LITERALS: dict[str, tuple[tuple[int, Callable[[Any], bool], str], ...]] = {
    "plusTime": ((1, whole, "an integer"), (2, lambda unit: unit in UNITS, f"one of {', '.join(UNITS)}")),
    "extractFromUVCI": ((1, whole, "an integer"),),
}


def well_formed_path(path: str) -> bool:
    """Whether a `var` path is empty or fragments separated by single full stops."""
    return not path or all(path.split("."))


def _check(expression: Any, children: list[tuple[Any, Path]], path: Path) -> Iterator[str]:
    """Faults of one expression itself; its parts go to `children`."""
    if isinstance(expression, (str, bool, int)):
        return
    if isinstance(expression, float):
        if not expression.is_integer():
            yield f"{expression} is not an integer"
    elif isinstance(expression, list):
        children += [(item, (*path, index)) for index, item in enumerate(expression)]
    elif not isinstance(expression, dict):
        yield "null is no expression" if expression is None else f"a {type(expression).__name__} is no expression"
    elif len(expression) != 1:
        yield f"an operation has exactly one key, this object has {len(expression)}"
    else:
        [(name, operands)] = expression.items()
        yield from _check_operation(name, operands, children, path)


def _check_operation(name: Any, operands: Any, children: list[tuple[Any, Path]], path: Path) -> Iterator[str]:
    if name == "var":
        if not isinstance(operands, str):
            yield "var takes its path as a text"
        elif not well_formed_path(operands):
            yield "the path of var has an empty part"
        return
    if not isinstance(operands, list):
        yield "the operands of an operation are an array"
        return
    shape = SHAPES.get(name)
    if shape is None:
        yield "there is no such operation"
        return
    if len(operands) < shape.least or (shape.most is not None and len(operands) > shape.most):
        yield f"{name} has {shape.said} operands, not {len(operands)}"
        if name == "!":  # with several operands none is its operand
            return
    for position, fits, wanted in LITERALS.get(name, ()):
        if position < len(operands) and not fits(operands[position]):
            yield f"operand {position + 1} of {name} is {wanted}"
    children += [(item, (*path, name, index)) for index, item in enumerate(operands[: shape.expressions])]


def validate(expression: Any) -> list[Issue]:
    """Every fault of an expression; an empty list where it is CertLogic.

    One message for each fault, as many as the reference implementation gives. Beyond MAX_DEPTH or MAX_NODES the check
    stops with an issue of code TOO_DEEP or TOO_LARGE.

    Source: CertLogic 1.3.3; validation-testSuite.
    """
    issues: list[Issue] = []
    waiting: list[tuple[Any, Path, int]] = [(expression, (), 0)]
    seen = 0
    while waiting:
        part, path, depth = waiting.pop()
        seen += 1
        if depth > MAX_DEPTH:
            return [*issues, Issue(path[:8], f"nested deeper than {MAX_DEPTH}", CertLogicCode.TOO_DEEP)]
        children: list[tuple[Any, Path]] = []
        if isinstance(part, (list, dict)) and seen + len(waiting) + _width(part) > MAX_NODES:
            return [*issues, Issue(path[:8], f"more than {MAX_NODES} parts", CertLogicCode.TOO_LARGE)]
        issues += [Issue(path, message) for message in _check(part, children, path)]
        waiting += [(child, at, depth + 1) for child, at in reversed(children)]
    return issues


def _width(part: list[Any] | dict[Any, Any]) -> int:
    """How many parts an expression has at most, before they are looked at."""
    if isinstance(part, dict):
        operands = next(iter(part.values()), None)
        return len(operands) if isinstance(operands, list) else 1
    return len(part)
