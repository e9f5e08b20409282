"""Strict JSON and its canonical form."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.codecs.canonical_json import JsonCode, canonicalise, parse
from verifier.errors import EnvelopeError


def refused(data: bytes, **limits: int) -> JsonCode:
    with pytest.raises(EnvelopeError) as caught:
        parse(data, **limits)
    assert isinstance(caught.value.code, JsonCode)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":1}', JsonCode.DUPLICATE_KEY),
        (b'{"b":{"a":1,"\\u0061":2}}', JsonCode.DUPLICATE_KEY),
        (b'{"a":NaN}', JsonCode.BROKEN),
        (b"[Infinity]", JsonCode.BROKEN),
        (b"[-Infinity]", JsonCode.BROKEN),
        (b"{} {}", JsonCode.BROKEN),
        (b'{"a":1', JsonCode.BROKEN),
        (b"", JsonCode.BROKEN),
        (b"[01]", JsonCode.BROKEN),
        (b'{"a":\xff}', JsonCode.NOT_UTF8),
        (b'\xef\xbb\xbf{"a":1}', JsonCode.BROKEN),
        (b"[" * 40 + b"]" * 40, JsonCode.TOO_DEEP),
        (b"[" * 60_000 + b"]" * 60_000, JsonCode.TOO_DEEP),
    ],
)
def test_what_two_parsers_may_read_differently_is_refused(data: bytes, code: JsonCode) -> None:
    assert refused(data) is code


def test_limits_are_exact() -> None:
    assert parse(b"[" * 32 + b"]" * 32) == json.loads("[" * 32 + "]" * 32)
    assert refused(b"[" * 33 + b"]" * 33) is JsonCode.TOO_DEEP
    assert parse(b"[1]", limit=3) == [1]
    assert refused(b"[1] ", limit=3) is JsonCode.TOO_LARGE


def test_many_flat_objects_are_not_deep() -> None:
    assert parse(json.dumps([{}] * 500).encode()) == [{}] * 500


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ({"b": 1, "a": [True, None, "x"]}, b'{"a":[true,null,"x"],"b":1}'),
        ({"\U0001f600": 2, "\ufb33": 1}, '{"\U0001f600":2,"\ufb33":1}'.encode()),  # by UTF-16 unit, not by code point
        ({"t": '\u20ac\x0f\n"\\/\x7f'}, '{"t":"\u20ac\\u000f\\n\\"\\\\/\x7f"}'.encode()),
        ([1.0, 1e21, 1e-7, 4.50, -0.0], b"[1,1e+21,1e-7,4.5,0]"),
        ({"n": 333333333.33333329}, b'{"n":333333333.3333333}'),
        (1.5, b"1.5"),
        ("text", b'"text"'),
        (9007199254740991, b"9007199254740991"),
        ({"text": "a:1.5,2e3"}, b'{"text":"a:1.5,2e3"}'),
    ],
)
def test_the_form_of_rfc_8785(value: Any, form: bytes) -> None:
    assert canonicalise(value) == form


@pytest.mark.parametrize("value", [2**53, [-(2**60)], math.nan, {"a": math.inf}, "\ud800", {"\udfff": 1}])
def test_what_has_no_canonical_form(value: Any) -> None:
    with pytest.raises(EnvelopeError) as caught:
        canonicalise(value)
    assert caught.value.code is JsonCode.NOT_CANONICAL


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
)
KEYS = st.text(max_size=6).filter(str.isprintable)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@given(JSON)
@settings(max_examples=150, deadline=None)
def test_the_fast_way_writes_what_the_library_writes(value: Any) -> None:
    assert canonicalise(value) == rfc8785.dumps(value)


@given(JSON)
@settings(max_examples=60, deadline=None)
def test_spacing_and_order_do_not_matter(value: Any) -> None:
    spaced = json.dumps({"z": value, "a": value}, indent=2).encode()
    packed = json.dumps({"a": value, "z": value}, ensure_ascii=False).encode()
    assert canonicalise(parse(spaced)) == canonicalise(parse(packed))


@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_value_or_a_coded_error(data: bytes) -> None:
    try:
        value = parse(data)
    except EnvelopeError as error:
        assert isinstance(error.code, JsonCode)
    else:
        assert value == json.loads(data)
