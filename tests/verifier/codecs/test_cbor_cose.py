"""CBOR, COSE_Sign1 and inflate on hostile input: a code, within bounds, never another exception."""

import tracemalloc
import zlib

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.codecs import cose as writer
from verifier.codecs import CodecCode
from verifier.codecs.cbor import TaggedText, decode
from verifier.codecs.cose import parse_sign1, sig_structure
from verifier.codecs.inflate import RAW, inflate
from verifier.errors import EnvelopeError

C = CodecCode


@pytest.mark.parametrize(
    ("hexed", "code"),
    [
        ("", C.CBOR_BROKEN),
        ("0102", C.CBOR_TRAILING),
        ("81" * 40 + "00", C.CBOR_LIMIT),
        ("9b000000003b9aca00", C.CBOR_BROKEN),
        ("bb000000003b9aca00", C.CBOR_BROKEN),
        ("5b7fffffffffffffff00", C.CBOR_BROKEN),
        ("a2616101616102", C.CBOR_DUPLICATE_KEY),
        ("a201010102", C.CBOR_DUPLICATE_KEY),
        ("61ff", C.CBOR_TEXT),
        ("a161", C.CBOR_BROKEN),
        ("ff", C.CBOR_BROKEN),
        ("1c", C.CBOR_BROKEN),
        ("a1a001", None),
    ],
)
def test_hostile_cbor(hexed: str, code: CodecCode | None) -> None:
    if code is None:
        decode(bytes.fromhex(hexed))
        return
    with pytest.raises(EnvelopeError) as refused:
        decode(bytes.fromhex(hexed))
    assert refused.value.code is code


def test_indefinite_lengths_are_read_and_reported() -> None:
    assert decode(bytes.fromhex("bf616101ff")) == ({"a": 1}, True)
    assert decode(bytes.fromhex("a1616101")) == ({"a": 1}, False)


def test_tags_keep_their_plain_content() -> None:
    value, _ = decode(bytes.fromhex("c074323032312d31302d30395431323a30333a31325a"))
    assert value == "2021-10-09T12:03:12Z"
    assert type(value) is TaggedText
    assert decode(bytes.fromhex("d81d00"))[0] == 0  # a shared reference is not followed
    assert decode(cbor2.dumps(cbor2.CBORTag(35, "(a+)+$")))[0] == "(a+)+$"  # a pattern is not compiled
    assert isinstance(decode(bytes.fromhex("c249" + "ff" * 9))[0], bytes)  # a huge integer stays bytes


def test_memory_stays_bounded_for_a_billion_announced_elements() -> None:
    tracemalloc.start()
    with pytest.raises(EnvelopeError):
        decode(bytes.fromhex("9b000000003b9aca00") + b"\x80" * 1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 1024 * 1024


@pytest.mark.parametrize("size", [0, 1, 23, 24, 255, 256, 65535, 65536])
def test_sig_structure_is_what_the_factory_signs(size: int) -> None:
    payload = b"x" * size
    assert sig_structure(b"\xa1\x01\x26", payload) == writer.to_be_signed(b"\xa1\x01\x26", payload)


def _message(**changes: object) -> bytes:
    parts = {"protected": cbor2.dumps({1: -7}), "unprotected": {}, "payload": b"p", "signature": b"s", **changes}
    return cbor2.dumps(cbor2.CBORTag(18, list(parts.values())))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (cbor2.dumps([b"", {}, b""]), C.COSE_STRUCTURE),
        (cbor2.dumps({}), C.COSE_STRUCTURE),
        (cbor2.dumps(cbor2.CBORTag(98, [b"", {}, b"", b""])), C.COSE_STRUCTURE),
        (_message(protected={1: -7}), C.COSE_STRUCTURE),
        (_message(unprotected=[]), C.COSE_STRUCTURE),
        (_message(payload=None), C.COSE_STRUCTURE),
        (_message(signature="text"), C.COSE_STRUCTURE),
        (_message(protected=cbor2.dumps([1])), C.COSE_HEADER),
        (_message(protected=cbor2.dumps({1: -7, 2: [99]})), C.COSE_CRITICAL),
        (_message() + b"\0", C.CBOR_TRAILING),
    ],
)
def test_broken_messages(data: bytes, code: CodecCode) -> None:
    with pytest.raises(EnvelopeError) as refused:
        parse_sign1(data)
    assert refused.value.code is code


@pytest.mark.parametrize("tags", [(), (18,), (61, 18)])
def test_tagged_and_untagged_messages(tags: tuple[int, ...]) -> None:
    value: object = [cbor2.dumps({1: -37, 4: b"kid"}), {4: b"other"}, b"p", b"s"]
    for tag in reversed(tags):
        value = cbor2.CBORTag(tag, value)
    message = parse_sign1(cbor2.dumps(value))
    assert (message.payload, message.signature, message.algorithm) == (b"p", b"s", "PS256")
    assert message.header(4) == (b"kid", True)


def test_algorithm_outside_the_protected_header_is_seen() -> None:
    message = parse_sign1(cbor2.dumps([b"", {1: -7}, b"p", b"s"]))
    assert (message.algorithm, message.algorithm_protected) == ("ES256", False)
    assert parse_sign1(cbor2.dumps([b"", {}, b"p", b"s"])).algorithm is None
    assert parse_sign1(cbor2.dumps([b"", {1: -99}, b"p", b"s"])).algorithm == "-99"
    assert parse_sign1(cbor2.dumps([b"", {1: "ES256"}, b"p", b"s"])).algorithm == "unregistered"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", C.ZLIB_TRUNCATED),
        (b"nonsense", C.ZLIB_BROKEN),
        (zlib.compress(b"x" * 99)[:-3], C.ZLIB_TRUNCATED),
        (zlib.compress(b"x") + b"y", C.ZLIB_TRAILING),
        (zlib.compress(bytes(3_000_000)), C.INFLATE_TOO_LARGE),
    ],
)
def test_inflate_refusals(data: bytes, code: CodecCode) -> None:
    with pytest.raises(EnvelopeError) as refused:
        inflate(data)
    assert refused.value.code is code


def test_inflate_to_the_very_limit() -> None:
    assert len(inflate(zlib.compress(bytes(1000)), limit=1000)) == 1000
    raw = zlib.compressobj(wbits=RAW)
    assert inflate(raw.compress(b"abc") + raw.flush(), wbits=RAW) == b"abc"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_give_a_message_or_a_coded_error(data: bytes) -> None:
    for parse in (parse_sign1, decode, inflate):
        try:
            parse(data)
        except EnvelopeError as error:
            assert isinstance(error.code, CodecCode)
