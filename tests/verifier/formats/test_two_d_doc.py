"""French 2D-DOC: header, fields, signature, and codes that a hand scanner stripped."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.formats.writers_a import (
    P256,
    STRANGER,
    TEST_FIELDS,
    VACCINATION_FIELDS,
    codes,
    der,
    named_store,
    raw,
    read,
    two_d_doc,
)  # fmt: skip
from verifier.errors import EnvelopeError
from verifier.formats.two_d_doc import LINK, recognise, unwrap
from verifier.health.record import Disease, TestKind, TestResult
from verifier.reading import Document

HEADER = "DC04QA01QA011F3F1F3FL101FR"


def one(scan: bytes) -> Document:
    (document,) = read(scan, store=named_store())
    return document


def test_a_vaccination_is_read() -> None:
    document = one(two_d_doc())
    assert (document.signature.value, document.evidence.value) == ("valid", "usable")
    assert document.dates.issued == datetime(2021, 11, 24, 23, tzinfo=UTC)  # midnight in France
    assert document.record is not None
    holder = document.record.holder
    assert (holder.surname, holder.given, str(holder.birth_date)) == ("EXEMPLE", "ANNE MARIE", "1988-02-05")
    (dose,) = document.record.vaccinations
    assert (dose.product.key, str(dose.date), dose.dose, dose.total) == ("comirnaty", "2021-11-15", 2, 2)
    assert (dose.disease, dose.country, document.record.issuer) == (Disease.COVID_19, "FR", "QA01")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("LATE", "LACO"), "2ddoc.cycle-under-way"),
        (("L72L82", "L71L82"), "2ddoc.complete-after-infection"),
        (("COMIRNATY PFIZER/BIONTECH\x1dL6", "UNHEARD OF\x1dL6"), "2ddoc.product-unknown"),
        (("EXEMPLE\x1d", "EXEMPLE\x1e"), "2ddoc.value-cut"),
        (("L205021988", "L200001988"), "health.date-zero-part"),
    ],
)
def test_what_a_reader_should_know_is_noted(change: tuple[str, str], code: str) -> None:
    document = one(two_d_doc(VACCINATION_FIELDS.replace(*change)))
    assert document.signature.value == "valid"
    assert code in codes(document)
    assert document.evidence.value == "usable"


@pytest.mark.parametrize(
    ("letter", "result"),
    [
        ("N", TestResult.NEGATIVE),
        ("P", TestResult.POSITIVE),
        ("I", TestResult.INCONCLUSIVE),
        ("X", TestResult.INCONCLUSIVE),
        ("?", TestResult.UNKNOWN),
    ],
)
def test_a_test_is_read_in_french_time(letter: str, result: TestResult) -> None:
    document = one(two_d_doc(TEST_FIELDS.replace("F5N", f"F5{letter}"), "B2"))
    assert document.record is not None
    (test,) = document.record.tests
    assert (test.kind, test.result, test.sampled) == (
        TestKind.ANTIGEN,
        result,
        datetime(2022, 1, 14, 13, 30, tzinfo=UTC),
    )
    assert document.record.holder.sex == "F"
    assert "2ddoc.time-zone-assumed" in codes(document)


def test_a_test_code_may_lack_its_check_digit() -> None:
    document = one(two_d_doc(TEST_FIELDS.replace("94558-4", "94309"), "B2"))
    assert document.record is not None
    assert document.record.tests[0].kind is TestKind.NAAT


def test_version_three_has_no_country() -> None:
    document = one(two_d_doc(header="DC03QA01QA011F3F1F3FL101"))
    assert document.signature.value == "valid"
    assert document.record is not None
    assert document.record.vaccinations[0].country is None


def test_the_link_of_the_app_is_unwrapped() -> None:
    scan = LINK + quote(two_d_doc()).encode()
    assert recognise(scan)
    assert one(scan).signature.value == "valid"


@pytest.mark.parametrize("kind", ["L1", "B2"])
def test_lost_separators_are_put_back_where_the_signature_proves_it(kind: str) -> None:
    fields = VACCINATION_FIELDS if kind == "L1" else TEST_FIELDS
    whole = two_d_doc(fields, kind)
    for stripped in (whole.replace(b"\x1f", b""), whole.replace(b"\x1f", b"").replace(b"\x1d", b"")):
        document = one(stripped)
        assert document.signature.value == "valid"
        assert "2ddoc.separators-restored" in codes(document)
    assert one(whole.replace(b"\x1f", b"").replace(b"EXEMPLE", b"EXAMPLE")).signature.value == "invalid"


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        (b"DC04", "2ddoc.header"),
        (b"DC04QA01QA01", "2ddoc.header"),
        (two_d_doc(header="DC04QA01QA011F3GFFFFL101FR"), "2ddoc.header"),
        (two_d_doc(header="DC04QA01XQA011F3F1F3FL101FR"), "2ddoc.header"),
        (two_d_doc(header="DC04qa01QA011F3F1F3FL101FR"), "2ddoc.header"),
        (two_d_doc(header="DC04QA01QA011F3F1F3FL10133"), "2ddoc.header"),
        (two_d_doc(header="DC02QA01QA011F3F1F3FL1"), "2ddoc.version"),
        (two_d_doc(header="DC09QA01QA011F3F1F3FL101FR"), "2ddoc.version"),
        (two_d_doc(kind="01"), "2ddoc.kind"),
        (two_d_doc().partition(b"\x1f")[0], "2ddoc.signature-missing"),
        (two_d_doc().partition(b"\x1f")[0] + b"\x1f", "2ddoc.signature-missing"),
        (two_d_doc().replace(b"\x1f", b"\x1fa"), "base32.alphabet"),
        (two_d_doc(VACCINATION_FIELDS + "ZZ"), "2ddoc.field"),
        (two_d_doc(VACCINATION_FIELDS + "\x1dLATE"), "2ddoc.field"),
        (two_d_doc("L0EXEMPLE\x1dL2050\x1d"), "2ddoc.field"),
        (two_d_doc("F0ANNE\x1d"), "2ddoc.field"),
        (two_d_doc("L0EXEMPLE\x1dL2050219"), "2ddoc.field"),
        (two_d_doc().replace(b"EXEMPLE", b"EXEMPL\xc9"), "2ddoc.encoding"),
        (LINK + b"nothing", "2ddoc.link"),
        (b"DC04" + b"A" * 5000, "2ddoc.too-large"),
    ],
)
def test_damage_has_its_code(scan: bytes, code: str) -> None:
    assert recognise(scan)
    with pytest.raises(EnvelopeError) as caught:
        unwrap([scan])
    assert caught.value.code.value == code


@pytest.mark.parametrize(
    ("fields", "kind", "field"),
    [
        (VACCINATION_FIELDS.replace("L915112021", ""), "L1", "L9"),
        (VACCINATION_FIELDS.replace("L0EXEMPLE\x1dL1ANNE/MARIE\x1d", ""), "L1", "L0"),
        (TEST_FIELDS.replace("F5N", ""), "B2", "F5"),
        (TEST_FIELDS.replace("F6140120221430", ""), "B2", "F6"),
        (TEST_FIELDS.replace("F6140120221430", "F6320120221430"), "B2", "F6"),
    ],
)
def test_signed_codes_without_a_required_field_give_no_record(fields: str, kind: str, field: str) -> None:
    document = one(two_d_doc(fields, kind))
    (missing,) = [each for each in document.findings if each.code.value == "2ddoc.field-missing"]
    assert missing.facts["field"] == field
    assert (document.record, document.signature.value) == (None, "valid")


@pytest.mark.parametrize(
    ("scan", "state"),
    [
        (two_d_doc(sign=raw(STRANGER)), "invalid"),
        (two_d_doc(sign=lambda message: der(P256, message)), "invalid"),
        (two_d_doc(sign=lambda message: raw(P256)(message)[:63]), "invalid"),
        (two_d_doc().replace(b"L72L82", b"L73L82"), "invalid"),
        (two_d_doc(header=HEADER.replace("QA01QA01", "QA01QA09")), "unknown-signer"),
    ],
)
def test_signatures_that_do_not_hold(scan: bytes, state: str) -> None:
    assert one(scan).signature.value == state


def test_no_date_is_no_date() -> None:
    assert one(two_d_doc(header="DC04QA01QA01FFFFFFFFL101FR")).dates.issued is None


@given(st.binary(max_size=120), st.sampled_from([b"", b"DC04", HEADER.encode(), HEADER.encode() + b"L0", LINK]))
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_answered(data: bytes, start: bytes) -> None:
    recognise(start + data)
    try:
        unwrap([start + data])
    except EnvelopeError as error:
        assert error.code.area in ("2ddoc", "base32")


@given(st.text(st.characters(codec="ascii"), max_size=40), st.sampled_from(["L1", "B2"]))
@settings(max_examples=80, deadline=None)
def test_any_signed_fields_give_a_record_or_a_coded_error(fields: str, kind: str) -> None:
    base = VACCINATION_FIELDS if kind == "L1" else TEST_FIELDS
    for text in (fields, base + fields, base[: len(fields) * 3] + fields):
        (document,) = read(two_d_doc(text, kind), store=named_store())
        assert document.findings
