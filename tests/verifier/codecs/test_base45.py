"""base45 by RFC 9285, against the factory's own writer and the examples of the RFC."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.codecs import base45 as writer
from verifier.codecs import CodecCode
from verifier.codecs.base45 import ALPHABET, decode
from verifier.errors import EnvelopeError


@pytest.mark.parametrize(
    ("text", "data"),
    [(b"QED8WEX0", b"ietf!"), (b"BB8", b"AB"), (b"%69 VD92EX0", b"Hello!!"), (b"", b""), (b"00", b"\0")],
)
def test_examples_of_the_rfc(text: bytes, data: bytes) -> None:
    assert decode(text) == data


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        (b"GGW", CodecCode.BASE45_RANGE, 0),
        (b"000GGW", CodecCode.BASE45_RANGE, 3),
        (b":::", CodecCode.BASE45_RANGE, 0),
        (b"000::", CodecCode.BASE45_RANGE, 3),
        (b"0", CodecCode.BASE45_LENGTH, None),
        (b"0000", CodecCode.BASE45_LENGTH, None),
        (b"bb8", CodecCode.BASE45_ALPHABET, 0),
        (b"BB\x00", CodecCode.BASE45_ALPHABET, 2),
        (b"BB\xff", CodecCode.BASE45_ALPHABET, 2),
    ],
)
def test_refusals(text: bytes, code: CodecCode, at: int | None) -> None:
    with pytest.raises(EnvelopeError) as refused:
        decode(text)
    assert refused.value.code is code
    assert refused.value.facts.get("at") == at


def test_the_blank_counts() -> None:
    assert decode(b"  0") != decode(b"000")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_reads_what_the_factory_writes(data: bytes) -> None:
    assert decode(writer.encode(data).encode()) == data


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(ALPHABET.decode(), max_size=60).map(str.encode)))
def test_any_bytes_give_bytes_or_a_coded_error(text: bytes) -> None:
    try:
        decode(text)
    except EnvelopeError as error:
        assert isinstance(error.code, CodecCode)
