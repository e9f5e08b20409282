"""Revocation lists of SMART Health Cards: entries, moments, damage, cards named by their content."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.formats.writers_a import (
    ISSUER,
    KID,
    SOURCE,
    card,
    claims,
    qr,
)  # fmt: skip
from verifier.codecs.canonical_json import canonicalise
from verifier.formats.shc import unwrap
from verifier.trust.keys import RevocationList
from verifier.trust.shc_revocation import BROKEN, HASH, identifiers, read_crl


def crl(*rids: Any, **changes: Any) -> tuple[RevocationList | None, list[str]]:
    content = {"kid": KID, "method": "rid", "ctr": 3, "rids": list(rids), **changes}
    held, found = read_crl(json.dumps(content).encode(), issuer=ISSUER, source=SOURCE)
    return held, [finding.code.value for finding in found]


def test_entries_with_and_without_a_moment() -> None:
    held, found = crl("a", "b.1640995200", "c.1", "c.5", "d.7", "d")
    assert held is not None
    moment = datetime.fromtimestamp(1640995200, UTC)
    assert dict(held.entries) == {"a": None, "b": moment, "c": datetime.fromtimestamp(5, UTC), "d": None}
    assert (held.version, held.kid, held.issuer, found) == (3, KID.encode(), ISSUER, [])


@pytest.mark.parametrize(
    "bad", ["", "$", "a b", "base64==", "x" * 25, "a.b", "a.", "a.9999999999999", 7, None, ["a"], "ä"]
)
def test_broken_entries_make_a_list_incomplete(bad: object) -> None:
    held, found = crl("good", bad)
    assert held is not None
    assert (list(held.entries), held.version, found) == (["good"], BROKEN, ["jwks.crl-entry"])


@pytest.mark.parametrize(
    "changes", [{"kid": None}, {"method": "other"}, {"method": ["rid"]}, {"rids": "a"}, {"rids": None}]
)
def test_a_list_without_its_members_is_no_list(changes: dict[str, Any]) -> None:
    held, found = crl("a", **changes)
    assert (held, found) == (None, ["jwks.crl"])


def test_a_counter_may_be_text_and_must_be_a_number() -> None:
    held, found = crl("a", ctr="12")
    assert held is not None
    assert (held.version, found) == (12, [])
    held, found = crl("a", ctr="x")
    assert held is not None
    assert (held.version, found) == (BROKEN, ["jwks.crl"])


def test_a_list_may_name_cards_by_their_content() -> None:
    content = claims()
    bundle = canonicalise(content["vc"]["credentialSubject"]["fhirBundle"])
    inner = base64.urlsafe_b64encode(bundle).rstrip(b"=")
    named = base64.urlsafe_b64encode(hashlib.sha256(inner).digest()[:8]).rstrip(b"=").decode()
    held, _ = crl(named, method="hash-fhir")
    plain, _ = crl(named)
    (envelope,) = unwrap([qr(card(content))])
    assert held is not None
    assert plain is not None
    assert identifiers(envelope, held) == (HASH + named,)
    assert identifiers(envelope, held)[0] in held.entries
    assert identifiers(envelope, plain) == ()
    (other,) = unwrap([qr(card(claims(vc={"rid": "r1"})))])
    assert identifiers(other, plain) == ("r1",)


@given(st.binary(max_size=100))
@settings(max_examples=40, deadline=None)
def test_any_bytes_give_no_list(data: bytes) -> None:
    held, found = read_crl(data, issuer=ISSUER, source=SOURCE)
    assert held is None
    assert found
