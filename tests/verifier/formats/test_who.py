"""WHO payloads of HC1: claim -6 in three generations, claim 5, DDCC core sets."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures import documents
from fixtures.authorities import gdhcn, question_trust
from fixtures.personas import personas
from tests.verifier.formats.writers_b import codes, read
from verifier.errors import RecordError
from verifier.findings import Outcome
from verifier.formats import who_ddcc, who_icvp, who_link, who_payloads
from verifier.health.record import Disease, HealthRecord, TestKind, TestResult
from verifier.model import Claim, PartialDate, SignedDates, SignedPayload, Signer
from verifier.reading import Evidence
from verifier.trust.from_case import store_from
from verifier.trust.store import SignatureState

STAMARIL = "YellowFeverProductd8a09f80301dc05e124f99ffe7711fc0"
ISSUED = datetime(2026, 3, 2, tzinfo=UTC)
SIGNER = Signer("hcert", "ab" * 32, country="IN", domain="ICVP")
VX = {"vp": STAMARIL, "dv": "2026-03-01", "bo": "QA-1", "is": "QA Institute"}
NEW: dict[str, Any] = {
    "n": "Anna Example", "dob": "1990-05-17", "s": "female", "nt": "IND", "id": "QA1", "dt": "PPN", "v": "1.0.0",
    "vx": VX,
}  # fmt: skip
OLD_DOSE = {"vp": STAMARIL, "dt": "2017-12-11", "bo": "123", "vls": "2017-12-11", "cn": "QA Clinician"}
MIDDLE: dict[str, Any] = {
    "n": "Aulo Agerio", "dob": "1905-08-23", "s": "male", "nid": "16337361-9", "ndt": "NI", "v": OLD_DOSE,
}  # fmt: skip
FIRST: dict[str, Any] = {
    "n": "Aulo Agerio", "dob": "1905-08-23", "s": "M", "ntl": "CL", "nid": "16337361-9", "gn": "Parent",
    "v": {**OLD_DOSE, "dn": "Primary", "tg": "1D47", "vp": "XM0N24", "ma": "HIPRA"},
}  # fmt: skip


def payload(claims: dict[Any, Any], signer: Signer = SIGNER, issued: datetime | None = ISSUED) -> SignedPayload:
    name = who_payloads.classify(claims)
    assert name is not None
    return SignedPayload(name, claims, signer, SignedDates(issued=issued))


def icvp(
    content: Any, *, iss: str | None = "IN", signer: Signer = SIGNER, issued: datetime | None = ISSUED
) -> HealthRecord:
    return who_payloads.read(payload({1: iss, -260: {-6: content}}, signer, issued))


def said(record: HealthRecord, *outcomes: Outcome) -> set[str]:
    return {f.code.value for f in record.findings if not outcomes or f.outcome in outcomes}


def refused(claims: dict[Any, Any]) -> str:
    with pytest.raises(RecordError) as caught:
        who_payloads.read(payload(claims))
    return caught.value.code.value


# --- claim -6 ---------------------------------------------------------------------------------------------------------


def test_the_present_generation() -> None:
    record = icvp(NEW)
    assert record.findings == ()
    holder = record.holder
    assert (holder.full_name, holder.sex, holder.nationality) == ("Anna Example", "F", "IN")
    assert holder.birth_date == PartialDate(1990, 5, 17)
    assert [(held.number, held.kind) for held in holder.documents] == [("QA1", "PPN")]
    (dose,) = record.vaccinations
    assert (dose.disease, dose.product.key, dose.product.system) == (Disease.YELLOW_FEVER, "yellow-fever", "icvp")
    assert (dose.date, dose.lot, dose.centre, dose.issuer) == (
        PartialDate(2026, 3, 1),
        "QA-1",
        "QA Institute",
        "QA Institute",
    )
    assert dose.maker.text == "Sanofi Pasteur"
    assert record.issuer == "IN"
    assert json.dumps(record.payload)


def test_the_middle_generation() -> None:
    record = icvp(MIDDLE)
    assert record.holder.sex == "M"
    assert [(held.number, held.kind) for held in record.holder.documents] == [("16337361-9", "NI")]
    assert record.vaccinations[0].date == PartialDate(2017, 12, 11)
    assert said(record) == {"who.old-generation", "who.validity-ignored"}
    assert (record.findings[0].facts, record.vaccinations[0].valid_from.year) == ({"year": 2025}, None)


def test_the_first_generation() -> None:
    record = icvp(FIRST)
    (dose,) = record.vaccinations
    assert record.holder.nationality == "CL"
    assert record.holder.guardian == "Parent"
    assert (dose.disease, dose.dose, dose.maker.text) == (Disease.YELLOW_FEVER, None, "HIPRA")
    assert next(f.facts for f in record.findings if f.code.value == "who.old-generation") == {"year": 2024}
    # a code for a kind of vaccine names no product of the catalogue
    assert "who.product-not-listed" in said(record, Outcome.OPEN)


def test_the_same_letters_mean_different_things() -> None:
    """`v` and `dt` changed their meaning: the version and the document type are never taken for dose and date."""
    assert who_icvp.generation({"v": "1.0.0", "vx": VX}) is who_icvp.GENERATIONS[2026]
    assert who_icvp.generation({"v": "1.0.0", "dt": "2020-01-01"}) is None
    assert who_icvp.generation({"v": {"vp": "x", "dt": "2020-01-01"}, "dt": "PPN"}) is who_icvp.GENERATIONS[2025]
    draft = icvp({**NEW, "vx": {"vp": STAMARIL, "dt": "2026-03-01", "bo": "1", "cn": "QA"}})
    assert draft.vaccinations[0].date == PartialDate(2026, 3, 1)
    assert draft.holder.documents[0].kind == "PPN"


@pytest.mark.parametrize(
    ("change", "dose", "code"),
    [
        ({"v": "2.0"}, {}, "who.version-unknown"),
        ({"v": ""}, {}, "who.version-unknown"),
        ({}, {"vp": "YellowFeverProduct" + "0" * 32}, "who.product-not-listed"),
        ({}, {"vp": "a3K3X0000000000UAC"}, "who.product-not-listed"),
        ({}, {"vp": None}, "who.product-not-listed"),
        ({}, {"dv": ""}, "who.date-missing"),
        ({}, {"bo": ""}, "who.batch-missing"),
        ({}, {"is": None}, "who.vaccinator-missing"),
    ],
)
def test_what_is_missing_or_unknown_is_open(change: dict[str, Any], dose: dict[str, Any], code: str) -> None:
    record = icvp({**NEW, **change, "vx": {**VX, **dose}})
    assert code in said(record, Outcome.OPEN)


def test_both_generations_of_product_ids_are_known() -> None:
    record = icvp({**NEW, "vx": {**VX, "vp": "a3K3X000006MihuUAC"}})
    assert record.vaccinations[0].disease is Disease.YELLOW_FEVER
    assert record.findings == ()


def test_another_disease_is_out_of_scope() -> None:
    record = icvp({**FIRST, "v": {**FIRST["v"], "tg": "RA01", "vp": "871772009"}})
    assert record.vaccinations[0].disease is Disease.COVID_19
    assert "who.out-of-scope" in said(record, Outcome.OPEN)


@pytest.mark.parametrize("domain", ["DCC", "PH4H", None])
def test_no_key_of_another_domain_makes_a_yellow_card(domain: str | None) -> None:
    record = icvp(NEW, signer=Signer("hcert", "ab" * 32, country="IN", domain=domain))
    (finding,) = record.findings
    assert (finding.code.value, finding.outcome, finding.facts) == ("who.key-domain", Outcome.OPEN, {"domain": domain})


def test_certificates_from_before_the_amendment() -> None:
    late, early = datetime(2025, 9, 19, tzinfo=UTC), datetime(2025, 9, 18, 23, 59, tzinfo=UTC)
    assert said(icvp(NEW, issued=late)) == set()
    assert said(icvp(NEW, issued=early), Outcome.OPEN) == {"who.issued-before-amendment"}


@pytest.mark.parametrize(
    ("iss", "country", "good"),
    [
        ("IN", "IN", True),
        ("IND", "IN", True),
        ("XJ", "XXJ", True),  # a placeholder has two letters in claims and three in lists
        ("XXJ", "XXJ", True),
        (None, "IN", True),
        ("XCL", "XXJ", False),
        ("PK", "IN", False),
    ],
)
def test_the_issuer_must_be_the_participant_of_the_key(iss: str | None, country: str, good: bool) -> None:
    record = icvp(NEW, iss=iss, signer=Signer("hcert", "ab" * 32, country=country, domain="ICVP"))
    found = [finding for finding in record.findings if finding.code.value == "who.issuer-not-signer"]
    assert (found == []) is good
    assert all(finding.alert for finding in found)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("text", "who.payload-broken"),
        ({"n": "A", "v": "1.0"}, "who.no-dose"),
        ({**NEW, "vx": "x"}, "who.no-dose"),
        ({**NEW, "vx": []}, "who.no-dose"),
        ({**NEW, "vx": [VX, VX]}, "who.several-doses"),
        ({**NEW, "n": " "}, "who.no-person"),
    ],
)
def test_a_payload_that_says_nothing(content: Any, code: str) -> None:
    assert refused({-260: {-6: content}}) == code


# --- claim 5 ----------------------------------------------------------------------------------------------------------


def link(scheme: str = "shlink:/", viewer: str = "", **members: Any) -> str:
    body = {"url": "https://qa.example/m?patient=QA1", "key": "k" * 43, "flag": "LP", **members}
    return viewer + scheme + base64.urlsafe_b64encode(json.dumps(body).encode()).decode()


@pytest.mark.parametrize(
    "claim",
    [
        link(),
        link("vhlink:/"),
        link("shlink://").rstrip("="),
        link(viewer="https://viewer.example/x#"),
        [link()],
        [{"u": link("shlink://")}],
        [{"u": link()}, {"u": 7}],
    ],
)
def test_a_link_is_reported_and_never_opened(claim: Any) -> None:
    record = who_payloads.read(payload({1: "IN", -260: {5: claim}}))
    (finding,) = record.findings
    assert (finding.code.value, finding.outcome) == ("who.link-not-opened", Outcome.OPEN)
    assert (finding.facts["host"], finding.facts["passcode"]) == ("qa.example", True)
    assert "QA1" not in json.dumps(finding.as_json())  # neither the address nor the key is repeated
    assert (record.vaccinations, record.tests, record.recoveries) == ((), (), ())


@pytest.mark.parametrize(
    ("members", "facts"),
    [
        ({"exp": 1760140221}, {"until": "2025-10-10T23:50:21+00:00"}),
        ({"exp": 1760140221000}, {"until": "2025-10-10T23:50:21+00:00"}),
        ({"exp": "soon"}, {"until": None}),
        ({"exp": 10**30}, {"until": None}),
        ({"flag": "L"}, {"passcode": False}),
        ({"flag": None}, {"passcode": False}),
        ({"type": "vhl"}, {"kind": "vhl"}),
        ({"url": "https://ex ample/|x"}, {"host": None}),
    ],
)
def test_what_a_link_says_about_itself(members: dict[str, Any], facts: dict[str, Any]) -> None:
    assert facts.items() <= who_link.describe(link(**members)).items()


@pytest.mark.parametrize(
    "claim",
    [
        None,
        7,
        [],
        "https://qa.example/",
        "shlink:/",
        "shlink:/%%%",
        "shlink:/" + base64.urlsafe_b64encode(b"[1]").decode(),
        "shlink:/" + base64.urlsafe_b64encode(b"{").decode(),
        "shlink:/" + "A" * 20_000,
    ],
)
def test_a_broken_link(claim: Any) -> None:
    assert refused({-260: {5: claim}}) == "who.link-broken"


# --- DDCC -------------------------------------------------------------------------------------------------------------

SNOMED = "http://snomed.info/sct"
DRAFT: dict[str, Any] = {
    "name": "Anna Example",
    "birthDate": "1986-09-19",
    "sex": {"code": "female", "system": "http://hl7.org/fhir/administrative-gender"},
    "vaccine": {"code": "1119349007", "system": SNOMED},
    "brand": {"code": "Comirnaty"},
    "ma_holder": {"code": "QA", "display": "QA maker"},
    "lot": "PT123F",
    "date": "2021-07-08",
    "dose": 1,
    "total_doses": 2,
    "country": {"code": "USA", "system": "urn:iso:std:iso:3166"},
    "centre": "QA Site",
    "disease": {"code": "840539006", "system": SNOMED},
    "hcid": "US111",
}
RESULT: dict[str, Any] = {
    "name": "Anna Example",
    "birthDate": "1990-01-15",
    "test": {
        "pathogen": {"system": "http://id.who.int/icd11/mms", "code": "XN109", "display": "SARS-CoV-2"},
        "type": {"system": "http://loinc.org", "code": "LP6464-4"},
        "date": "2022-07-27T06:15:00Z",
        "result": {"system": SNOMED, "code": "260415000"},
        "country": {"code": "SGP"},
        "centre": "QA",
    },
    "meta": {"passportNumber": "QA12345"},
}


def test_a_bare_draft() -> None:
    record = who_payloads.read(payload(DRAFT))
    (dose,) = record.vaccinations
    assert (dose.disease, dose.product.key, dose.dose, dose.total) == (Disease.COVID_19, "comirnaty", 1, 2)
    assert (dose.country, dose.lot, dose.certificate_id, dose.maker.text) == ("US", "PT123F", "US111", "QA maker")
    assert record.holder.sex == "F"
    assert said(record) == {"who.ddcc-draft"}


def test_the_model_under_its_claim() -> None:
    vaccination = {"vaccine": DRAFT["vaccine"], "brand": "Comirnaty", "date": "2021-07-08", "totalDoses": 2}
    core = {"name": "Anna Example", "birthDate": "1986-09-19", "sex": "female", "vaccination": vaccination}
    record = who_payloads.read(payload({1: "IN", -260: {3: {**core, "certificate": {"hcid": "X1", "issuer": "QA"}}}}))
    (dose,) = record.vaccinations
    assert (dose.product.key, dose.total, dose.certificate_id, dose.issuer) == ("comirnaty", 2, "X1", "QA")
    assert (record.findings, record.issuer) == ((), "IN")


def test_a_result() -> None:
    record = who_payloads.read(payload(RESULT))
    (test,) = record.tests
    assert (test.disease, test.kind, test.result) == (Disease.COVID_19, TestKind.NAAT, TestResult.NEGATIVE)
    assert test.sampled == datetime(2022, 7, 27, 6, 15, tzinfo=UTC)
    assert [held.number for held in record.holder.documents] == ["QA12345"]


def test_a_result_that_cannot_be_understood_is_open() -> None:
    changed = {**RESULT, "test": {**RESULT["test"], "result": {"code": "?"}}}
    assert "who.result-unknown" in said(who_payloads.read(payload(changed)), Outcome.OPEN)


@pytest.mark.parametrize(
    ("claims", "name", "states"),
    [
        ({-260: {-6: {}}}, "icvp", {Claim.VACCINATION}),
        ({-260: {5: "x"}}, "health-link", set()),
        ({-260: {3: {}}}, "ddcc", {Claim.VACCINATION}),
        ({-260: {4: {"test": {}}}}, "ddcc", {Claim.TEST}),
        (DRAFT, "ddcc", {Claim.VACCINATION}),
        (RESULT, "ddcc", {Claim.TEST}),
        ({-260: {-7: {}}}, None, set()),
        ({-260: {1: "x"}}, None, set()),
        ({-260: "x"}, None, set()),
        ({1: "IN"}, None, set()),
        ({"name": "x"}, None, set()),
    ],
)
def test_which_payload_it_is(claims: dict[Any, Any], name: str | None, states: set[Claim]) -> None:
    assert who_payloads.classify(claims) == name
    assert who_payloads.states(claims) == states


# --- whole codes ------------------------------------------------------------------------------------------------------


def test_every_generation_of_the_factory_is_read() -> None:
    store = store_from(question_trust("who-icvp"))
    count = 0
    for person in personas().values():
        if person.format != "who-icvp":
            continue
        for _, draft in documents.drafts(person, date(2026, 11, 20)):
            if draft.format != "who-icvp":
                continue
            for option, year in (("", 2026), ("2025", 2025), ("2024", 2024)):
                again = documents.draft(person, draft.statement.events, examined=draft.examined, option=option)
                document = read(documents.encode(again).payloads[0], store, draft.examined)
                assert (document.format, document.signature) == ("icvp", SignatureState.VALID)
                assert document.record is not None
                assert document.record.vaccinations[0].disease is Disease.YELLOW_FEVER
                assert (document.evidence is Evidence.USABLE) == (year != 2024), document.findings
                assert document.signer is not None
                assert len(document.signer.path) == 2
                count += 1
    assert count >= 3


def test_text_keys_and_a_text_kid(make_hcert: Any) -> None:
    """Seen in the WHO development network: every key of the claims, and the kid, written as text."""
    signer = gdhcn.signer("BR")
    kid = base64.b64encode(signer.kid).decode()
    at = datetime(2026, 3, 3, tzinfo=UTC)
    claims = {"1": "BR", "6": int(ISSUED.timestamp() * 1000), "4": int(at.timestamp()) + 9999, "-260": {"-6": NEW}}
    scan = make_hcert(claims=claims, signer=signer, protected={1: -7, 4: kid})
    document = read(scan.encode(), store_from(question_trust("who-icvp")), at)
    assert document.signature is SignatureState.VALID
    assert {"hcert.keys-text", "hcert.kid-text", "hcert.date-milliseconds"} <= codes(document)
    assert document.dates.issued == ISSUED
    assert document.evidence is Evidence.USABLE, document.findings


LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=4)
NAMES = st.sampled_from(
    ["n", "dob", "s", "nt", "id", "dt", "v", "vx", "vp", "dv", "bo", "u", "name", "test", "vaccine"]
)
TREE = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5))


@given(st.sampled_from([-6, 3, 4, 5]), TREE)
@settings(max_examples=150, deadline=None)
def test_any_content_gives_a_record_or_a_coded_error(claim: int, content: Any) -> None:
    claims = cbor2.loads(cbor2.dumps({1: "IN", -260: {claim: content}}))
    if who_payloads.classify(claims) is None:
        return
    try:
        record = who_payloads.read(payload(claims))
    except RecordError as caught:
        assert caught.code
    else:
        json.dumps(record.payload)


@given(st.dictionaries(st.sampled_from([*DRAFT, *RESULT]), TREE))
@settings(max_examples=80, deadline=None)
def test_any_bare_core_set_gives_a_record_or_a_coded_error(claims: dict[Any, Any]) -> None:
    if who_ddcc.core_set(claims) is None:
        return
    try:
        who_payloads.read(payload(claims))
    except RecordError as caught:
        assert caught.code
