"""The Dutch domestic pass: recognised, read, and never taken for evidence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.formats.writers_a import BASE45, nl2, tlv
from verifier.errors import EnvelopeError, RecordError
from verifier.formats import nl2 as format_nl2
from verifier.formats.nl2 import recognise, unwrap
from verifier.model import Claim
from verifier.trust.store import TrustStore, unsafe_peek

FIELDS = ("0", "1", "1642204800", "25", "A", "B", "17", "5")


def changed(index: int, value: str) -> bytes:
    return nl2(*(value if at == index else each for at, each in enumerate(FIELDS)))


def test_a_pass_is_read_and_said_to_be_domestic() -> None:
    (envelope,) = unwrap([nl2()])
    assert (envelope.hint.kid, envelope.claims) == (b"VWS-CC-QA", frozenset({Claim.PASS}))
    assert envelope.dates.not_before == datetime(2022, 1, 15, tzinfo=UTC)
    assert envelope.dates.expires == datetime(2022, 1, 16, 1, tzinfo=UTC)
    record = format_nl2.read(unsafe_peek(envelope))
    assert (record.holder.given, record.holder.surname, record.holder.initials_only) == ("A", "B", True)
    assert record.holder.birth_date.precision == "unknown"
    assert {each.code.value for each in record.findings} == {"nl2.proof-not-checked", "nl2.domestic-only"}
    assert (record.vaccinations, record.tests) == ((), ())


def test_nobody_vouches_for_it_without_a_key() -> None:
    (envelope,) = unwrap([nl2()])
    checked = TrustStore().verify(envelope, at=datetime(2022, 1, 15, tzinfo=UTC))
    assert (checked.state.value, checked.payload) == ("unknown-signer", None)


def test_a_specimen_says_so() -> None:
    (envelope,) = unwrap([changed(0, "1")])
    with pytest.raises(RecordError) as caught:
        format_nl2.read(unsafe_peek(envelope))
    assert caught.value.code.value == "nl2.specimen"


def test_a_category_may_follow() -> None:
    (envelope,) = unwrap([nl2(*FIELDS, "3")])
    assert envelope.content["category"] == "3"


def test_empty_attributes_are_empty_texts() -> None:
    data = format_nl2._attribute(b"\x00")
    assert data == b""


def number(data: bytes) -> bytes:
    value, text = int.from_bytes(data, "big"), ""
    while value:
        value, digit = divmod(value, 45)
        text = BASE45[digit] + text
    return b"NL2:" + text.encode()


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        (b"NL2:", "nl2.empty"),
        (nl2()[:50] + b"a" + nl2()[51:], "nl2.alphabet"),
        (nl2()[:-1], "nl2.structure"),
        (nl2()[:40], "nl2.structure"),
        (b"NL2:0", "nl2.structure"),
        (nl2(members=4), "nl2.structure"),
        (nl2(members=6), "nl2.structure"),
        (number(tlv(0x30, tlv(0x30, b"") * 7)), "nl2.structure"),
        (number(b"\x30\x84\xff\xff\xff\xff"), "nl2.structure"),
        (nl2(version=b"\x03"), "nl2.metadata"),
        (nl2(*FIELDS[:7]), "nl2.attributes"),
        (nl2(*FIELDS, "3", "4"), "nl2.attributes"),
        (changed(2, "soon"), "nl2.attributes"),
        (changed(3, "9999999"), "nl2.attributes"),
        (changed(4, "Ä"), "nl2.attributes"),
        (b"NL2:" + b"A" * 5000, "nl2.too-large"),
    ],
)
def test_damage_has_its_code(scan: bytes, code: str) -> None:
    assert recognise(scan)
    with pytest.raises(EnvelopeError) as caught:
        unwrap([scan])
    assert caught.value.code.value == code


@given(st.binary(max_size=120))
@settings(max_examples=80, deadline=None)
def test_any_bytes_give_a_coded_error(data: bytes) -> None:
    for scan in (b"NL2:" + data, number(data), number(b"\x30" + data)):
        with pytest.raises(EnvelopeError) as caught:
            unwrap([scan])
        assert caught.value.code.area == "nl2"
