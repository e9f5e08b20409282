"""Keys of DIVOC issuers by the name their documents give them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.authorities import simple
from verifier.errors import TrustError
from verifier.model import Claim
from verifier.trust.keys import ListSource
from verifier.trust.lists.divoc_keys import read_keys

SOURCE = ListSource("test")
PEMS = {name: pem.decode() for name, pem in simple.divoc_keys().items()}


def listed(*rows: object) -> bytes:
    return json.dumps({"keys": rows}).encode()


def test_keys_by_name() -> None:
    rows = [{"did": name, "pem": pem, "name": "QA", "country": "IN"} for name, pem in PEMS.items()]
    found = read_keys(listed(*rows), SOURCE)
    assert {key.kid.decode() for key in found.keys} == set(PEMS)
    assert {(key.signer.name, key.signer.country, key.signer.source) for key in found.keys} == {("QA", "IN", "test")}
    assert {key.signer.claims for key in found.keys} == {frozenset({Claim.VACCINATION})}
    assert len({key.signer.key_id for key in found.keys}) == len(PEMS)


def test_a_broken_key_is_left_out_and_reported() -> None:
    (name, pem), *_ = PEMS.items()
    found = read_keys(listed({"did": "did:bad", "pem": pem[:60]}, {"did": name, "pem": pem}, 7), SOURCE)
    assert [key.kid.decode() for key in found.keys] == [name]
    assert [finding.facts["entry"] for finding in found.findings] == ["did:bad"]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"keys":[{"pem":"x"}]}', b'{"keys":7}', b"[" * 9000])
def test_what_is_no_list(data: bytes) -> None:
    with pytest.raises(TrustError, match=r"list\.not-readable"):
        read_keys(data, SOURCE)


def test_a_list_that_is_too_large() -> None:
    with pytest.raises(TrustError, match=r"list\.too-large"):
        read_keys(b" " * (1024 * 1024 + 1), SOURCE)


@given(st.binary(max_size=120))
@settings(max_examples=40, deadline=None)
def test_any_bytes_give_a_list_or_a_coded_error(data: bytes) -> None:
    try:
        read_keys(data, SOURCE)
    except TrustError as error:
        assert error.code
