"""Two digits a character, both ways, and everything that is no such text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.codecs.numeric import decode
from verifier.errors import EnvelopeError

CHARACTERS = [chr(code) for code in range(45, 123)]


@given(st.text(CHARACTERS, min_size=1, max_size=300))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read(text: str) -> None:
    assert decode("".join(f"{ord(char) - 45:02d}" for char in text).encode()) == text.encode()


@pytest.mark.parametrize(
    ("digits", "code", "facts"),
    [
        (b"", "numeric.empty", {}),
        (b"567", "numeric.odd-length", {"length": 3}),
        (b"56a9", "numeric.not-digits", {"at": 2}),
        (b"56 9", "numeric.not-digits", {"at": 2}),
        ("56٣٣".encode(), "numeric.not-digits", {"at": 2}),
        (b"5678", "numeric.out-of-range", {"at": 2}),
        (b"9900", "numeric.out-of-range", {"at": 0}),
    ],
)
def test_damage_has_its_code_and_place(digits: bytes, code: str, facts: dict[str, int]) -> None:
    with pytest.raises(EnvelopeError) as caught:
        decode(digits)
    assert (caught.value.code.value, dict(caught.value.facts)) == (code, facts)


def test_the_limits_of_the_range_are_read() -> None:
    assert decode(b"0077") == b"-z"


@given(st.binary(max_size=200))
@settings(max_examples=40, deadline=None)
def test_any_bytes_are_answered(data: bytes) -> None:
    try:
        assert len(decode(data)) * 2 == len(data)
    except EnvelopeError as error:
        assert error.code.area == "numeric"
