"""Certificate, passport and booking together; document numbers; evidence that is missing; the command."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner

from verifier.cli.match import match
from verifier.findings import Outcome
from verifier.health.record import Holder, HolderDocument
from verifier.identity.codes import IdentityCode as C
from verifier.identity.codes import Label
from verifier.identity.names import from_bcbp, from_dcc, from_mrz
from verifier.identity.person import IdentityResult, match_all, match_identity, name_of_holder, name_of_traveller
from verifier.model import UNKNOWN_DATE, PartialDate, Source, TravelDocument, Traveller

BORN = PartialDate(1974, 8, 12)
EVA = Holder(surname="Müller", given="Eva Maria", surname_std="MUELLER", given_std="EVA<MARIA", birth_date=BORN)


def passport(field: str = "MUELLER<<EVA<MARIA", born: PartialDate = BORN, **more: Any) -> Traveller:
    return Traveller(name_field=field, birth_date=born, sources={"name_field": Source.PASSPORT}, **more)


def boarding(field: str) -> Traveller:
    return Traveller(name_field=field, sources={"name_field": Source.BOARDING_PASS})


def codes(result: IdentityResult, outcome: Outcome) -> set[str]:
    return {finding.code.value for finding in result.findings if finding.outcome is outcome}


def test_three_sources_of_one_person() -> None:
    result = match_identity(EVA, passport(), boarding("MUELLER/EVAMARIAMRS"))
    assert (result.label, result.holder, result.booking) == (Label.MATCH, Label.MATCH, Label.MATCH)
    assert codes(result, Outcome.MET) == {C.PAIR_MATCH}
    assert not codes(result, Outcome.OPEN)
    assert not codes(result, Outcome.UNMET)


def test_native_spelling_explains_what_passport_and_booking_do_not() -> None:
    result = match_identity(EVA, passport(), boarding("MULLER/EVA MRS"))
    assert result.booking is Label.MATCH
    assert match_all(None, from_mrz("MUELLER<<EVA"), from_bcbp("MULLER/EVA MRS"))[0].label is Label.REFER


def test_another_person_is_unmet_and_names_the_pair() -> None:
    result = match_identity(EVA, passport("MUELLER<<OLAF"))
    assert result.label is Label.MISMATCH
    assert C.PAIR_MISMATCH in codes(result, Outcome.UNMET)
    assert result.findings[0].facts == {"a": "names.certificate", "b": "names.passport"}
    assert "another person" in result.sentence()


def test_booking_of_another_person_does_not_take_the_certificate_away() -> None:
    result = match_identity(EVA, passport(), boarding("MUELLER/OLAF MR"))
    assert (result.holder, result.booking, result.label) == (Label.MATCH, Label.MISMATCH, Label.MISMATCH)
    assert result.findings[0].outcome is Outcome.MET


def test_each_agrees_with_the_passport_but_not_with_the_other() -> None:
    cert = Holder(surname="Horn", given="Eva Luise", surname_std="HORN", given_std="EVA<LUISE", birth_date=BORN)
    result = match_identity(cert, passport("HORN<<EVA"), boarding("HORN/EVA PAULA"))
    assert (result.holder, result.booking, result.label) == (Label.MATCH, Label.MATCH, Label.REFER)
    assert codes(result, Outcome.OPEN) == {C.PAIR_REFER, C.GIVEN_DIFFERS}


@pytest.mark.parametrize(
    ("holder", "traveller", "code"),
    [
        (EVA, Traveller(birth_date=BORN), C.TRAVELLER_NAME_MISSING),
        (EVA, Traveller(), C.TRAVELLER_NAME_MISSING),
        (EVA, passport(born=UNKNOWN_DATE), C.TRAVELLER_DATE_MISSING),
        (EVA, boarding("MUELLER/EVA"), C.TRAVELLER_DATE_MISSING),
        (Holder(surname="Müller", given="Eva"), passport(), C.HOLDER_DATE_MISSING),
        (Holder(birth_date=BORN), passport(), C.NO_NAME),
        (Holder(), Traveller(), C.NO_NAME),
    ],
)
def test_missing_evidence_is_open(holder: Holder, traveller: Traveller, code: C) -> None:
    result = match_identity(holder, traveller)
    assert result.label is Label.REFER
    assert code in codes(result, Outcome.OPEN)
    assert not codes(result, Outcome.MET)


def doc(number: str | None, kind: str | None = "P", issuer: str | None = None) -> TravelDocument:
    return TravelDocument(number=number, kind=kind, issuer=issuer)


def holding(number: str, kind: str | None = None, issuer: str | None = None, **more: Any) -> Holder:
    base: dict[str, Any] = {"surname_std": "HORN", "given_std": "EVA", "birth_date": BORN}
    return Holder(**(base | more), documents=(HolderDocument(number, kind, issuer),))


ZONE = passport("HORN<<EVA", document=doc("C01X00T47"))


@pytest.mark.parametrize(
    ("holder", "traveller", "label", "code"),
    [
        (holding("C01X-00T47"), ZONE, Label.MATCH, C.DOCUMENT_AGREES),
        # names leave it open, the number settles it
        (holding("C01X00T47", given_std="EVI"), ZONE, Label.MATCH, C.DOCUMENT_AGREES),
        (holding("C01X00T47", birth_date=UNKNOWN_DATE), ZONE, Label.MATCH, C.DOCUMENT_AGREES),
        # a number never settles a contradiction, nor a slip of the date
        (holding("C01X00T47", given_std="OLAF"), ZONE, Label.REFER, C.DOCUMENT_AGAINST_NAMES),
        (holding("C01X00T47", birth_date=PartialDate(1974, 8, 13)), ZONE, Label.REFER, C.DOCUMENT_AGREES),
        (holding("C01X00T47", surname_std="H0RN"), ZONE, Label.REFER, C.DOCUMENT_AGREES),
        # another number: an older passport, or another person
        (holding("D11111111"), ZONE, Label.REFER, C.DOCUMENT_DIFFERS),
        (holding("D11111111", given_std="OLAF"), ZONE, Label.MISMATCH, C.DOCUMENT_DIFFERS),
        # another kind, another issuer, a masked number
        (holding("8812-77", "national-id"), ZONE, Label.MATCH, C.DOCUMENT_NOT_COMPARED),
        (
            holding("D11111111", "P", "FR"),
            replace(ZONE, document=doc("C01X00T47", issuer="DE")),
            Label.MATCH,
            C.DOCUMENT_NOT_COMPARED,
        ),
        (holding("XXXXXXXX0T47"), ZONE, Label.MATCH, C.DOCUMENT_NOT_COMPARED),
    ],
)
def test_document_numbers(holder: Holder, traveller: Traveller, label: Label, code: C) -> None:
    result = match_identity(holder, traveller)
    assert result.label is label
    assert code in {finding.code for finding in result.findings}


def test_no_number_says_nothing() -> None:
    result = match_identity(holding("  "), passport("HORN<<EVA", document=doc(None)))
    assert result.label is Label.MATCH


def test_initials_can_contradict_but_not_confirm() -> None:
    initials = Holder(surname="M", given="E", initials_only=True, birth_date=BORN)
    assert match_identity(initials, passport()).label is Label.REFER
    assert match_identity(initials, passport("HORN<<EVA")).label is Label.MISMATCH


def test_names_of_travellers_by_their_source() -> None:
    assert name_of_traveller(Traveller(name_field="MUSTER<<EVA")).source == "mrz"
    assert name_of_traveller(Traveller(name_field="MUSTER/EVA")).source == "bcbp"
    listed = Traveller(surname="Muster", given_names="Eva", sources={"surname": Source.FLIGHT_LIST})
    assert (name_of_traveller(listed).source, name_of_traveller(listed).term) == ("pnr", "names.flight-list")
    assert name_of_holder(Holder(full_name="MUSTER EVA"), format="vds-nc").source == "vds"
    assert name_of_holder(Holder(full_name="Eva Muster"), format="divoc").source == "divoc"


def test_all_pairs_of_the_names_given() -> None:
    cert, zone, booked = from_dcc("", "", "HORN", "EVA"), from_mrz("HORN<<EVA"), from_bcbp("HORN/EVAMRS")
    assert [pair.label for pair in match_all(cert, zone, booked)] == [Label.MATCH] * 3
    assert len(match_all(cert, None, booked)) == 1


def test_document_index_stands_on_the_certificates_findings() -> None:
    result = match_identity(EVA, passport("MUELLER<<OLAF"), boarding("MUELLER/OLAF"), document=2)
    by_pair = {finding.facts["b"]: finding.document for finding in result.findings if "a" in finding.facts}
    assert by_pair == {"names.passport": 2, "names.boarding-pass": None}


@pytest.mark.parametrize(("language", "words"), [("en", "certificate"), ("es", "certificado"), ("ar", "الشهادة")])
def test_sentence_names_the_source_in_its_language(language: str, words: str) -> None:
    short = Holder(surname_std="HORN<BUSCH", given_std="EVA", birth_date=BORN)
    said = match_identity(short, passport("BUSCH<HORN<LANGE<<EVA")).sentence(language)
    assert words in said
    assert "names." not in said
    assert "…" not in said
    assert "HORN" not in said


# --- the command ------------------------------------------------------------------------------------------------------


def run(*arguments: str, stdin: str | None = None) -> Any:
    return CliRunner().invoke(match, list(arguments), input=stdin)


def test_filter_answers_every_line_in_order() -> None:
    zone, booked = {"source": "mrz", "name_field": "HORN<<EVA"}, {"source": "bcbp", "name_field": "HORN/EVAMRS"}
    good = {"id": "1", "a": zone | {"dob": "1974-08-12"}, "b": booked}
    lines = [json.dumps(good), "{", json.dumps({"id": 2}), json.dumps(good | {"id": 3, "b": {"source": "x"}})]
    out = [json.loads(line) for line in run("--jsonl", "-", stdin="\n".join(lines)).output.splitlines()]
    assert [answer["id"] for answer in out] == ["1", None, 2, 3]
    assert out[0]["result"] == out[0]["label"] == "match"
    assert out[0]["findings"][0]["outcome"] == "met"
    assert [answer["error"]["code"] for answer in out[1:]] == ["input.not-json", C.SIDE_MISSING, C.SOURCE_UNKNOWN]


@pytest.mark.parametrize(
    ("first", "second", "status", "word"),
    [
        ("HORN<<EVA", "HORN/EVA MRS", 0, "match"),
        ("HORN<<EVA", "Horn, Evi", 20, "mismatch"),
        ("HORN<<EVA", "EVA<<HORN", 10, "refer"),
        ("Eva Horn", "HORN<<OLAF", 20, "mismatch"),
    ],
)
def test_command_says_and_exits(first: str, second: str, status: int, word: str) -> None:
    result = run("--a", first, "--b", second)
    assert result.exit_code == status
    assert result.output.startswith(f"{word}: ")


def test_command_takes_dates_and_language() -> None:
    result = run(
        "--a", "HORN<<EVA", "--born-a", "1974-08-12", "--b", "Horn, Evi", "--born-b", "1974-08-12", "--lang", "es"
    )
    assert result.exit_code == 10
    assert "nombres" in result.output


def test_command_without_names_is_a_usage_error() -> None:
    assert run().exit_code == 2
    assert run("--a", "HORN<<EVA").exit_code == 2
