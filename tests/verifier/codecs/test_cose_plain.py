"""COSE_Sign1 taken apart by position and by the general reader: one answer."""

from __future__ import annotations

import cbor2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from verifier.codecs import cose
from verifier.errors import EnvelopeError

KID = bytes(range(8))
HEADERS = [b"", cbor2.dumps({1: -7}), cbor2.dumps({1: -7, 4: KID}), cbor2.dumps({1: -37, 4: b"long" * 5})]


def message(protected: bytes, unprotected: dict[int, bytes], payload: bytes, size: int, tag: int | None) -> bytes:
    members = [protected, unprotected, payload, b"s" * size]
    return cbor2.dumps(members if tag is None else cbor2.CBORTag(tag, members))


def taken(data: bytes) -> object:
    try:
        found = cose.parse_sign1(data)
    except EnvelopeError as error:
        return error.code
    return (
        dict(found.protected), dict(found.unprotected), found.payload, found.signature, found.signed, found.algorithm,
        found.algorithm_protected, found.indefinite,
    )  # fmt: skip


def both_ways(data: bytes) -> None:
    short = taken(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cose, "_members", lambda _: None)
        assert short == taken(data)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(HEADERS),
    st.sampled_from([{}, {4: KID}, {4: b"short"}, {1: KID}]),
    st.one_of(st.binary(max_size=40), st.integers(20, 400).map(bytes), st.integers(65530, 65540).map(bytes)),
    st.sampled_from([64, 63, 96, 256]),
    st.sampled_from([None, 18, 61, 55799]),
)
def test_every_layout(
    protected: bytes, unprotected: dict[int, bytes], payload: bytes, size: int, tag: int | None
) -> None:
    both_ways(message(protected, unprotected, payload, size, tag))


PLAIN = message(HEADERS[1], {4: KID}, b"p" * 300, 64, 18)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 40), st.binary(min_size=1, max_size=2), st.integers(-3, 3))
@example(0, b"\xd2", 0)
def test_damaged_messages(at: int, put: bytes, longer: int) -> None:
    data = PLAIN[:at] + put + PLAIN[at + len(put) :]
    both_ways(data + b"x" * longer if longer >= 0 else data[:longer])


@pytest.mark.parametrize("end", range(0, len(PLAIN), 7))
def test_cut_messages(end: int) -> None:
    both_ways(PLAIN[:end])


@pytest.mark.parametrize("tag", [None, 18])
@pytest.mark.parametrize("protected", HEADERS[:3])
@pytest.mark.parametrize("unprotected", [{}, {4: KID}])
@pytest.mark.parametrize("size", [30, 255, 256, 900])
def test_what_issuers_write_goes_the_short_way(
    tag: int | None, protected: bytes, unprotected: dict[int, bytes], size: int
) -> None:
    data = message(protected, unprotected, bytes(size), 64, tag)
    assert cose._members(data) == (protected, unprotected, bytes(size), b"s" * 64)
    both_ways(data)
