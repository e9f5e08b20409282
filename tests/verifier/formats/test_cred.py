"""PathCheck PaperCred: the payload is signed, the type is not."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.formats.writers_a import K256, codes, cred, der, named_store, read
from verifier.errors import EnvelopeError
from verifier.formats.cred import recognise, unwrap
from verifier.health.record import Disease, TestKind, TestResult
from verifier.reading import Document

BADGE = "20210308/MODERNA/COVID19/012L20A/28//C28161/RA/500/JANE%20DOE/19820321"
COWIN = (
    "DID%3AX/12346/BHAYA%20MITRA/27/MALE/INDIAN/1/2/3/4/5/IN/6/20210416/BHARAT/COVAXIN/MB34/20201202/20251202/2/2/U/"
    "S%20S/ABC%20MEDICAL/1/2/3/4/5/IN/6/20210416"
)
VAX = "DOE/JANE/DOE/JANE/19820321/840539006/1119349007/EU%2F1%2F20%2F1528/ORG-100030215/2/2/20210601/FR/CNAM/X"
TEST = "DOE/JANE/DOE/JANE/19820321/840539006/LP6464-4///2021-06-01T10%3A00%3A00Z/260415000/LAB/FR/CNAM/X"
RECOVERY = "DOE/JANE/DOE/JANE/19820321/840539006/20210101/FR/CNAM/20210112/20210701/X"


def one(scan: bytes) -> Document:
    (document,) = read(scan, store=named_store())
    return document


def test_a_badge_is_a_dose_without_a_number() -> None:
    document = one(cred(BADGE))
    assert (document.signature.value, document.evidence.value) == ("valid", "open")
    assert codes(document) >= {"cred.pilot", "cred.type-unsigned"}
    assert document.record is not None
    assert document.record.holder.full_name == "JANE DOE"
    assert str(document.record.holder.birth_date) == "1982-03-21"
    (dose,) = document.record.vaccinations
    assert (dose.product.key, str(dose.date), dose.dose, dose.disease) == (
        "spikevax",
        "2021-03-08",
        None,
        Disease.COVID_19,
    )
    assert document.record.payload["values"][9] == "JANE DOE"


def test_types_with_health_statements_are_read() -> None:
    cowin = one(cred(COWIN, "COWIN", "1")).record
    assert cowin is not None
    assert (cowin.vaccinations[0].product.key, cowin.vaccinations[0].dose, cowin.holder.age) == ("covaxin", 2, 27)
    vaccination = one(cred(VAX, "DGC.VAX", "1")).record
    assert vaccination is not None
    assert (vaccination.vaccinations[0].product.key, vaccination.holder.surname_std) == ("comirnaty", "DOE")
    test = one(cred(TEST, "DGC.TEST", "2")).record
    assert test is not None
    assert (test.tests[0].kind, test.tests[0].result) == (TestKind.NAAT, TestResult.NEGATIVE)
    recovery = one(cred(RECOVERY, "DGC.RECV", "1")).record
    assert recovery is not None
    assert str(recovery.recoveries[0].first_positive) == "2021-01-01"


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        (cred(BADGE, "STATUS"), "cred.type-does-not-fit"),
        (cred(BADGE, "UNHEARD"), "cred.type-does-not-fit"),
        (cred("1//JD82", "BADGE"), "cred.type-does-not-fit"),
        (cred(BADGE.replace("20210308", "SOON"), "BADGE"), "cred.type-does-not-fit"),
        (cred(BADGE.replace("20210308", "20211308"), "BADGE"), "cred.type-does-not-fit"),
        (cred("1//JD82", "STATUS"), "cred.no-health-statement"),
        (cred(BADGE.replace("JANE%20DOE/19820321", "/"), "BADGE"), "cred.no-name"),
    ],
)
def test_an_unsigned_type_is_believed_only_where_the_values_fit(scan: bytes, code: str) -> None:
    document = one(scan)
    assert document.signature.value == "valid"
    assert code in codes(document)
    assert document.evidence.value == "open"


@pytest.mark.parametrize(
    "scan",
    [
        cred(BADGE).replace(b"JANE", b"JOAN"),
        cred(BADGE).replace(b"%20DOE", b" DOE"),
        cred(BADGE).replace(b"20210308", b"20210908"),
        cred(BADGE, signature=b"\x30\x06\x02\x01\x01\x02\x01\x01"),
        cred(BADGE, signature=der(K256, BADGE.encode())[:-2]),
        cred(BADGE, signature=b"no signature"),
    ],
)
def test_changed_payloads_and_signatures_are_invalid(scan: bytes) -> None:
    assert one(scan).signature.value == "invalid"


def test_needless_zero_bytes_in_the_signature_are_noted() -> None:
    minimal = der(K256, BADGE.encode())
    size = minimal[3]
    wide = b"\x30" + bytes([minimal[1] + 1]) + b"\x02" + bytes([size + 1]) + b"\x00" + minimal[4:]
    document = one(cred(BADGE, signature=wide))
    assert document.signature.value == "valid"
    assert "cred.signature-not-minimal" in codes(document)


def test_an_unlisted_key_is_an_unknown_signer() -> None:
    assert one(cred(BADGE, key="OTHER.KEY")).signature.value == "unknown-signer"


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        (b"CRED:", "cred.parts"),
        (b"CRED:BADGE:2:AAAA:KEY", "cred.parts"),
        (b"CRED:BADGE:2:AAAA::PAYLOAD", "cred.parts"),
        (b"CRED:BADGE:2:AAAA:KEY:", "cred.parts"),
        (b"CRED:BADGE:2:aaaa:KEY:PAYLOAD", "base32.alphabet"),
        (b"CRED:BADGE:2:AAA:KEY:PAYLOAD", "base32.length"),
        (b"CRED:BADGE:2:AAAA:KEY:%FF", "cred.encoding"),
        ("CRED:BÄDGE:2:AAAA:KEY:PAYLOAD".encode(), "cred.encoding"),
        (b"CRED:BADGE:2:AAAA:KEY:" + b"A" * 20_000, "cred.too-large"),
    ],
)
def test_damage_has_its_code(scan: bytes, code: str) -> None:
    assert recognise(scan)
    with pytest.raises(EnvelopeError) as caught:
        unwrap([scan])
    assert caught.value.code.value == code


@given(st.binary(max_size=120))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_answered(data: bytes) -> None:
    signature = base64.b32encode(data).rstrip(b"=") or b"AA"
    for scan in (b"CRED:" + data, b"CRED:BADGE:1:" + signature + b":QA.KEY:A", b"CRED:BADGE:1:AA:QA.KEY:" + data):
        (document,) = read(scan, store=named_store())
        assert document.signature.value != "valid"


@given(st.sampled_from(["BADGE", "COWIN", "DGC.VAX", "DGC.TEST", "DGC.RECV"]), st.integers(0, 31), st.text(max_size=12))
@settings(max_examples=80, deadline=None)
def test_any_signed_value_gives_a_record(kind: str, at: int, value: str) -> None:
    from urllib.parse import quote

    samples = {"BADGE": BADGE, "COWIN": COWIN, "DGC.VAX": VAX, "DGC.TEST": TEST, "DGC.RECV": RECOVERY}
    values = samples[kind].split("/")
    values[at % len(values)] = quote(value, safe="")
    document = one(cred("/".join(values) or "A", kind, "2" if kind == "DGC.TEST" else "1"))
    assert document.signature.value == "valid"
    assert document.record is not None
