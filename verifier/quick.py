"""Frozen, slotted dataclasses that are made in a third of the time, and answers that are kept within bounds.

The `__init__` of a frozen dataclass calls `object.__setattr__` once for every field, and a check of one passenger makes
dozens of them. Here the object is of a class with the same slots and without the lock while its fields are filled by
plain assignment, and is of its own class again before anybody else sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

T = TypeVar("T")
P = ParamSpec("P")
_ABSENT: Any = object()
_SIZED = (str, bytes)


def remembered(most: int, *, longest: int = 512) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """An `lru_cache` for functions of texts and bytes that documents carry.

    Answers to arguments longer than `longest` are not kept: a sender of long ones would fill the memory with them.
    """

    def put_over(function: Callable[P, T]) -> Callable[P, T]:
        if function.__code__.co_argcount == 1:
            single: Any = wraps(function)(_Answers(function, most, longest))
            return cast(Callable[P, T], single)
        kept: Any = lru_cache(maxsize=most)(function)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            for arg in args:
                if arg.__class__ in _SIZED and len(arg) > longest:
                    return function(*args, **kwargs)
            found: T = kept(*args, **kwargs)
            return found

        call.cache_clear = kept.cache_clear  # type: ignore[attr-defined]
        return call

    return put_over


class _Answers(dict[Any, Any]):
    """Answers of a function of one argument; one that is known is found without a step of Python. All go when full."""

    def __init__(self, function: Callable[[Any], Any], most: int, longest: int) -> None:
        self._function, self._most, self._longest = function, most, longest

    __call__ = dict.__getitem__
    cache_clear = dict.clear

    def __missing__(self, key: Any) -> Any:
        found = self._function(key)
        if key.__class__ not in _SIZED or len(key) <= self._longest:
            if len(self) >= self._most:
                self.clear()
            self[key] = found
        return found


def quick(cls: type[T]) -> type[T]:
    """Put over `@dataclass(frozen=True, slots=True)`: the same class in every other respect, arguments included.

    Raises:
        TypeError: when an object of a subclass with slots of its own is made.
    """
    target: Any = cls
    slow = target.__init__
    if hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__} has a __post_init__")

    def first(self: T, *args: Any, **kwargs: Any) -> None:
        """Compile the real one when it is first needed: a command that makes no such object pays nothing."""
        init = _init(cls)
        init.__wrapped__ = slow  # its signature and annotations
        target.__init__ = init
        init(self, *args, **kwargs)

    vars(first)["__wrapped__"] = slow
    target.__init__ = first
    return cls


def _init(cls: type[Any]) -> Any:
    held = fields(cls)
    filled = type(f"_{cls.__name__}", (), {"__slots__": tuple(field.name for field in held)})
    scope: dict[str, Any] = {"_set": object.__setattr__, "_filled": filled, "_ABSENT": _ABSENT}
    head, body = ["self"], []
    for field in held:
        name = field.name
        if field.kw_only and "*" not in head:
            head.append("*")
        value = name
        if field.default is not MISSING:
            scope[f"_of_{name}"] = field.default
            head.append(f"{name}=_of_{name}")
        elif field.default_factory is not MISSING:
            scope[f"_of_{name}"] = field.default_factory
            head.append(f"{name}=_ABSENT")
            value = f"_of_{name}() if {name} is _ABSENT else {name}"
        else:
            head.append(name)
        body.append(f" self.{name} = {value}")
    lines = (f"def __init__({', '.join(head)}):", " _own = self.__class__", " _set(self, '__class__', _filled)", *body)
    exec("\n".join((*lines, " self.__class__ = _own")), scope)  # noqa: S102 - made of our own field names
    return scope["__init__"]
