"""ICAO VDS-NC: reading, damage, forgery, and every encoder variant of the factory."""

from __future__ import annotations

import base64
import copy
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures import documents
from fixtures.authorities import icao
from fixtures.personas import personas
from tests.verifier.formats.writers_b import (
    AT,
    DOSE,
    TEST,
    VACCINATION,
    b64url,
    codes,
    header,
    icao_store,
    message,
    read,
    seal,
    text,
)
from verifier.errors import EnvelopeError
from verifier.formats import vds_nc
from verifier.health.record import Disease, TestKind, TestResult
from verifier.model import PartialDate, Scan
from verifier.reading import Evidence, read_scans
from verifier.trust.store import SignatureState, TrustStore


@pytest.fixture(scope="module")
def store() -> TrustStore:
    return icao_store()


def error(scan: bytes) -> str:
    with pytest.raises(EnvelopeError) as caught:
        vds_nc.unwrap([scan])
    return caught.value.code.value


def test_a_vaccination_seal(store: TrustStore) -> None:
    document = read(text(seal()), store)
    assert (document.signature, document.evidence) == (SignatureState.VALID, Evidence.USABLE)
    assert document.signer is not None
    assert document.signer.path == (
        "QA barcode signer AU (not for production) (AU)",
        "QA passport CSCA AU (not for production) (AU)",
    )
    record = document.record
    assert record is not None
    holder = record.holder
    assert (holder.full_name, holder.sex) == ("CITIZEN  JANE SUE", "F")
    assert holder.birth_date == PartialDate(1961, 5, 15)
    assert [held.number for held in holder.documents] == ["PA0941262"]
    (dose,) = record.vaccinations
    assert (dose.disease, dose.product.key, dose.product.code) == (Disease.COVID_19, "comirnaty", "XM68M6")
    assert (dose.date, dose.dose, dose.total) == (PartialDate(2021, 8, 2), 1, None)
    assert (dose.lot, dose.country, dose.centre, dose.issuer) == ("QA-1", "AU", "QA Centre", "AU")
    assert dose.certificate_id == "QA0001"
    assert "vdsnc.no-series" in codes(document)


def test_a_test_seal(store: TrustStore) -> None:
    document = read(text(seal(TEST)), store)
    assert document.evidence is Evidence.USABLE
    assert document.record is not None
    (test,) = document.record.tests
    assert (test.disease, test.kind, test.result) == (Disease.COVID_19, TestKind.NAAT, TestResult.NEGATIVE)
    assert test.sampled == datetime(2022, 1, 14, 12, tzinfo=timezone(timedelta(hours=8)))
    assert test.reported == datetime(2022, 1, 14, 6, tzinfo=UTC)
    assert (test.country, test.centre, test.certificate_id) == ("AU", "QA Hospital", "QA0002")
    (held,) = document.record.holder.documents
    assert (held.number, held.kind) == ("PA0941262", "P")


@pytest.mark.parametrize(
    ("tr", "result", "kind", "code"),
    [
        ({"tc": "antigen", "r": "Negative"}, TestResult.NEGATIVE, TestKind.ANTIGEN, None),
        ({"tc": "molecular(PCR)", "r": "POSITIVE"}, TestResult.POSITIVE, TestKind.NAAT, "vdsnc.test-positive"),
        ({"tc": "?", "r": "maybe"}, TestResult.UNKNOWN, TestKind.UNKNOWN, "vdsnc.result-unknown"),
        ({}, TestResult.UNKNOWN, TestKind.UNKNOWN, "vdsnc.result-unknown"),
    ],
)
def test_words_of_a_test(
    store: TrustStore, tr: dict[str, str], result: TestResult, kind: TestKind, code: str | None
) -> None:
    document = read(text(seal(message(TEST, tr=tr))), store)
    assert document.record is not None
    assert (document.record.tests[0].result, document.record.tests[0].kind) == (result, kind)
    assert code is None or code in codes(document)
    assert (document.evidence is Evidence.USABLE) == (result is not TestResult.UNKNOWN)


def test_doses_of_one_entry_and_of_many_are_the_same(store: TrustStore) -> None:
    second = {**DOSE, "dvc": "2021-09-02", "seq": "2"}  # the number as text is seen
    event = VACCINATION["msg"]["ve"][0]
    joined = message(VACCINATION, ve=[{**event, "vd": [DOSE, second]}])
    spread = message(VACCINATION, ve=[event, {**event, "vd": [second]}])
    found = [read(text(seal(data)), store).record for data in (joined, spread)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].vaccinations == found[1].vaccinations
    assert [dose.dose for dose in found[0].vaccinations] == [1, 2]


def test_a_name_with_fillers(store: TrustStore) -> None:
    data = message(VACCINATION, pid={**VACCINATION["msg"]["pid"], "n": "EXAMPLE<<ANNA<MARIA<<<"})
    record = read(text(seal(data)), store).record
    assert record is not None
    assert (record.holder.surname_std, record.holder.given_std) == ("EXAMPLE", "ANNA<MARIA")


@pytest.mark.parametrize(
    "spell",
    [
        lambda value: json.dumps(value, sort_keys=True, indent=3).encode(),
        lambda value: json.dumps([value]).encode(),
        lambda value: json.dumps(value).replace("CITIZEN", "\\u0043ITIZEN").encode() + b"\n",
    ],
)
def test_spelling_of_the_json_does_not_matter(store: TrustStore, spell: Any) -> None:
    assert read(spell(seal()), store).evidence is Evidence.USABLE


def test_signed_keys_outside_the_basic_plane(store: TrustStore) -> None:
    data = {**VACCINATION, "msg": {**VACCINATION["msg"], "\ufb33": 1.5, "\U0001f600": 1e-7}}
    assert read(text(seal(data)), store).signature is SignatureState.VALID


def test_two_seals_in_one_code(store: TrustStore) -> None:
    found = read_scans([Scan.text(text([seal(), seal(TEST)]))], trust=store, at=AT)
    assert [bool(document.record and document.record.tests) for document in found] == [False, True]


@pytest.mark.parametrize("name", ["p384_signer"])
def test_other_curves(store: TrustStore, name: str) -> None:
    data = header(VACCINATION, **{"is": "JPN"})
    made = seal(data, getattr(icao, name)())
    assert made["sig"]["alg"] == "ES384"
    assert read(text(made), store).evidence is Evidence.USABLE


# --- forgery ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [("hdr", "is"), ("msg", "uvci"), ("msg", "pid", "n"), ("msg", "pid", "dob"), ("msg", "ve", 0, "vd", 0, "dvc")],
)
def test_any_change_breaks_the_signature(store: TrustStore, path: tuple[Any, ...]) -> None:
    made = copy.deepcopy(seal())
    place = made["data"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = "Z" + place[path[-1]][1:]
    document = read(text(made), store)
    assert document.signature is SignatureState.INVALID
    assert document.evidence is not Evidence.USABLE
    assert "trust.signature-invalid" in codes(document)


def test_order_of_doses_is_signed(store: TrustStore) -> None:
    event = VACCINATION["msg"]["ve"][0]
    made = seal(message(VACCINATION, ve=[{**event, "vd": [DOSE, {**DOSE, "seq": 2}]}]))
    made = copy.deepcopy(made)
    made["data"]["msg"]["ve"][0]["vd"].reverse()
    assert read(text(made), store).signature is SignatureState.INVALID


def test_der_where_raw_is_due(store: TrustStore) -> None:
    raw = base64.urlsafe_b64decode(seal()["sig"]["sigvl"])
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    document = read(text(seal(sigvl=b64url(der))), store)
    assert document.signature is SignatureState.INVALID
    assert "trust.signature-size" in codes(document)


def test_an_algorithm_that_the_key_does_not_fit(store: TrustStore) -> None:
    document = read(text(seal(alg="ES384")), store)
    assert document.signature is SignatureState.INVALID
    assert "trust.algorithm-mismatch" in codes(document)
    assert any(finding.alert for finding in document.findings)


def test_the_certificate_of_another_signer(store: TrustStore) -> None:
    other = icao.signer("JP").certified
    assert other is not None
    assert read(text(seal(cer=b64url(other.der))), store).signature is SignatureState.INVALID


def test_a_signer_of_passports(store: TrustStore) -> None:
    document = read(text(seal(signer=icao.passport_signer())), store)
    assert "chain.not-a-barcode-signer" in codes(document)
    assert document.evidence is Evidence.OPEN
    assert any(finding.alert for finding in document.findings)


def test_a_revoked_signer(store: TrustStore) -> None:
    revoked = icao.revoked_signer()
    country = {"AU": "AUS"}.get(revoked.country, revoked.country)
    document = read(text(seal(header(VACCINATION, **{"is": country}), revoked)), store)
    assert "trust.revoked" in codes(document)
    assert document.evidence is Evidence.NONE


def test_an_unknown_authority_is_not_called_false(store: TrustStore) -> None:
    document = read(text(seal(signer=icao.stranger())), store)
    assert document.signature is SignatureState.UNKNOWN_SIGNER
    assert "chain.authority-unknown" in codes(document)
    assert not any(finding.alert for finding in document.findings)


def test_a_country_that_is_not_the_signers(store: TrustStore) -> None:
    document = read(text(seal(header(VACCINATION, **{"is": "NZL"}))), store)
    assert document.signature is SignatureState.VALID
    (finding,) = [found for found in document.findings if found.code.value == "vdsnc.issuer-not-signer"]
    assert finding.alert
    assert finding.facts == {"issuer": "NZ", "signer": "AU"}
    assert document.evidence is Evidence.OPEN


# --- what is missing or not understood --------------------------------------------------------------------------------


def without(name: str, **sig: Any) -> bytes:
    made = seal(**sig)
    return text({key: value for key, value in made.items() if key != name})


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        (text(seal(sigvl=None)), "vdsnc.signature-missing"),
        (text(seal(sigvl="")), "vdsnc.signature-missing"),
        (without("sig"), "vdsnc.signature-missing"),
        (text(seal(alg="none")), "vdsnc.algorithm-refused"),
        (text(seal(alg=None)), "vdsnc.algorithm-refused"),
        (text(seal(alg="RS256")), "vdsnc.algorithm-refused"),
        (text(seal(header(VACCINATION, t="icao.dta"))), "vdsnc.type-unknown"),
        (text(seal(header(VACCINATION, t=7))), "vdsnc.type-unknown"),
        (text(seal(header(VACCINATION, v=2))), "vdsnc.version-unknown"),
        (text(seal(header(VACCINATION, v="1"))), "vdsnc.version-unknown"),
        (text(seal(header(VACCINATION, v=True))), "vdsnc.version-unknown"),
        (text(seal({"hdr": VACCINATION["hdr"]})), "vdsnc.not-a-seal"),
        (text(seal(cer=seal()["sig"]["cer"][:400])), "vdsnc.certificate-cut"),
        (text(seal(cer="MI*I")), "vdsnc.base64-broken"),
        (text(seal(cer=["MII"])), "vdsnc.base64-broken"),
        (text(seal(sigvl="é")), "vdsnc.base64-broken"),
        (text(seal(sigvl="A")), "vdsnc.base64-broken"),
        (text([seal()] * 5), "vdsnc.not-a-seal"),
        (text([[seal()]]), "vdsnc.not-a-seal"),
        (text(seal())[:-30], "json.broken"),
        (text(seal()).replace(b'"v": 1', b'"v": 1, "v": 1'), "json.duplicate-key"),
        (text(seal()).replace(b'"v": 1', b'"v": NaN'), "json.broken"),
        (text(seal()).replace(b'"QA-1"', b'"\\ud800"'), "json.not-canonical"),
        (text(seal()).replace(b'"seq": 1', b'"seq": 9007199254740993'), "json.not-canonical"),
        (text(seal()).replace(b'"QA-1"', b"[" * 200 + b"]" * 200), "json.too-deep"),
        (text(seal()) + b" " * 70_000, "vdsnc.too-large"),
    ],
)
def test_damage_has_a_code(scan: bytes, code: str) -> None:
    assert error(scan) == code
    document = read(scan, TrustStore())
    assert (document.format, document.evidence) == ("vds-nc", Evidence.NONE)  # a broken seal still names its format


@pytest.mark.parametrize("scan", [b"[]", b"{}", b"7", without("data")])
def test_what_is_no_seal(scan: bytes) -> None:
    assert error(scan) == "vdsnc.not-a-seal"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (message(VACCINATION, pid={"dob": "1990-01-01"}), "vdsnc.no-person"),
        (message(VACCINATION, pid="x"), "vdsnc.no-person"),
        (message(VACCINATION, ve=[]), "vdsnc.no-dose"),
        (message(VACCINATION, ve=[{"vd": "x"}]), "vdsnc.no-dose"),
        (message(TEST, tr=[]), "vdsnc.no-result"),
    ],
)
def test_a_seal_that_says_nothing_is_no_evidence(store: TrustStore, data: Any, code: str) -> None:
    document = read(text(seal(data)), store)
    assert (document.signature, document.evidence, document.record) == (SignatureState.VALID, Evidence.NONE, None)
    assert code in codes(document)


def test_the_standard_alphabet_is_taken_and_reported(store: TrustStore) -> None:
    certified = icao.signer("AU").certified
    assert certified is not None
    document = read(text(seal(cer=base64.b64encode(certified.der).decode().rstrip("="))), store)
    assert document.evidence is Evidence.USABLE
    assert "vdsnc.base64-alphabet" in codes(document)


def test_a_seal_without_certificate_needs_a_signer_we_hold(store: TrustStore) -> None:
    signer = icao.signer("AU").certified
    assert signer is not None
    scan = text(seal(cer=None))
    unknown = read(scan, store)
    assert {"vdsnc.certificate-missing", "trust.signer-unknown"} <= codes(unknown)
    held = read(scan, icao_store(barcode_signers=[signer.pem.decode()]))
    assert held.signature is SignatureState.VALID


@pytest.mark.parametrize(
    ("scan", "known"),
    [
        (b' {"data":{"hdr":{"t":"icao.vacc"', True),
        (b'[{"data":{"hdr":{"t":"icao.test"', True),
        (b'{"sig":{},"data":{"hdr":{}}}', True),
        (b'{"verifiableCredential":[]}', False),
        (b'{"@context":["x"],"credentialSubject":{}}', False),
        (b"HC1:icao.", False),
        (b"", False),
    ],
)
def test_recognition(scan: bytes, known: bool) -> None:
    assert vds_nc.recognise(scan) is known


def test_every_variant_of_the_factory_is_read(store: TrustStore) -> None:
    count = 0
    for person in personas().values():
        if person.format != "vds-nc":
            continue
        for name, draft in documents.drafts(person, date(2021, 12, 20)):
            if draft.format != "vds-nc":
                continue
            for option in ("", "array"):
                again = documents.draft(person, draft.statement.events, examined=draft.examined, option=option)
                for payload in documents.encode(again).payloads:
                    document = read(payload, store, draft.examined)
                    assert document.signature is SignatureState.VALID, (person, name, option)
                    assert document.record is not None
                    assert len(document.record.vaccinations or document.record.tests) >= 1
                    count += 1
    assert count >= 2


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda value: value.encode("utf-8", "surrogatepass")))
@settings(max_examples=80, deadline=None)
def test_any_bytes_give_envelopes_or_a_coded_error(data: bytes) -> None:
    vds_nc.recognise(data)
    try:
        vds_nc.unwrap([data])
    except EnvelopeError as caught:
        assert caught.code


LEAF = st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.lists(st.integers(), max_size=2)


INNER = st.dictionaries(st.sampled_from(["n", "dob", "vd", "des", "sc", "r"]), LEAF)
CHANGES = st.dictionaries(st.sampled_from(["pid", "ve", "uvci", "sp", "dat", "tr"]), LEAF | INNER)


@given(CHANGES, st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_signed_message_gives_a_record_or_a_coded_error(changes: dict[str, Any], test: bool) -> None:
    data = message(TEST if test else VACCINATION, **changes)
    try:
        scan = text(seal(data))
    except Exception:  # noqa: BLE001 - what has no canonical form cannot be signed either
        return
    document = read(scan, icao_store())
    assert document.findings
