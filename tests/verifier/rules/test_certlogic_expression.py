"""CertLogic expressions: what they give, when they fail, and what they may cost. Own vectors."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.rules.certlogic import CertLogicCode, CertLogicError, Expression, validate


def evaluate(source: Any, data: Any = None) -> Any:
    return Expression.compile(source).answer(data)


def failure(source: Any, data: Any = None) -> CertLogicCode:
    with pytest.raises(CertLogicError) as caught:
        evaluate(source, data)
    assert isinstance(caught.value.code, CertLogicCode)
    return caught.value.code


NOW = {"plusTime": ["2021-12-20T12:00:00Z", 0, "hour"]}

VALUES = [
    ("text", None, "text"),
    (7, None, 7),
    (3.0, None, 3),
    ([1, ["a", {"var": "x"}]], {"x": True}, [1, ["a", True]]),
    ({"var": ""}, {"x": 1}, {"x": 1}),
    ({"var": "v.0.dn"}, {"v": [{"dn": 2}]}, 2),
    ({"var": "v.1.dn"}, {"v": [{"dn": 2}]}, None),
    ({"var": "v.-1"}, {"v": [1]}, None),
    ({"var": "v.0x"}, {"v": [1]}, 1),
    ({"var": "s.0"}, {"s": "text"}, None),
    ({"var": "s.length"}, {"s": "text"}, None),
    ({"var": "v.length"}, {"v": [1]}, None),
    ({"var": "n.a"}, {"n": 3}, None),
    ({"var": "o.0"}, {"o": {"0": "no index"}}, None),
    ({"var": "a.b"}, None, None),
    ({"if": [{"var": "x"}, 1, {"+": ["fails", 1]}]}, {"x": "y"}, 1),
    ({"if": [{"var": "x"}, {"+": ["fails", 1]}, 2]}, {}, 2),
    ({"and": [1, [], {"+": ["fails", 1]}]}, None, []),
    ({"and": [1, "last"]}, None, "last"),
    ({"!": [{"var": "x"}]}, {}, True),
    ({"!": [{"var": "x"}]}, {"x": 2}, False),
    ({"===": [{"var": "a"}, {"var": "b"}]}, {"a": 1, "b": True}, False),
    ({"===": [{"var": "a"}, 1]}, {"a": True}, False),
    ({"===": [{"var": "a"}, "1"]}, {"a": 1}, False),
    ({"===": [{"var": "a"}, {"var": "b"}]}, {}, True),
    ({"in": [{"var": "a"}, ["x", "y"]]}, {"a": "y"}, True),
    ({"in": [{"var": "a"}, ["x", "y"]]}, {}, False),
    ({"in": [{"var": "a"}, ["x", 1]]}, {"a": True}, False),
    ({"in": [{"var": "a"}, ["x", 1]]}, {"a": 1.0}, True),
    ({"in": [{"var": "a"}, {"var": "l"}]}, {"l": [None]}, True),
    ({"in": [{"var": "a"}, {"var": "l"}]}, {"a": "x", "l": ["x"]}, True),
    ({"in": [{"var": "a"}, {"var": "l"}]}, {"a": 0, "l": [False]}, False),
    ({"+": [{"var": "a"}, 1]}, {"a": 3.0}, 4),
    ({"<": [1, {"var": "a"}, 5]}, {"a": 3}, True),
    ({"<": [1, {"var": "a"}, 3]}, {"a": 3}, False),
    ({">=": [{"var": "a"}, 3]}, {"a": 3.0}, True),
    ({"plusTime": ["2021-01-31", 1, "month"]}, None, "2021-03-03T00:00:00.000Z"),
    ({"plusTime": ["2020-02-29", 1, "year"]}, None, "2021-03-01T00:00:00.000Z"),
    ({"plusTime": ["2021-01-31", -1, "day"]}, None, "2021-01-30T00:00:00.000Z"),
    ({"plusTime": [{"var": "d"}, 48, "hour"]}, {"d": "2021-01-31T10:00:00+0100"}, "2021-02-02T09:00:00.000Z"),
    ({"plusTime": ["2021-01-31", 2.0, "day"]}, None, "2021-02-02T00:00:00.000Z"),
    ({"dccDateOfBirth": ["2003-02"]}, None, "2003-02-28T00:00:00.000Z"),
    ({"not-before": [NOW, NOW]}, None, True),
    ({"not-after": [NOW, NOW, NOW]}, None, True),
    ({"before": [NOW, NOW]}, None, False),
    ({"after": [NOW, {"plusTime": ["2021-12-20", 0, "day"]}]}, None, True),
    ({"extractFromUVCI": [{"var": "ci"}, 1]}, {"ci": "URN:UVCI:01:SE:X"}, "SE"),
    ({"extractFromUVCI": [{"var": "ci"}, 1]}, {}, None),
    ({"reduce": [{"var": "l"}, {"+": [{"var": "accumulator"}, {"var": "current"}]}, 0]}, {"l": [1, 2]}, 3),
    ({"reduce": [{"var": "l"}, {"var": "outer"}, 5]}, {"l": [1], "outer": 9}, None),
    ({"reduce": [{"var": "l"}, {"+": ["fails", 1]}, 5]}, {}, 5),
    ({"reduce": [[], {"+": ["fails", 1]}, {"var": "x"}]}, {"x": "initial"}, "initial"),
]


@pytest.mark.parametrize(("source", "data", "expected"), VALUES)
def test_values(source: Any, data: Any, expected: Any) -> None:
    got = evaluate(source, data)
    assert (type(got), got) == (type(expected), expected) or (whole_pair(got, expected))


def whole_pair(got: Any, expected: Any) -> bool:
    """3.0 for 3: numbers that JSON does not tell apart."""
    return type(got) is float and type(expected) is int and got == expected


FAILURES = [
    ({"if": [NOW, 1, 2]}, None, CertLogicCode.NOT_A_CONDITION),
    ({"and": [NOW, True]}, None, CertLogicCode.NOT_A_CONDITION),
    ({"and": [True, NOW]}, None, CertLogicCode.NOT_A_CONDITION),
    ({"!": [NOW]}, None, CertLogicCode.NOT_A_CONDITION),
    ({"!": [{"var": "x"}]}, {"x": 0.5}, CertLogicCode.NOT_A_CONDITION),
    ({"+": [1, True]}, None, CertLogicCode.NOT_AN_INTEGER),
    ({"+": [1, {"var": "x"}]}, {"x": 1.5}, CertLogicCode.NOT_AN_INTEGER),
    ({"+": [1, {"var": "x"}]}, {"x": 2**53}, CertLogicCode.OUT_OF_RANGE),
    ({"<": [{"var": "x"}, 5]}, {}, CertLogicCode.NOT_AN_INTEGER),
    ({"<": [False, 5]}, None, CertLogicCode.NOT_AN_INTEGER),
    ({">": [NOW, 5]}, None, CertLogicCode.NOT_AN_INTEGER),
    ({"<": [3, 2, "x"]}, None, CertLogicCode.NOT_AN_INTEGER),
    ({"before": ["2021-01-01", NOW]}, None, CertLogicCode.NOT_A_TIME),
    ({"before": [NOW, 5]}, None, CertLogicCode.NOT_A_TIME),
    ({"after": [NOW, NOW, {"var": "x"}]}, None, CertLogicCode.NOT_A_TIME),
    ({"in": ["x", {"var": "x"}]}, None, CertLogicCode.NOT_AN_ARRAY),
    ({"in": ["x", "text"]}, None, CertLogicCode.NOT_AN_ARRAY),
    ({"reduce": [{"var": "x"}, 1, 2]}, {"x": "text"}, CertLogicCode.NOT_AN_ARRAY),
    ({"plusTime": [{"var": "x"}, 1, "day"]}, {}, CertLogicCode.NOT_TEXT),
    ({"plusTime": [NOW, 1, "day"]}, None, CertLogicCode.NOT_TEXT),
    ({"plusTime": ["2021-09-99", 0, "day"]}, None, CertLogicCode.BAD_DATE),
    ({"plusTime": ["2021-09-09", 10**12, "day"]}, None, CertLogicCode.OUT_OF_RANGE),
    ({"plusTime": ["2021-09-09", -(10**9), "year"]}, None, CertLogicCode.OUT_OF_RANGE),
    ({"dccDateOfBirth": [{"var": "x"}]}, {}, CertLogicCode.NOT_TEXT),
    ({"dccDateOfBirth": ["2021-09-09T00:00:00Z"]}, None, CertLogicCode.BAD_DATE),
    ({"extractFromUVCI": [5, 1]}, None, CertLogicCode.NOT_TEXT),
    ({"===": [NOW, NOW]}, None, CertLogicCode.NOT_COMPARABLE),
    ({"===": [{"var": "x"}, []]}, {"x": []}, CertLogicCode.NOT_COMPARABLE),
    ({"var": "x"}, {"x": b"bytes"}, CertLogicCode.BAD_DATA),
]


@pytest.mark.parametrize(("source", "data", "code"), FAILURES)
def test_failures_are_errors_not_false(source: Any, data: Any, code: CertLogicCode) -> None:
    assert failure(source, data) is code


ISSUES: list[tuple[Any, int]] = [
    (None, 1),
    (1.5, 1),
    ({}, 1),
    ({"if": [1, 2, 3], "and": [1, 2]}, 1),
    ({"or": [1, 2]}, 1),
    ({"!==": [1, 2]}, 1),
    ({"-": [2, 1]}, 1),
    ({"in": "x"}, 1),
    ({"var": ["x"]}, 1),
    ({"var": "a..b"}, 1),
    ({"var": ".a"}, 1),
    ({"var": "a."}, 1),
    ({"var": "."}, 1),
    ({"if": []}, 1),
    ({"if": [1, 2]}, 1),
    ({"if": [None, 1.5, {}, "extra"]}, 4),
    ({"if": [1, 2, 3, None]}, 1),
    ({"and": [1]}, 1),
    ({"and": [None, None, 1, None]}, 3),
    ({"===": [1]}, 1),
    ({"===": [1, None, None]}, 2),
    ({"<": [1, 2, 3, None]}, 1),
    ({"<": [None]}, 2),
    ({"!": []}, 1),
    ({"!": [None, None]}, 1),
    ({"!": [None]}, 1),
    ({"plusTime": []}, 1),
    ({"plusTime": ["x", True, "day"]}, 1),
    ({"plusTime": ["x", 1.5, "week"]}, 2),
    ({"plusTime": [None, None, None]}, 3),
    ({"plusTime": ["x", {"var": "n"}, "day"]}, 1),
    ({"plusTime": ["x", 1, "day", None]}, 1),
    ({"reduce": [1, 2]}, 1),
    ({"extractFromUVCI": [{"var": "x"}]}, 1),
    ({"extractFromUVCI": [{"var": "x"}, "1"]}, 1),
    ({"dccDateOfBirth": []}, 1),
    ({"dccDateOfBirth": [None, 1]}, 2),
    ([None, {"x": []}, {"if": [None, 1, 2]}], 3),
    ("", 0),
    ({"var": ""}, 0),
    ({"plusTime": ["x", 1.0, "day"]}, 0),
    ({"and": [True] * 50}, 0),
]


@pytest.mark.parametrize(("source", "count"), ISSUES)
def test_format_faults_are_counted(source: Any, count: int) -> None:
    assert len(validate(source)) == count


@pytest.mark.parametrize("source", [source for source, count in ISSUES if count])
def test_a_faulty_expression_is_never_evaluated(source: Any) -> None:
    # even where the faulty part would not be reached
    assert failure({"if": [True, 1, source]}) is CertLogicCode.BAD_EXPRESSION


def test_issues_say_where() -> None:
    [issue] = validate({"and": [True, {"if": [1, {"foo": []}, 3]}]})
    assert issue.as_json() == {"path": "and.1.if.1", "message": "there is no such operation"}


# --- bounds -----------------------------------------------------------------------------------------------------------


def deep(levels: int, operation: str) -> Any:
    source: Any = True
    for _ in range(levels):
        source = [source] if operation == "array" else {operation: [source] if operation == "!" else [source, True]}
    return source


@pytest.mark.parametrize("operation", ["!", "and", "array", "==="])
def test_nesting_is_bounded(operation: str) -> None:
    assert failure(deep(10_000, operation)) is CertLogicCode.TOO_DEEP


@pytest.mark.parametrize("operation", ["!", "and", "array"])
def test_deepest_allowed_nesting_evaluates(operation: str) -> None:
    evaluate(deep(90, operation))


def test_an_expression_of_many_parts_is_refused() -> None:
    assert failure([1] * 100_000) is CertLogicCode.TOO_LARGE
    assert failure({"and": [[1] * 30_000, [2] * 30_000]}) is CertLogicCode.TOO_LARGE


def test_a_stack_that_runs_out_is_coded() -> None:
    expression = Expression.compile(deep(95, "!"))

    def dig(levels: int) -> Any:
        return dig(levels - 1) if levels else expression.evaluate(None)

    codes = set()
    for levels in range(700, 960, 10):
        try:
            dig(levels)
        except CertLogicError as error:
            codes.add(error.code)
        except RecursionError:  # the digging itself
            break
    assert codes == {CertLogicCode.TOO_DEEP}


COUNT = {"+": [{"var": "accumulator"}, 1]}
BOMBS = {
    "reduce in reduce": {
        "reduce": [
            {"var": "l"},
            {"reduce": [{"var": "current"}, {"reduce": [{"var": "current"}, COUNT, 0]}, 0]},
            0,
        ]
    },
    "doubling list": {"reduce": [{"var": "n"}, [{"var": "accumulator"}, {"var": "accumulator"}], 1]},
    "growing tower": {"reduce": [{"var": "n"}, [{"var": "accumulator"}], 1]},
    "doubling number": {"reduce": [{"var": "n"}, {"+": [{"var": "accumulator"}, {"var": "accumulator"}]}, 1]},
    "scanning": {"reduce": [{"var": "n"}, {"in": [{"var": "current"}, {"var": "current.l"}]}, 1]},
}


@pytest.mark.parametrize("name", BOMBS)
def test_expensive_reduce_is_bounded(name: str) -> None:
    inner = [[0] * 40] * 40
    data = {"l": [inner] * 40, "n": list(range(50_000))}
    began = time.process_time()
    with pytest.raises(CertLogicError):
        evaluate(BOMBS[name], data)
    assert time.process_time() - began < 5


def test_too_many_steps_is_coded() -> None:
    shared = list(range(400))
    square = {"reduce": [{"var": "current"}, COUNT, 0]}
    expression = Expression.compile({"reduce": [{"var": ""}, square, 0]})
    with pytest.raises(CertLogicError) as caught:
        expression.evaluate([shared] * 1000)
    assert caught.value.code is CertLogicCode.TOO_EXPENSIVE


def test_one_evaluation_does_not_spend_the_budget_of_the_next() -> None:
    expression = Expression.compile({"reduce": [{"var": ""}, COUNT, 0]})
    data = [0] * 50_000
    assert [expression.evaluate(data) for _ in range(8)] == [50_000] * 8


# --- anything at all --------------------------------------------------------------------------------------------------

OPERATIONS = st.sampled_from(
    ["if", "and", "===", "in", "+", "<", ">=", "before", "not-after", "!", "plusTime", "reduce", "dccDateOfBirth", "or"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("2021-02-03")
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
        | st.builds(lambda name, operands: {name: operands}, OPERATIONS, st.lists(inner, max_size=4) | inner)
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(JSON, JSON)
def test_any_expression_gives_a_value_or_a_coded_error(source: Any, data: Any) -> None:
    code = None
    try:
        evaluate(source, data)
    except CertLogicError as error:
        code = error.code
    assert code is None or isinstance(code, CertLogicCode)
    assert (code is CertLogicCode.BAD_EXPRESSION) == bool(validate(source))
