"""HC1 from text to record: every tolerance has its finding, every refusal its code."""

from __future__ import annotations

import copy
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.authorities import hcert as authority
from tests.conftest import AT, PAYLOAD, MakeHcert
from verifier.errors import EnvelopeError
from verifier.formats import hcert
from verifier.health.record import Disease, TestKind, TestResult
from verifier.model import Scan
from verifier.reading import Document, read_scans
from verifier.trust.store import TrustStore


def read(text: str | bytes, store: TrustStore, at: datetime = AT) -> Document:
    (document,) = read_scans([Scan.text(text)], trust=store, at=at)
    return document


def codes(document: Document) -> set[str]:
    return {finding.code.value for finding in document.findings}


def changed(**changes: Any) -> dict[str, Any]:
    """The sample payload with top-level changes; None as `...` removes a key."""
    payload = copy.deepcopy(PAYLOAD)
    for key, value in changes.items():
        if value is ...:
            del payload[key]
        else:
            payload[key] = value
    return payload


def entry(**changes: Any) -> dict[str, Any]:
    return changed(v=[{**PAYLOAD["v"][0], **changes}])


def test_a_sound_certificate(make_hcert: MakeHcert, hcert_store: TrustStore) -> None:
    document = read(make_hcert(), hcert_store)
    assert (document.format, document.signature.value, document.evidence.value) == ("eu-dcc", "valid", "usable")
    assert codes(document) == {"trust.signature-holds", "trust.revocation-unchecked"}
    record = document.record
    assert record is not None
    (dose,) = record.vaccinations
    assert (dose.product.key, dose.dose, dose.total, str(dose.date)) == ("comirnaty", 2, 2, "2021-06-01")
    assert dose.disease is Disease.COVID_19
    assert (record.holder.surname, record.holder.given_std, str(record.holder.birth_date)) == (
        "Müller", "ANNA<MARIA", "1990-05-17",
    )  # fmt: skip
    assert record.issuer == "DE"
    assert record.payload["ver"] == "1.3.0"


def test_test_and_recovery(make_hcert: MakeHcert, hcert_store: TrustStore) -> None:
    test = {
        "tg": "840539006", "tt": "LP6464-4", "sc": "2021-12-19T08:30:00+01:00", "tr": "260415000", "tc": "Lab",
        "co": "DE", "is": "RKI", "ci": "X",
    }  # fmt: skip
    record = read(make_hcert(changed(v=..., t=[test])), hcert_store).record
    assert record is not None
    assert (record.tests[0].kind, record.tests[0].result) == (TestKind.NAAT, TestResult.NEGATIVE)
    assert record.tests[0].sampled == datetime(2021, 12, 19, 7, 30, tzinfo=UTC)
    positive = read(make_hcert(changed(v=..., t=[{**test, "tr": "260373001"}])), hcert_store)
    assert "dcc.test-positive" in codes(positive)
    recovery = {
        "tg": "840539006", "fr": "2021-07-01", "df": "2021-07-12", "du": "2021-12-28", "co": "DE", "is": "RKI",
        "ci": "X",
    }  # fmt: skip
    record = read(make_hcert(changed(v=..., r=[recovery])), hcert_store).record
    assert record is not None
    assert str(record.recoveries[0].first_positive) == "2021-07-01"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (changed(extra=1, dob="1990-05-17"), "dcc.extra-keys"),
        (changed(t=None), "dcc.null-group"),
        (changed(ver="1.9.9"), "dcc.version-unknown"),
        (changed(ver="1.9.9"), None),
        (entry(dn=2.0), "dcc.number-fraction"),
        (entry(mp="UNKNOWN"), "dcc.product-unknown"),
        (entry(ci=" X "), "dcc.trimmed"),
        (entry(dt=cbor2.CBORTag(0, "2021-06-01T00:00:00Z")), "dcc.tagged-time"),
        (entry(dt="2021-06-01T10:00:00Z"), "health.date-with-time"),
        (entry(dt="2021-17-01"), "health.date-impossible"),
        (changed(dob="1990"), "health.date-partial"),
        (changed(dob=""), "health.date-empty"),
        (changed(nam={"fn": "Mu\u0308ller", "fnt": "MUELLER"}), "dcc.not-nfc"),
        (changed(nam={"fn": "A" * 81, "fnt": "A"}), "schema.too-long"),
        (changed(nam={"fnt": "Müller"}), "schema.pattern"),
        (changed(nam={"gnt": "ANNA"}), "schema.missing"),
        (changed(ver="1.3.2", nam={"gnt": "ANNA"}), None),
        (entry(dn=0), "schema.range"),
        (changed(ver="1.0.0", v=entry(dn=10)["v"]), "schema.range"),
        (entry(dn=10), None),
        (entry(dn=True), "schema.type"),
        (entry(co="de"), "schema.pattern"),
        (entry(tg=None), "schema.type"),
    ],
)
def test_tolerances(payload: dict[str, Any], code: str | None, make_hcert: MakeHcert, hcert_store: TrustStore) -> None:
    document = read(make_hcert(payload), hcert_store)
    assert document.signature.value == "valid"
    assert document.record is not None
    if code is None:
        assert not any(found.startswith("schema.") for found in codes(document))
    else:
        assert code in codes(document)
        assert document.evidence.value == "usable"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (changed(v=[]), "dcc.no-entry"),
        (changed(v=...), "dcc.no-entry"),
        (changed(v=PAYLOAD["v"] * 2), "dcc.several-entries"),
        (changed(r=[{}]), "dcc.several-entries"),
        (changed(v=["text"]), "dcc.entry-broken"),
        (changed(nam=...), "dcc.no-name"),
        (changed(nam={"fn": " "}), "dcc.no-name"),
        (changed(dob=...), "dcc.no-birth-date"),
    ],
)
def test_hard_stops(payload: dict[str, Any], code: str, make_hcert: MakeHcert, hcert_store: TrustStore) -> None:
    document = read(make_hcert(payload), hcert_store)
    assert code in codes(document)
    assert (document.record, document.evidence.value) == (None, "none")


def test_dates_of_the_signature(make_hcert: MakeHcert, hcert_store: TrustStore) -> None:
    text = make_hcert()
    second = datetime(2022, 6, 2, tzinfo=UTC)
    assert "dates.expired" not in codes(read(text, hcert_store, second))
    late = read(text, hcert_store, second.replace(second=1))
    assert "dates.expired" in codes(late)
    assert (late.signature.value, late.evidence.value) == ("valid", "open")
    first = datetime(2021, 6, 2, tzinfo=UTC)
    assert "dates.not-yet-valid" not in codes(read(text, hcert_store, first))
    early = read(text, hcert_store, datetime(2021, 6, 1, 23, 59, 59, tzinfo=UTC))
    assert "dates.not-yet-valid" in codes(early)
    assert early.evidence.value == "open"


@pytest.mark.parametrize(
    ("claims", "code", "evidence"),
    [
        ({4: float("nan"), 6: 1622592000}, "hcert.date-unreadable", "open"),
        ({4: 2**70, 6: 1622592000}, "hcert.date-unreadable", "open"),
        ({4: "never", 6: 1622592000}, "hcert.date-unreadable", "open"),
        ({4: 1654128000.5, 6: 1622592000}, "hcert.date-fraction", "usable"),
        ({4: 1654128000, 6: 1622592000000}, "hcert.date-milliseconds", "usable"),
        ({6: 1622592000}, "dates.no-expiry", "usable"),
    ],
)
def test_dates_as_issuers_write_them(
    claims: dict[int, Any], code: str, evidence: str, make_hcert: MakeHcert, hcert_store: TrustStore
) -> None:
    document = read(make_hcert(claims={1: "DE", **claims, -260: {1: PAYLOAD}}), hcert_store)
    assert code in codes(document)
    assert document.evidence.value == evidence


def test_issuer_and_signer(make_hcert: MakeHcert, hcert_store: TrustStore) -> None:
    def claims(iss: Any) -> dict[Any, Any]:
        return {1: iss, 4: 1654128000, 6: 1622592000, -260: {1: PAYLOAD}}

    wrong = read(make_hcert(claims=claims("FR")), hcert_store)
    assert "dcc.issuer-not-signer" in codes(wrong)
    assert wrong.evidence.value == "open"
    words = read(make_hcert(claims=claims("Robert Koch-Institut")), hcert_store)
    assert "dcc.issuer-not-country" in codes(words)
    assert words.issuer == "DE"
    crown = read(make_hcert(claims=claims("JE"), signer=authority.signer("GB")), hcert_store)
    assert crown.evidence.value == "usable"


def test_key_identifiers(make_hcert: MakeHcert, hcert_store: TrustStore) -> None:
    kid = authority.signer("DE").kid
    loose = read(make_hcert(protected={1: -7}, unprotected={4: kid}), hcert_store)
    assert loose.evidence.value == "usable"
    assert "hcert.kid-unprotected" in codes(loose)
    wrong = read(make_hcert(protected={1: -7, 4: b"wrong678"}, unprotected={4: kid}), hcert_store)
    assert (wrong.signature.value, wrong.evidence.value) == ("unknown-signer", "open")
    none = read(make_hcert(protected={1: -7}), hcert_store)
    assert "trust.kid-missing" in codes(none)
    bare = read(make_hcert(protected={}, unprotected={1: -7, 4: kid}), hcert_store)
    assert "hcert.algorithm-unprotected" in codes(bare)
    assert bare.signature.value == "valid"
    text = read(make_hcert(protected={1: -7, 4: "not base64!"}), hcert_store)
    assert "hcert.kid-text" in codes(text)


def test_signatures(make_hcert: MakeHcert, hcert_store: TrustStore) -> None:
    forged = read(make_hcert(after_signing=lambda body: body.replace(b"Anna", b"Emma")), hcert_store)
    assert (forged.signature.value, forged.evidence.value) == ("invalid", "open")
    assert any(finding.alert for finding in forged.findings)
    short = read(make_hcert(signature=lambda raw: raw[:-1]), hcert_store)
    assert "trust.signature-size" in codes(short)
    unknown = read(make_hcert(signer=authority.stranger()), hcert_store)
    assert unknown.signature.value == "unknown-signer"
    assert not any(finding.alert for finding in unknown.findings)
    rsa = read(make_hcert(signer=authority.signer("DE", "rsa")), hcert_store)
    assert (rsa.algorithm, rsa.evidence.value) == ("PS256", "usable")
    kid = authority.signer("DE").kid
    lying = read(make_hcert(protected={1: -37, 4: kid}), hcert_store)
    assert "trust.algorithm-mismatch" in codes(lying)
    assert lying.signature.value == "invalid"
    strange = read(make_hcert(protected={1: -47, 4: kid}), hcert_store)
    assert "trust.algorithm-refused" in codes(strange)
    unsigned = read(make_hcert(signature=lambda raw: b""), hcert_store)
    assert unsigned.signature.value == "unchecked"


@pytest.mark.parametrize(
    ("usage", "good"),
    [("all", True), ("vaccination", True), ("none", True), ("misprinted", True), ("test", False), ("recovery", False)],
)
def test_key_usage(usage: Any, good: bool, make_hcert: MakeHcert, hcert_store: TrustStore) -> None:
    document = read(make_hcert(signer=authority.signer("DE", usage)), hcert_store)
    assert document.signature.value == "valid"
    assert ("trust.key-usage" not in codes(document)) is good
    assert (document.evidence.value == "usable") is good


def _repack(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: zlib.compress(change(zlib.decompress(data)))


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        ({"packed": lambda data: data[:-4]}, "codec.zlib-truncated"),
        ({"packed": lambda data: data + b"zz"}, "codec.zlib-trailing"),
        ({"packed": lambda data: b"zz" + data}, "codec.zlib-broken"),
        ({"packed": lambda _: zlib.compress(bytes(5_000_000))}, "codec.inflate-too-large"),
        ({"message": lambda data: data + b"\0"}, "codec.cbor-trailing"),
        ({"message": lambda data: data[:-1]}, "codec.cbor-broken"),
        ({"body": b"\x81" * 40}, "codec.cbor-limit"),
        ({"body": bytes.fromhex("a201010102")}, "codec.cbor-duplicate-key"),
        ({"body": cbor2.dumps([1])}, "hcert.claims-not-a-map"),
        ({"claims": {1: "DE"}}, "hcert.no-payload"),
        ({"claims": {-260: {99: {}}}}, "hcert.payload-unknown"),
        ({"claims": {-260: "text"}}, "hcert.payload-unknown"),
    ],
)
def test_refusals(faults: dict[str, Any], code: str, make_hcert: MakeHcert, hcert_store: TrustStore) -> None:
    document = read(make_hcert(**faults), hcert_store)
    assert codes(document) == {code}
    assert (document.record, document.evidence.value) == (None, "none")


@pytest.mark.parametrize(("text", "code"), [("HC1:", "hcert.empty"), ("HC1:" + "0" * 20_000, "hcert.text-too-long")])
def test_refusals_of_text(text: str, code: str, hcert_store: TrustStore) -> None:
    assert codes(read(text, hcert_store)) == {code}


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text("0123456789ABCXYZ $%*+-./:", max_size=200).map(str.encode)))
def test_any_text_gives_envelopes_or_a_coded_error(data: bytes) -> None:
    tracemalloc.start()
    try:
        hcert.unwrap([b"HC1:" + data])
    except EnvelopeError as error:
        assert error.code.value
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 64 * 1024 * 1024


_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("vtrdn"), inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(["ver", "nam", "dob", "v", "t", "r", "x"]), _VALUES, max_size=6))
def test_any_signed_payload_gives_a_record_or_a_coded_error(payload: dict[str, Any]) -> None:
    from fixtures.codecs import base45, cose, deflate

    body = cbor2.dumps({1: "DE", -260: {1: payload}})
    message = cose.sign1(body, protected={1: -7, 4: b"12345678"}, unprotected={}, sign=lambda _: bytes(64))
    document = read("HC1:" + base45.encode(deflate.zlib_stream(message)), TrustStore())
    assert document.evidence.value != "usable"
