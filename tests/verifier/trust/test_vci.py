"""The VCI snapshot: issuers, their last day, broken entries, signature."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.verifier.formats.writers_a import (
    ISSUER,
    KID,
    OTHER_ISSUER,
    P384,
    SOURCE,
    jwk,
)  # fmt: skip
from tests.verifier.trust.test_jwks import certificate
from verifier.errors import TrustError
from verifier.trust.lists import vci


def entry(iss: str, retrieved: str = "2022-01-10T04:00:00Z", **changes: Any) -> dict[str, Any]:
    return {"issuer": {"iss": iss, "name": f"Name of {iss}"}, "keys": [jwk()], "lastRetrieved": retrieved, **changes}


def snapshot(*entries: Any) -> bytes:
    return json.dumps({"directory": "vci", "time": "2022-01-10T05:00:00Z", "issuerInfo": entries}).encode()


def test_issuers_of_a_snapshot_keep_their_own_keys() -> None:
    (held,) = vci.read_snapshot(snapshot(entry(ISSUER), entry(OTHER_ISSUER)), source=SOURCE)
    assert [(key.issuer, key.kid) for key in held.keys] == [(ISSUER, KID.encode()), (OTHER_ISSUER, KID.encode())]
    assert held.trusted_issuers == {ISSUER, OTHER_ISSUER}
    assert held.source.fetched == SOURCE.fetched


def test_an_issuer_gone_offline_has_a_source_of_its_last_day() -> None:
    fresh, old = vci.read_snapshot(snapshot(entry(ISSUER), entry(OTHER_ISSUER, "2021-06-01T04:00:00Z")), source=SOURCE)
    assert [key.issuer for key in fresh.keys] == [ISSUER]
    assert [key.signer.source for key in old.keys] == [old.source.name] != [fresh.source.name]
    assert old.source.fetched == datetime(2021, 6, 1, tzinfo=UTC)


def test_the_reduced_form_is_read_with_places_and_revocations() -> None:
    reduced = {
        "snapshot_time": "2022-01-10T05:00:00Z",
        "issuers": [
            {
                "iss": ISSUER,
                "name": "A",
                "keys": [jwk(crlVersion=1)],
                "last_retrieved": "2022-01-10T05:00:00Z",
                "crls": [{"kid": KID, "method": "rid", "ctr": "1", "rids": ["a"]}],
                "locations": [{"state": "CA", "country": "US"}, {"state": "NV", "country": "US"}],
            }
        ],
    }
    (held,) = vci.read_snapshot(json.dumps(reduced).encode(), source=SOURCE)
    assert held.keys[0].signer.country == "US"
    assert (held.keys[0].crl_version, held.revocations[0].version) == (1, 1)


def test_broken_entries_are_left_out_and_the_rest_loads() -> None:
    broken = ["text", {"issuer": {"iss": 7}}, entry(OTHER_ISSUER, keys={}), entry(ISSUER, crls=["x"])]
    (held,) = vci.read_snapshot(snapshot(*broken), source=SOURCE)
    assert len(held.keys) == 1
    assert [finding.code.value for finding in held.findings] == ["jwks.issuer"] * 3 + ["jwks.crl"]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"issuerInfo":{}}', b"\xff"])
def test_what_is_no_snapshot_is_refused(data: bytes) -> None:
    with pytest.raises(TrustError):
        vci.read_snapshot(data, source=SOURCE)


def test_the_signature_of_a_snapshot() -> None:
    data = snapshot(entry(ISSUER))
    signer = base64.b64decode(certificate(P384, P384, ("QA snapshot", "QA snapshot")))
    made = P384.sign(data, ec.ECDSA(hashes.SHA512()))
    for signature in (made, base64.b64encode(made) + b"\n"):
        assert vci.read_snapshot(data, source=SOURCE, signature=signature, certificate=signer)[0].keys
    for bad in (made[:-1], P384.sign(data + b" ", ec.ECDSA(hashes.SHA512())), b"", b"???"):
        with pytest.raises(TrustError) as caught:
            vci.read_snapshot(data, source=SOURCE, signature=bad, certificate=signer)
        assert caught.value.code.value == "jwks.snapshot-signature"
    with pytest.raises(TrustError):
        vci.check_signature(data, made, b"no certificate")
