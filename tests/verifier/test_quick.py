"""Objects made quickly are like any other frozen dataclass."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, replace
from typing import Any

import pytest

from verifier.quick import quick, remembered


@quick
@dataclass(frozen=True, slots=True)
class Pair:
    first: int
    second: str = "b"
    third: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wider(Pair):
    fourth: int = 4


def test_arguments_and_defaults() -> None:
    made = Pair(1)
    assert (made.first, made.second, made.third) == (1, "b", [])
    assert Pair(1).third is not made.third
    assert Pair(1, third=[2], second="c") == Pair(1, "c", [2])
    wrong: Any
    for wrong in ({}, {"first": 1, "fifth": 5}):
        with pytest.raises(TypeError, match="argument"):
            Pair(**wrong)
    assert list(inspect.signature(Pair).parameters) == ["first", "second", "third"]


def test_it_is_frozen_and_of_its_own_class() -> None:
    made = Pair(1)
    assert type(made) is Pair
    with pytest.raises(FrozenInstanceError):
        made.first = 2  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        made.more = 2  # type: ignore[attr-defined]


def test_everything_else_of_a_dataclass_holds() -> None:
    made = Pair(1, "c", [3])
    assert replace(made, first=2) == Pair(2, "c", [3])
    assert asdict(made) == {"first": 1, "second": "c", "third": [3]}
    assert repr(made) == "Pair(first=1, second='c', third=[3])"
    assert copy.deepcopy(made) == made
    assert pickle.loads(pickle.dumps(made)) == made
    assert hash(replace(made, third=())) == hash(replace(made, third=()))  # type: ignore[arg-type]


def test_subclasses_make_themselves() -> None:
    assert Wider(1, fourth=5).fourth == 5


def test_a_class_that_does_more_is_refused() -> None:
    with pytest.raises(TypeError):

        @quick
        @dataclass(frozen=True, slots=True)
        class _More:
            one: int

            def __post_init__(self) -> None: ...


def test_answers_are_kept_within_bounds() -> None:
    asked: list[str | None] = []

    @remembered(2, longest=3)
    def size(text: str | None) -> int:
        """How long it is."""
        asked.append(text)
        if text == "bad":
            raise ValueError
        return 0 if text is None else len(text)

    assert [size("a"), size("a"), size(None), size(None)] == [1, 1, 0, 0]
    assert asked == ["a", None]
    assert size("b") == 1  # full: the others are forgotten
    assert [size("a"), size("long"), size("long")] == [1, 4, 4]
    assert asked == ["a", None, "b", "a", "long", "long"]
    for _ in range(2):
        with pytest.raises(ValueError):
            size("bad")
    assert asked[-2:] == ["bad", "bad"]
    size.cache_clear()  # type: ignore[attr-defined]
    assert (size("a"), asked[-1]) == (1, "a")
    assert (size.__name__, size.__doc__) == ("size", "How long it is.")


def test_answers_to_several_arguments() -> None:
    asked: list[tuple[str, int]] = []

    @remembered(8, longest=3)
    def times(text: str, count: int) -> str:
        asked.append((text, count))
        return text * count

    assert [times("a", 2), times("a", 2), times("long", 1), times("long", 1)] == ["aa", "aa", "long", "long"]
    assert asked == [("a", 2), ("long", 1), ("long", 1)]
