"""SMART Health Cards: what counts in a bundle, and what leaves a finding."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.formats.writers_a import (
    AT,
    CVX,
    ISSUER,
    PATIENT,
    card,
    claims,
    codes,
    dose,
    observation,
    qr,
    read,
    shc_store,
)  # fmt: skip
from verifier.errors import EnvelopeError
from verifier.formats import shc
from verifier.health.record import Disease, TestKind, TestResult
from verifier.reading import Document


def one(*scans: bytes, at: datetime = AT, **store: Any) -> Document:
    (document,) = read(*scans, store=shc_store(**store), at=at)
    return document


def error(*scans: bytes) -> EnvelopeError:
    with pytest.raises(EnvelopeError) as caught:
        shc.unwrap(scans)
    return caught.value


# --- content ----------------------------------------------------------------------------------------------------------


def record(*resources: dict[str, Any], **changes: Any) -> Document:
    return one(qr(card(claims(*resources, **changes))))


def test_doses_are_read_with_their_codes() -> None:
    document = record(PATIENT, dose("2021-06-29", lotNumber="B", code="208"), dose("2021-06-01"))
    assert document.record is not None
    second, first = document.record.vaccinations
    assert (second.product.key, str(second.date), second.lot, second.centre) == (
        "comirnaty",
        "2021-06-29",
        "B",
        "Clinic",
    )
    assert (first.product.key, first.disease, first.dose) == ("spikevax", Disease.COVID_19, None)
    assert "shc.no-document-number" in codes(document)
    assert document.record.issuer == ISSUER


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "not-done"}, "shc.dose-not-counted"),
        ({"status": "entered-in-error"}, "shc.dose-not-counted"),
        ({"status": None}, "shc.dose-not-counted"),
        ({"isSubpotent": True}, "shc.dose-not-counted"),
    ],
)
def test_what_was_not_given_does_not_count(change: dict[str, Any], code: str) -> None:
    document = record(PATIENT, dose(), dose("2021-07-01", **change))
    assert document.record is not None
    assert [str(each.date) for each in document.record.vaccinations] == ["2021-06-01"]
    assert code in codes(document)


@pytest.mark.parametrize(
    ("change", "date", "code"),
    [
        ({"occurrenceDateTime": "2021-06"}, "2021-06", "health.date-partial"),
        ({"occurrenceDateTime": "2021-06-01T23:30:00-08:00"}, "2021-06-01", "health.date-with-time"),
        ({"occurrenceDateTime": None, "occurrenceString": "2021-06-01"}, "2021-06-01", None),
        ({"occurrenceDateTime": None, "occurrenceString": "last summer"}, "", "health.date-unreadable"),
        ({"occurrenceDateTime": None}, "", "shc.dose-date-missing"),
        ({"occurrenceDateTime": ["2021"]}, "", "health.date-unreadable"),
    ],
)
def test_partial_and_missing_dates_of_doses(change: dict[str, Any], date: str, code: str | None) -> None:
    document = record(PATIENT, dose(**change))
    assert document.record is not None
    (vaccination,) = document.record.vaccinations
    assert str(vaccination.date) == date
    assert code is None or code in codes(document)


@pytest.mark.parametrize(
    ("codings", "key", "disease"),
    [
        ([{"system": "http://snomed.info/sct", "code": "28581000087106"}], "comirnaty", Disease.COVID_19),
        ([{"system": CVX, "code": "999"}, {"system": CVX, "code": "207"}], "spikevax", Disease.COVID_19),
        ([{"system": "http://www.whocc.no/atc", "code": "J07BX03"}], None, Disease.COVID_19),
        ([{"system": CVX, "code": "184"}], "yellow-fever", Disease.YELLOW_FEVER),
        ([{"system": CVX, "code": "9999"}], None, Disease.OTHER),
        ([], None, Disease.OTHER),
        ([{"code": ["207"]}, "207", None], None, Disease.OTHER),
    ],
)
def test_vaccine_codes_of_every_system(codings: list[Any], key: str | None, disease: Disease) -> None:
    document = record(PATIENT, dose(vaccineCode={"coding": codings}))
    assert document.record is not None
    (vaccination,) = document.record.vaccinations
    assert (vaccination.product.key, vaccination.disease) == (key, disease)
    assert ("shc.product-unknown" in codes(document)) is (key is None)
    assert document.evidence.value == "usable"


def test_dose_numbers_are_taken_where_an_issuer_states_them() -> None:
    applied = [{"doseNumberPositiveInt": 2, "seriesDosesPositiveInt": 2}]
    document = record(PATIENT, dose(protocolApplied=applied))
    assert document.record is not None
    assert (document.record.vaccinations[0].dose, document.record.vaccinations[0].total) == (2, 2)
    odd = [{"doseNumberPositiveInt": True, "seriesDosesPositiveInt": 10**9}]
    document = record(PATIENT, dose(protocolApplied=odd))
    assert document.record is not None
    assert (document.record.vaccinations[0].dose, document.record.vaccinations[0].total) == (None, None)


@pytest.mark.parametrize(
    ("change", "kind", "result"),
    [
        ({}, TestKind.NAAT, TestResult.NEGATIVE),
        ({"code": "94558-4", "value": "10828004"}, TestKind.ANTIGEN, TestResult.POSITIVE),
        ({"value": "260385009", "status": "amended"}, TestKind.NAAT, TestResult.NEGATIVE),
        ({"value": "1"}, TestKind.NAAT, TestResult.UNKNOWN),
        ({"valueCodeableConcept": None, "valueString": "Not detected"}, TestKind.NAAT, TestResult.NEGATIVE),
        ({"valueCodeableConcept": {"text": "Positive"}}, TestKind.NAAT, TestResult.POSITIVE),
        ({"valueCodeableConcept": None}, TestKind.NAAT, TestResult.UNKNOWN),
    ],
)
def test_tests_are_read_with_kind_and_result(change: dict[str, Any], kind: TestKind, result: TestResult) -> None:
    document = record(PATIENT, observation(**change))
    assert document.record is not None
    (test,) = document.record.tests
    assert (test.kind, test.result, test.centre) == (kind, result, "Laboratory")
    assert test.sampled == datetime(2022, 1, 13, 22, tzinfo=UTC)
    assert test.sampled is not None
    assert test.sampled.utcoffset() == timedelta(hours=10)


def test_codings_that_disagree_are_no_result() -> None:
    both = [{"system": "http://snomed.info/sct", "code": code} for code in ("260373001", "260415000")]
    document = record(PATIENT, observation(valueCodeableConcept={"coding": both}))
    assert document.record is not None
    assert document.record.tests[0].result is TestResult.INCONCLUSIVE


def test_a_period_counts_from_its_begin() -> None:
    period = {"start": "2022-01-10T10:00:00Z", "end": "2022-01-14T10:00:00Z"}
    document = record(PATIENT, observation(effectiveDateTime=None, effectivePeriod=period))
    assert document.record is not None
    assert document.record.tests[0].sampled == datetime(2022, 1, 10, 10, tzinfo=UTC)


def test_unfinished_and_other_tests_do_not_count() -> None:
    document = record(PATIENT, observation(status="preliminary"), observation(code="718-7"), observation(code="789-8"))
    assert document.record is not None
    assert document.record.tests == ()
    assert codes(document) >= {"shc.test-not-counted", "shc.test-other", "shc.nothing-counted"}
    (other,) = [each for each in document.findings if each.code.value == "shc.test-other"]
    assert other.facts["observations"] == 2
    assert document.evidence.value == "open"


@pytest.mark.parametrize(
    ("names", "surname", "given", "full"),
    [
        ([{"use": "maiden", "family": "Old"}, {"use": "official", "family": "New", "given": ["A"]}], "New", "A", None),
        ([{"use": "old", "family": "Only"}], "Only", None, None),
        ([{"text": "Ann Bea Example"}], None, None, "Ann Bea Example"),
        ([{"family": "", "given": [""]}, {"family": "Real"}], "Real", None, None),
        ([{"family": ["List"], "given": "Single"}], None, "Single", None),
        ([{"use": ["official"], "family": "Odd"}], "Odd", None, None),
        ("text", None, None, None),
    ],
)  # fmt: skip
def test_the_best_name_is_taken(names: Any, surname: str | None, given: str | None, full: str | None) -> None:
    document = record({**PATIENT, "name": names}, dose())
    assert document.record is not None
    holder = document.record.holder
    assert (holder.surname, holder.given, holder.full_name) == (surname, given, full)
    assert ("shc.name-missing" in codes(document)) is (surname is None and given is None and full is None)


def test_one_person_to_a_card() -> None:
    document = record(PATIENT, {**PATIENT, "birthDate": "1999-01-01"}, dose())
    assert "shc.patient-several" in codes(document)
    assert (document.record, document.evidence.value) == (None, "none")
    assert record(PATIENT, copy.deepcopy(PATIENT), dose()).record is not None
    assert "shc.patient-missing" in codes(record(dose()))


@pytest.mark.parametrize(
    ("vc", "code"),
    [
        ({"type": None}, "shc.type"),
        ({"type": ["https://smarthealth.cards#immunization"]}, "shc.type"),
        ({"type": "https://smarthealth.cards#health-card"}, "shc.type"),
        ({"credentialSubject": None}, "shc.bundle"),
        ({"credentialSubject": {"fhirBundle": {"entry": {}}}}, "shc.bundle"),
    ],
)
def test_what_is_no_health_card_gives_no_record(vc: dict[str, Any], code: str) -> None:
    document = record(vc=vc)
    assert code in codes(document)
    assert document.record is None


def test_types_beside_health_card_do_not_matter() -> None:
    kinds = ["VerifiableCredential", "https://smarthealth.cards#health-card", "https://example.org#other"]
    assert record(vc={"type": kinds}).evidence.value == "usable"


def test_technical_data_in_meta_are_noted() -> None:
    assert "shc.meta" in codes(record(PATIENT, dose(meta={"security": [{"bad": 1}], "id": 1})))
    assert "shc.meta" not in codes(record(PATIENT, dose(meta={"security": [{"code": "IAL1.2"}]})))


# --- anything ---------------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = (
    "resourceType", "status", "vaccineCode", "occurrenceDateTime", "performer", "name", "birthDate", "code", "meta",
    "effectivePeriod", "valueCodeableConcept", "protocolApplied", "manufacturer", "lotNumber",
)  # fmt: skip


@given(st.sampled_from([PATIENT, dose(), observation()]), st.sampled_from(MEMBERS), JSON)
@settings(max_examples=60, deadline=None)
def test_any_member_of_a_resource_gives_a_record_or_a_coded_error(base: Any, member: str, value: Any) -> None:
    others = [each for each in (PATIENT, dose(), observation()) if each != base]
    assert record({**base, member: value}, *others).signature.value == "valid"
