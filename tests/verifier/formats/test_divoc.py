"""DIVOC: carriers, what is signed and what is not, forgery by exchange, and every encoder variant of the factory."""

from __future__ import annotations

import base64
import json
import time
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures import documents
from fixtures.authorities import simple
from fixtures.personas import personas
from tests.verifier.formats.writers_b import AT, card, codes, credential, divoc_store, read, text, zipped
from verifier.errors import EnvelopeError, RecordError
from verifier.formats import divoc
from verifier.health.record import Disease
from verifier.model import UNKNOWN_DATE, PartialDate, SignedDates, SignedPayload, Signer
from verifier.reading import Evidence
from verifier.trust.store import SignatureState, TrustStore


@pytest.fixture(scope="module")
def store() -> TrustStore:
    return divoc_store()


def error(scan: bytes) -> str:
    with pytest.raises(EnvelopeError) as caught:
        divoc.unwrap([scan])
    return caught.value.code.value


def test_a_card(store: TrustStore) -> None:
    document = read(zipped(text(card())), store)
    assert (document.signature, document.evidence) == (SignatureState.VALID, Evidence.USABLE)
    assert document.dates.issued == datetime(2021, 8, 1, 10, tzinfo=UTC)
    record = document.record
    assert record is not None
    assert (record.issuer, record.holder.full_name, record.holder.sex) == (
        "https://qa.cleargate.example/",
        "Anna Example",
        "F",
    )
    assert record.holder.birth_date == PartialDate(1988, 3, 4)
    (held,) = record.holder.documents
    assert (held.number, held.kind) == ("QA1234567", "passport")
    (dose,) = record.vaccinations
    assert (dose.disease, dose.product.key, dose.product.text) == (Disease.COVID_19, "covishield", "COVISHIELD")
    assert (dose.date, dose.dose, dose.total) == (PartialDate(2021, 7, 1), 1, 2)
    assert (dose.lot, dose.country, dose.centre) == ("QA-B1", "IN", "QA Clinic")
    assert dose.valid_until == PartialDate(2022, 7, 1)
    assert dose.certificate_id == "QA1"


def test_rsa(store: TrustStore) -> None:
    document = read(text(card(signer=simple.divoc_rsa("IN"))), store)
    assert (document.algorithm, document.signature) == ("PS256", SignatureState.VALID)


@pytest.mark.parametrize(
    "carry",
    [
        lambda data: data,
        zipped,
        lambda data: zipped(data, **{"readme.txt": b"x"}),
        lambda data: b"B64:" + base64.b64encode(zipped(data)),
        lambda data: b"B64:" + base64.b64encode(data),
        lambda data: zipped(data).decode("latin-1").encode(),  # a scanner that hands over text
    ],
)
def test_carriers(store: TrustStore, carry: Any) -> None:
    document = read(carry(text(card(credential(subject={"name": "अन्ना उदाहरण"})))), store)
    assert document.evidence is Evidence.USABLE
    assert document.record is not None
    assert document.record.holder.full_name == "अन्ना उदाहरण"


def test_a_restored_archive_is_reported(store: TrustStore) -> None:
    mangled = zipped(text(card())).decode("latin-1").encode()
    assert "divoc.bytes-restored" in codes(read(mangled, store))


def test_an_archive_in_pieces() -> None:
    whole = zipped(text(card()))
    bomb = zipped(b" " * 50_000_000)
    locked = bytearray(whole)
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = whole.index(mark)
        locked[at + (6 if mark == b"PK\x03\x04" else 8)] |= 1  # says it is encrypted
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("certificate.json", text(card()))
    with pytest.warns(UserWarning, match="Duplicate name"):
        double = _double()
    assert error(whole[:-40]) == "divoc.archive-broken"
    assert error(whole[:200]) == "divoc.archive-broken"
    assert error(zipped(text(card()), "data.json")) == "divoc.entry-missing"
    assert error(double) == "divoc.entry-missing"
    assert error(bytes(locked)) == "divoc.archive-broken"
    assert error(out.getvalue()) == "divoc.archive-broken"
    start = time.perf_counter()
    assert error(bomb) == "divoc.too-large"
    assert time.perf_counter() - start < 1
    assert error(b"B64:" + b"A" * 300_000) == "divoc.too-large"
    assert error(b"B64:***") == "divoc.base64-broken"


def _double() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("certificate.json", b"{}")
        archive.writestr("certificate.json", b"{}")
    return out.getvalue()


def test_a_size_that_lies() -> None:
    """The central directory says 10 bytes; what comes out is more."""
    whole = bytearray(zipped(b" " * 200_000))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = whole.index(mark) + at
        whole[place : place + 4] = (10).to_bytes(4, "little")
    assert error(bytes(whole)) in ("divoc.archive-broken", "divoc.too-large", "json.broken")


# --- what is signed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("evidence", "subject", "top"),
    [
        ({}, {"name": "Anne Example"}, {}),
        ({}, {"dob": "1988-03-05"}, {}),
        ({"dose": 2}, {}, {}),
        ({"dose": "1"}, {}, {}),
        ({"vaccine": "COVAXIN"}, {}, {}),
        ({}, {}, {"issuer": "https://other.example/"}),
        ({"type": ["Vaccination", "Booster"]}, {}, {}),
    ],
)
def test_any_change_of_what_is_mapped(
    store: TrustStore, evidence: dict[str, Any], subject: dict[str, Any], top: dict[str, Any]
) -> None:
    forged = card(after=lambda document: {**credential(evidence, subject, **top), "proof": document["proof"]})
    document = read(text(forged), store)
    assert (document.signature, document.evidence) == (SignatureState.INVALID, Evidence.OPEN)


def test_options_of_the_proof_are_signed(store: TrustStore) -> None:
    forged = card(after=lambda made: {**made, "proof": {**made["proof"], "created": "2021-08-02T10:00:00Z"}})
    assert read(text(forged), store).signature is SignatureState.INVALID


def test_unsigned_fields_are_neither_shown_nor_used(store: TrustStore) -> None:
    def add(document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "credentialSubject": {**document["credentialSubject"], "passportNumber": "X9"}}

    document = read(text(card(after=add)), store)
    (finding,) = [found for found in document.findings if found.code.value == "divoc.unsigned-property"]
    assert finding.facts == {"count": 1, "properties": ["passportNumber"]}
    assert document.record is not None
    assert "X9" not in str(document.record)
    assert document.signature is SignatureState.VALID


def test_a_birth_date_in_the_first_vocabulary_is_not_signed(store: TrustStore) -> None:
    first = ["https://www.w3.org/2018/credentials/v1", "https://cowin.gov.in/credentials/vaccination/v1"]
    document = read(text(card(credential(subject={"age": "33"}, **{"@context": first}))), store)
    assert document.signature is SignatureState.VALID
    assert document.record is not None
    assert (document.record.holder.birth_date, document.record.holder.age) == (UNKNOWN_DATE, 33)
    assert {"divoc.unsigned-property", "divoc.age-only"} <= codes(document)


def test_doses_exchanged_under_a_good_signature(store: TrustStore) -> None:
    """`dose` and `totalDoses` are one statement each of the same kind: 1 of 2 can be shown as 2 of 1."""

    def turn(document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "evidence": [{**document["evidence"][0], "dose": 2, "totalDoses": 1}]}

    document = read(text(card(after=turn)), store)
    assert document.signature is SignatureState.VALID
    assert "divoc.doses-not-bound" in codes(document)
    assert document.evidence is Evidence.OPEN


@pytest.mark.parametrize(
    "changes",
    [
        {"dose": 2, "totalDoses": [2, 1]},
        {"dose": 2, "totalDoses": [1]},
        {"dose": [2], "totalDoses": 1},
        {"dose": 2, "totalDoses": None, "https://schema.org/doseValue": 1},
        {"dose": 2, "totalDoses": None, "schema:doseValue": [1]},
        {"date": "2022-07-01", "effectiveStart": ["2021-07-01"], "effectiveUntil": None},
        {"date": "2022-07-01", "effectiveUntil": None, "schema:date": "2021-07-01"},
    ],
)
def test_honest_values_hidden_beside_the_terms(store: TrustStore, changes: dict[str, Any]) -> None:
    """A signed 1 of 2 must not read "dose 2" because the 1 moved into a list or under another name of its property."""

    def turn(document: dict[str, Any]) -> dict[str, Any]:
        evidence = {**document["evidence"][0], **changes}
        return {**document, "evidence": [{key: value for key, value in evidence.items() if value is not None}]}

    document = read(text(card(after=turn)), store)
    assert document.evidence is not Evidence.USABLE


def test_dates_exchanged_under_a_good_signature(store: TrustStore) -> None:
    def turn(document: dict[str, Any]) -> dict[str, Any]:
        evidence = document["evidence"][0]
        dates = {"date": evidence["effectiveUntil"], "effectiveUntil": evidence["date"]}
        return {**document, "evidence": [{**evidence, **dates}]}

    document = read(text(card(after=turn)), store)
    assert document.signature is SignatureState.VALID
    assert "divoc.date-not-bound" in codes(document)
    assert document.evidence is Evidence.OPEN


def test_one_dose_shown_as_two() -> None:
    def split(document: dict[str, Any]) -> dict[str, Any]:
        evidence = document["evidence"][0]
        return {**document, "evidence": [evidence, {**evidence, "dose": 2}]}

    assert error(text(card(after=split))) == "jsonld.node-repeated"


# --- what is refused --------------------------------------------------------------------------------------------------


def proof(**changes: Any) -> bytes:
    return text(card(after=lambda made: {**made, "proof": {**made["proof"], **changes}}))


def head(**changes: Any) -> bytes:
    return text(card(jws_header={"alg": "EdDSA", "b64": False, "crit": ["b64"], **changes}))


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        (text({**card(), "proof": None}), "divoc.proof-missing"),
        (text({**card(), "proof": []}), "divoc.proof-missing"),
        (text({**card(), "proof": "x"}), "divoc.proof-broken"),
        (text({**card(), "proof": [card()["proof"]] * 2}), "divoc.proof-broken"),
        (proof(jws=None), "divoc.proof-missing"),
        (proof(jws="eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.."), "divoc.proof-missing"),
        (proof(jws="a.b.c"), "divoc.proof-broken"),
        (proof(jws="a..b"), "divoc.proof-broken"),
        (proof(jws=7), "divoc.proof-broken"),
        (proof(verificationMethod=""), "divoc.key-not-named"),
        (proof(verificationMethod={"id": "x"}), "divoc.key-not-named"),
        (proof(type="RsaSignature2018"), "divoc.algorithm-refused"),
        (proof(type="BbsBlsSignature2020"), "divoc.algorithm-refused"),
        (proof(type=["Ed25519Signature2018"]), "divoc.algorithm-refused"),
        (head(alg="none"), "divoc.algorithm-refused"),
        (head(alg="RS256"), "divoc.algorithm-refused"),
        (head(alg="PS256"), "divoc.algorithm-refused"),
        (head(b64=True), "divoc.proof-broken"),
        (head(crit=None), "divoc.proof-broken"),
        (head(crit=["b64", "exp"]), "divoc.proof-broken"),
        (text({**card(), "@context": ["https://attacker.example/v1"]}), "jsonld.context-unknown"),
        (text({**card(), "@context": [card()["@context"][0], {"dob": "x"}]}), "jsonld.context-inline"),
        (text(card())[:-1] + b',"issuer":"https://twice.example/"}', "json.duplicate-key"),
        (text(card())[:-20], "json.broken"),
        (text({**card(), "x": "y" * 70_000}), "json.too-large"),
        (zipped(b"[]"), "divoc.not-a-credential"),
        (zipped(b"\xff"), "json.not-utf8"),
    ],
)
def test_damage_has_a_code(scan: bytes, code: str) -> None:
    assert error(scan) == code


def test_an_ed25519_proof_naming_an_rsa_key(store: TrustStore) -> None:
    rsa = simple.divoc_rsa("IN").kid.decode()
    document = read(text(card(proof={"verificationMethod": rsa})), store)
    assert "trust.algorithm-mismatch" in codes(document)
    assert document.signature is SignatureState.INVALID


def test_an_unknown_key_is_not_called_false(store: TrustStore) -> None:
    document = read(text(card(proof={"verificationMethod": "did:nowhere"})), store)
    assert document.signature is SignatureState.UNKNOWN_SIGNER
    assert not any(finding.alert for finding in document.findings)


@pytest.mark.parametrize(
    ("evidence", "subject", "top", "code"),
    [
        ({}, {"name": ""}, {}, "divoc.no-person"),
        ({}, {"id": "not-absolute"}, {}, "divoc.no-person"),
        ({"type": []}, {}, {}, "divoc.no-dose"),
    ],
)
def test_a_card_that_says_nothing_is_no_evidence(
    store: TrustStore, evidence: dict[str, Any], subject: dict[str, Any], top: dict[str, Any], code: str
) -> None:
    document = read(text(card(credential(evidence, subject, **top))), store)
    assert code in codes(document)
    assert document.evidence is Evidence.NONE


@pytest.mark.parametrize(
    ("evidence", "found"),
    [
        ({"dose": "", "totalDoses": "-"}, (None, None)),
        ({"dose": "2", "totalDoses": 2}, (2, 2)),
        ({"dose": True}, (None, 2)),
        ({"dose": [1]}, (None, 2)),
    ],
)
def test_numbers_as_issuers_write_them(evidence: dict[str, Any], found: tuple[int | None, int | None]) -> None:
    record = divoc.read(_payload(credential(evidence)))
    assert (record.vaccinations[0].dose, record.vaccinations[0].total) == found


@pytest.mark.parametrize(
    ("evidence", "disease"),
    [
        ({"vaccine": "Unheard-of"}, Disease.COVID_19),  # the software served COVID-19 alone where it says nothing
        ({"prophylaxis": "Yellow fever"}, Disease.YELLOW_FEVER),
        ({"prophylaxis": "Measles", "vaccine": "x"}, Disease.OTHER),
        ({"icd11Code": "1D47", "vaccine": "STAMARIL"}, Disease.YELLOW_FEVER),
    ],
)
def test_diseases(evidence: dict[str, Any], disease: Disease) -> None:
    assert divoc.read(_payload(credential(evidence))).vaccinations[0].disease is disease


def test_a_masked_national_number_is_no_passport() -> None:
    record = divoc.read(_payload(credential(subject={"id": "did:Aadhaar Card:********1234"})))
    assert record.holder.documents == ()


def _payload(content: dict[str, Any]) -> SignedPayload:
    return SignedPayload("divoc", content, Signer("divoc", "qa"), SignedDates())


@pytest.mark.parametrize(
    ("scan", "known"),
    [
        (b"PK\x03\x04rest", True),
        (b"B64:UEsDBA", True),
        (b'{"@context":["https://www.w3.org/2018/credentials/v1"],"credentialSubject":{', True),
        (b"{}", False),
        (b'{"verifiableCredential":["ey"],"@context":"VerifiableCredential"}', False),
        (b'{"data":{"hdr":{"t":"icao.vacc"}}}', False),
    ],
)
def test_recognition(scan: bytes, known: bool) -> None:
    assert divoc.recognise(scan) is known


def test_every_variant_of_the_factory_is_read(store: TrustStore) -> None:
    count = 0
    for person in personas().values():
        if person.format != "divoc":
            continue
        for name, draft in documents.drafts(person, date(2021, 12, 20)):
            if draft.format != "divoc":
                continue
            for option in ("", "json"):
                again = documents.draft(person, draft.statement.events, examined=draft.examined, option=option)
                document = read(documents.encode(again).payloads[0], store, draft.examined)
                assert document.evidence is Evidence.USABLE, (person, name, option, document.findings)
                count += 1
    assert count >= 2


ANY = st.binary(max_size=200) | st.text(max_size=100).map(lambda value: value.encode("utf-8", "surrogatepass"))


@given(ANY, st.sampled_from([b"", b"PK\x03\x04", b"B64:", b'{"@context":']))
@settings(max_examples=80, deadline=None)
def test_any_bytes_give_envelopes_or_a_coded_error(data: bytes, prefix: bytes) -> None:
    divoc.recognise(prefix + data)
    try:
        divoc.unwrap([prefix + data])
    except EnvelopeError as caught:
        assert caught.code


WHOLE = zipped(text(card()))


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
@settings(max_examples=80, deadline=None)
def test_any_flipped_byte_of_an_archive_is_handled(at: int, bits: int) -> None:
    flipped = WHOLE[:at] + bytes((WHOLE[at] ^ bits,)) + WHOLE[at + 1 :]
    document = read(flipped, divoc_store(), AT)
    assert document.findings


LEAF = st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.lists(st.text(max_size=3), max_size=2)
TREE = LEAF | st.dictionaries(st.sampled_from(["name", "id", "dose", "address", "facility", "date"]), LEAF, max_size=3)


@given(
    st.dictionaries(st.sampled_from(["credentialSubject", "evidence", "issuer", "issuanceDate"]), TREE | st.lists(TREE))
)
@settings(max_examples=80, deadline=None)
def test_any_signed_content_gives_a_record_or_a_coded_error(content: dict[str, Any]) -> None:
    try:
        divoc.read(_payload(json.loads(json.dumps(content))))
    except RecordError as caught:
        assert caught.code
