"""Each kind of requirement by itself: what it accepts, what it refuses, and what it cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from rules_kit import a_test, asked, case, vaccination

from verifier.findings import Finding
from verifier.rules.case import Case
from verifier.rules.logic import MET, OPEN, UNMET
from verifier.rules.places import common_lists, place_list
from verifier.rules.requirements import Asked, Dangling, Malformed, Shop, build
from verifier.rules.requirements.vaccinated import ProductList, ProductsSpec
from verifier.rules.rulebook import RuleBook

PRODUCTS = ProductList.of(
    ProductsSpec.model_validate(
        {
            "accepted": [
                {"product": "comirnaty"},
                {"product": "spikevax"},
                {"product": "jcovden"},
                {"product": "covovax", "from": date(2021, 12, 17), "announced": date(2021, 12, 17)},
            ],
            "unsure": [{"product": "fiocruz"}],
        }
    )
)
RED = place_list(
    [
        {"from": date(2021, 2, 15), "announced": date(2021, 2, 5), "places": ["BR", "PT"]},
        {"from": date(2021, 3, 19), "announced": date(2021, 3, 15), "added": ["ET"], "removed": ["PT"]},
    ]
)


def judge(
    book: RuleBook, written: Any, question: Case, named: Mapping[str, Any] | None = None
) -> tuple[int, list[str]]:
    """Answer and codes of a requirement as a pack writes it."""
    shop = Shop(
        "US",
        {"list": PRODUCTS},
        {**common_lists(), "red": RED},
        frozenset({"lpr", "citizen", "nonimmigrant"}),
        named or {},
        build,
    )
    node, context = build(written, shop), Asked(question, book)
    out: list[Finding] = []
    answer = node.judge(context)
    if answer != MET:
        node.explain(context, out)
    assert list(node.satisfiers(context)) is not None
    assert all(isinstance(day, int) for _, day in node.moments(context))
    return answer, [finding.code.value for finding in out]


def doses(*given: tuple[str, str], **more: Any) -> Case:
    return case("2022-02-15", evidence=[vaccination(*given, **more)])


@pytest.mark.parametrize(
    ("options", "given", "answer", "code"),
    [
        ({}, [("comirnaty", "2022-01-01"), ("comirnaty", "2022-02-01")], MET, None),
        ({}, [("comirnaty", "2022-01-01"), ("comirnaty", "2022-02-02")], UNMET, "rules.vaccination-recent"),
        ({"count": "whole"}, [("comirnaty", "2022-01-01"), ("comirnaty", "2022-02-01")], UNMET, "rules.vaccination-recent"),  # noqa: E501
        ({"count": "whole"}, [("comirnaty", "2022-01-01"), ("comirnaty", "2022-01-31")], MET, None),
        ({}, [("jcovden", "2022-02-01")], MET, None),
        ({}, [("comirnaty", "2021-02-01")], UNMET, "rules.series-incomplete"),
        ({"mix_interval": 17}, [("comirnaty", "2021-12-01"), ("spikevax", "2021-12-18")], MET, None),
        ({"mix_interval": 17}, [("comirnaty", "2021-12-01"), ("spikevax", "2021-12-17")], UNMET, "rules.interval-short"),  # noqa: E501
        ({}, [("sputnik-v", "2021-12-01"), ("sputnik-v", "2021-12-22")], UNMET, "rules.product-refused"),
        ({}, [("fiocruz", "2021-12-01"), ("fiocruz", "2021-12-22")], OPEN, "rules.product-unsure"),
        ({}, [("never-heard-of", "2021-12-01"), ("never-heard-of", "2021-12-22")], OPEN, "rules.product-unsure"),
        ({}, [("comirnaty", "2022-01"), ("comirnaty", "2022-02")], OPEN, "rules.vaccination-edge"),
        ({"max_days": 270}, [("comirnaty", "2021-04-01"), ("comirnaty", "2021-05-21")], MET, None),
        ({"max_days": 270}, [("comirnaty", "2021-04-01"), ("comirnaty", "2021-05-20")], UNMET, "rules.vaccination-expired"),  # noqa: E501
        ({"max_days": 270, "max_edge": "open"}, [("comirnaty", "2021-04-01"), ("comirnaty", "2021-05-21")], OPEN,
         "rules.vaccination-edge"),
        ({"max_days": 270, "booster_lifts_max": True},
         [("comirnaty", "2021-01-01"), ("comirnaty", "2021-02-01"), ("spikevax", "2022-02-10")], MET, None),
        ({"single": ["spikevax"], "not_before": date(2021, 12, 1)}, [("spikevax", "2021-12-01")], MET, None),
        ({"single": ["spikevax"], "not_before": date(2021, 12, 1)}, [("spikevax", "2021-11-30")], UNMET,
         "rules.series-incomplete"),
    ],
)  # fmt: skip
def test_vaccinated(
    book: RuleBook, options: dict[str, Any], given: list[tuple[str, str]], answer: int, code: str | None
) -> None:
    got, codes = judge(book, {"vaccinated": {"products": "list", **options}}, doses(*given))
    assert got == answer
    assert code is None or code in codes


def test_a_product_counts_from_its_day_and_once_it_is_known(book: RuleBook) -> None:
    shown = [vaccination(("covovax", "2021-09-01"), ("covovax", "2021-10-01"))]
    written = {"vaccinated": {"products": "list"}}
    assert judge(book, written, case("2021-12-16", evidence=shown))[0] == UNMET
    assert judge(book, written, case("2021-12-17", evidence=shown))[0] == MET
    assert judge(book, written, case("2021-12-17", known="2021-12-16", evidence=shown))[0] == UNMET


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ({}, MET),
        ({"signature_verified": False}, OPEN),
        ({"signature_verified": None}, OPEN),
        ({"format": "paper", "signature_verified": None}, MET),
        ({"name_matches": False}, OPEN),
        ({"name_matches": False, "dob_matches": False}, UNMET),
        ({"revoked": True}, UNMET),
    ],
)
def test_what_a_documents_state_leaves_of_it(book: RuleBook, more: dict[str, Any], answer: int) -> None:
    question = doses(("comirnaty", "2021-01-01"), ("comirnaty", "2021-02-01"), **more)
    assert judge(book, {"vaccinated": {"products": "list"}}, question)[0] == answer


def test_paper_counts_only_where_the_rule_takes_it(book: RuleBook) -> None:
    question = doses(("comirnaty", "2021-01-01"), ("comirnaty", "2021-02-01"), format="paper", signature_verified=None)
    assert judge(book, {"vaccinated": {"products": "list", "paper": False}}, question) == (
        OPEN,
        ["rules.vaccination-open"],
    )


def test_a_document_that_states_its_number_of_doses(book: RuleBook) -> None:
    def stated(number: int, total: int) -> Case:
        one = vaccination(("comirnaty", "2021-02-01"))
        one["doses"][0] |= {"dose": number, "total": total}
        return case("2022-02-15", evidence=[one])

    plain, as_stated = {"vaccinated": {"products": "list"}}, {"vaccinated": {"products": "list", "as_stated": True}}
    assert judge(book, plain, stated(2, 2))[0] == MET
    assert judge(book, plain, stated(1, 2))[0] == UNMET
    assert judge(book, plain, stated(1, 1))[0] == UNMET  # one dose after recovery
    assert judge(book, as_stated, stated(1, 1))[0] == MET


@pytest.mark.parametrize(
    ("options", "shown", "answer", "code"),
    [
        ({"days": 1}, a_test("2022-02-09T00:01"), MET, None),
        ({"days": 1}, a_test("2022-02-08T23:59"), UNMET, "rules.test-old"),
        ({"hours": 72}, a_test("2022-02-07T12:30"), MET, None),
        ({"hours": 72}, a_test("2022-02-07T11:30"), UNMET, "rules.test-old"),
        ({"hours": 72}, a_test("2022-02-07"), OPEN, "rules.test-open"),
        ({"days": 3}, a_test("2022-02-11T08:00"), UNMET, "rules.test-late"),
        ({"days": 3}, a_test("2022-02-09T08:00", "antigen"), UNMET, "rules.test-kind"),
        ({"days": 3}, a_test("2022-02-09T08:00", "unknown"), OPEN, "rules.test-kind"),
        ({"days": 3}, a_test("2022-02-09T08:00") | {"result": "positive"}, UNMET, "rules.test-result"),
        ({"days": 3, "supervised": "always"}, a_test("2022-02-09T08:00"), OPEN, "rules.test-unsupervised"),
        ({"days": 3, "supervised": "always"}, a_test("2022-02-09T08:00", administered_by="pharmacy"), MET, None),
        ({"days": 3, "supervised": "self-tests"}, a_test("2022-02-09T08:00"), MET, None),
        ({"days": 3, "supervised": "self-tests"}, a_test("2022-02-09T08:00", administered_by="self"), UNMET,
         "rules.test-unsupervised"),
        ({"days": 3, "supervised": "self-tests"}, a_test("2022-02-09T08:00", administered_by="self", supervised=True), MET, None),  # noqa: E501
        ({"days": 3, "taken_outside": ["IN"]}, a_test("2022-02-09T08:00"), OPEN, "rules.test-place"),
        ({"days": 3, "taken_outside": ["IN"]}, a_test("2022-02-09T08:00", place="IN"), UNMET, "rules.test-place"),
        ({"days": 3, "taken_outside": ["IN"]}, a_test("2022-02-09T08:00", place="QA"), MET, None),
        ({"days": 3}, a_test("2022-02-09T08:00", name_matches=False), OPEN, "rules.test-open"),
    ],
)  # fmt: skip
def test_tested(book: RuleBook, options: dict[str, Any], shown: dict[str, Any], answer: int, code: str | None) -> None:
    question = case("2022-02-10", trip={"departs": "2022-02-10T12:00:00-05:00"}, evidence=[shown])
    got, codes = judge(book, {"tested": {"kinds": ["naat"], **options}}, question)
    assert (got, codes[:1]) == (answer, [code] if code else [])


def test_no_test_is_unmet_and_says_what_is_asked(book: RuleBook) -> None:
    got, codes = judge(book, {"tested": {"kinds": ["naat"], "days": 3}}, case(evidence=[]))
    assert (got, codes) == (UNMET, ["rules.test-missing"])


def test_a_retest_point_counts_from_its_own_departure(book: RuleBook) -> None:
    question = case("2023-01-10", trip={"origin_country": "CN", "from": "PVG", "transit": ["ICN"]}, evidence=[])
    written = {"tested": {"kinds": ["naat"], "days": 2, "leaving": ["ICN"]}}
    assert judge(book, written, question)[0] == UNMET


@pytest.mark.parametrize(
    ("day", "letter", "answer", "code"),
    [
        ("2021-11-12", True, MET, None),
        ("2021-11-11", True, UNMET, "rules.recovery-window"),
        ("2022-02-05", True, UNMET, "rules.recovery-window"),
        ("2021-12-12", False, UNMET, "rules.recovery-letter"),
        ("2021-12-12", None, UNMET, "rules.recovery-letter"),
    ],
)
def test_recovered(book: RuleBook, day: str, letter: bool | None, answer: int, code: str | None) -> None:
    shown = {
        "type": "recovery",
        "positive_test_kind": "naat",
        "positive_specimen_collected": day,
        "clearance_letter": letter,
    }
    written = {"recovered": {"min_days": 11, "max_days": 90, "letter": True}}
    got, codes = judge(book, written, case(evidence=[shown]))
    assert (got, codes[:1]) == (answer, [code] if code else [])


@pytest.mark.parametrize(
    ("until", "answer"), [("2022-01-26", MET), ("2022-01-27", OPEN), ("2022-01-28", UNMET), ("2022-02-10", UNMET)]
)
def test_absent(book: RuleBook, until: str, answer: int) -> None:
    stays = [{"place": "ZA", "from": "2021-01-01", "to": until}]
    got, _ = judge(book, {"absent": {"places": ["ZA"], "days": 14}}, case(traveller={"presence_14d": stays}))
    assert got == answer


def test_a_list_of_places_has_versions(book: RuleBook) -> None:
    written = {"absent": {"places": ["red"], "days": 10}}

    def from_portugal(travel: str, known: str) -> int:
        return judge(book, written, case(travel, known=known, trip={"origin_country": "PT", "from": "LIS"}))[0]

    assert from_portugal("2021-03-18", "2021-03-18") == UNMET
    assert from_portugal("2021-03-19", "2021-03-18") == MET
    assert from_portugal("2021-03-19", "2021-03-10") == UNMET  # as known then, Portugal was still to be on it
    assert from_portugal("2021-02-14", "2021-02-14") == MET


@pytest.mark.parametrize(
    ("written", "traveller", "answer"),
    [
        ({"status": {"in": ["lpr"]}}, {"us_status": "lpr"}, MET),
        ({"status": {"in": ["lpr"]}}, {"us_status": "nonimmigrant"}, UNMET),
        ({"status": {"in": ["lpr"]}}, {"us_status": "never-heard-of"}, OPEN),
        ({"status": {"in": ["lpr"]}}, {"us_status": None}, OPEN),
        ({"citizen": {"of": ["AU", "NZ"]}}, {}, MET),
        ({"citizen": {"of": ["NZ"]}}, {}, UNMET),
        ({"citizen": {"of": ["NZ"]}}, {"citizenship": None}, OPEN),
        ({"citizen": {"of": ["schengen"]}}, {"citizenship": ["BR", "NO"]}, MET),
        ({"age": {"max": 17}}, {"age": 17}, MET),
        ({"age": {"max": 17}}, {"age": 18}, UNMET),
        ({"age": {"max": 17}}, {"age": None}, OPEN),
        ({"age": {"max": 17}}, {"age": None, "date_of_birth": "2004-02-11"}, MET),
        ({"age": {"max": 17}}, {"age": None, "date_of_birth": "2004-02-10"}, UNMET),
        ({"age": {"max": 17}}, {"age": None, "date_of_birth": "2004-02"}, OPEN),
        ({"purpose": {"in": ["work"], "refused": ["tourism"]}}, {"purpose": "work"}, MET),
        ({"purpose": {"in": ["work"], "refused": ["tourism"]}}, {}, UNMET),
        ({"purpose": {"in": ["work"], "refused": ["tourism"]}}, {"purpose": "funeral"}, OPEN),
        ({"visa": {"in": ["F-1"]}}, {"visa": "F1"}, MET),
        ({"visa": {"other_than": ["B-1", "B-2"]}}, {"visa": "B1/B2"}, UNMET),
        ({"visa": {"other_than": ["B-1", "B-2"]}}, {"visa": "H-2A"}, MET),
        ({"visa": {"in": ["F-1"]}}, {}, OPEN),
        ({"residence": {"in": ["US"]}}, {"residence": "US"}, MET),
        ({"residence": {"in": ["US"]}}, {}, OPEN),
        ({"fact": {"name": "stay_days", "min": 15}}, {"stay_days": 15}, MET),
        ({"fact": {"name": "stay_days", "min": 15}}, {"stay_days": 14}, UNMET),
        ({"fact": {"name": "stay_days", "min": 15}}, {"stay_days": "long"}, OPEN),
        ({"fact": {"name": "unaccompanied", "is": True}}, {"unaccompanied": True}, MET),
        ({"fact": {"name": "occupation", "contains": ["truck"]}}, {"occupation": "Truck driver"}, MET),
        ({"days_before": {"fact": "programme_start", "max": 30}}, {"programme_start": "2022-03-12"}, MET),
        ({"days_before": {"fact": "programme_start", "max": 30}}, {"programme_start": "2022-03-13"}, UNMET),
        ({"accompanied": {}}, {}, OPEN),
        ({"accompanied": {}}, {"accompanied_by": None}, UNMET),
        ({"accompanied": {"vaccinated": {"vaccinated": {"products": "list"}}}},
         {"accompanied_by": "fully vaccinated parent"}, MET),
        ({"accompanied": {"vaccinated": {"vaccinated": {"products": "list"}}}},
         {"accompanied_by": "unvaccinated parent"}, UNMET),
        ({"accompanied": {"vaccinated": {"vaccinated": {"products": "list"}}}}, {"accompanied_by": "parent"}, OPEN),
    ],
)  # fmt: skip
def test_persons(book: RuleBook, written: Any, traveller: dict[str, Any], answer: int) -> None:
    assert judge(book, written, case("2022-02-10", traveller=traveller))[0] == answer


@pytest.mark.parametrize(
    ("shown", "answer"),
    [
        ([], UNMET),
        ([{"type": "arrivecan", "submitted": True}], MET),
        ([{"type": "arrivecan", "submitted": False}], UNMET),
        ([{"type": "arrivecan", "submitted": True, "submitted_at": "2022-02-08T10:00:00Z"}], MET),
        ([{"type": "arrivecan", "submitted": True, "submitted_at": "2022-02-01T10:00:00Z"}], UNMET),
        ([{"type": "arrivecan", "submitted": True, "submitted_at": "soon"}], OPEN),
    ],
)
def test_shown(book: RuleBook, shown: list[dict[str, Any]], answer: int) -> None:
    written = {"shown": {"what": ["arrivecan"], "where": {"submitted": True}, "within_hours": 72}}
    assert judge(book, written, case(evidence=shown))[0] == answer


@pytest.mark.parametrize(("kind", "answer"), [("waiver", OPEN), ("religious", UNMET), ("signed by my aunt", OPEN)])
def test_a_letter_is_judged_by_a_person(book: RuleBook, kind: str, answer: int) -> None:
    question = case(evidence=[{"type": "exception_letter", "kind": kind}])
    assert judge(book, {"letter": {"kinds": ["waiver"]}}, question)[0] == answer


def test_combinations(book: RuleBook) -> None:
    question, yes, no, maybe = case(), {"age": {"max": 99}}, {"age": {"max": 9}}, {"decided": {}}
    assert judge(book, {"all": [yes, maybe]}, question)[0] == OPEN
    assert judge(book, {"all": [yes, maybe, no]}, question)[0] == UNMET
    assert judge(book, {"any": [no, maybe]}, question)[0] == OPEN
    assert judge(book, {"any": [no, maybe, yes]}, question)[0] == MET
    assert judge(book, {"not": no}, question)[0] == MET
    assert judge(book, {"all": []}, question)[0] == OPEN
    assert judge(book, {"any": []}, question)[0] == OPEN
    assert judge(book, "grown", question, {"grown": yes})[0] == MET
    assert judge(book, {"external": {"hook": "nobody"}}, question)[0] == OPEN


def test_what_cannot_be_compiled() -> None:
    shop = Shop("US", {}, {}, frozenset(), {"a": "b", "b": "a"}, build)
    with pytest.raises(Dangling, match="circle"):
        build("a", shop)
    for written, kind in (("nothing", "requirement"), ({"vaccinated": {"products": "no"}}, "products")):
        with pytest.raises(Dangling, match=kind):
            build(written, shop)
    deep: Any = {"age": {}}
    for _ in range(100):
        deep = {"not": deep}
    for wrong in ({}, {"age": {}, "visa": {}}, {"unheard": {}}, {"age": {"maximum": 3}}, {"all": {}}, deep, 7,
                  {"tested": {"kinds": ["naat"]}}, {"tested": {"kinds": ["naat"], "days": 1, "hours": 1}}):  # fmt: skip
        with pytest.raises(Malformed):
            build(wrong, shop)


def test_kit_asks_what_it_says() -> None:
    assert asked()["traveller"]["age"] == 40
