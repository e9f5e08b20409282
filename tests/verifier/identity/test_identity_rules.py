"""The tables of the engine row by row: likeness of words, dates, grades with dates, both names together."""

from __future__ import annotations

import pytest

from verifier.identity import lexicon
from verifier.identity.align import Relation
from verifier.identity.codes import DateRelation as R
from verifier.identity.codes import Grade, IdentityCode, Label
from verifier.identity.codes import IdentityCode as C
from verifier.identity.dates import read_birth_date, relate_dates
from verifier.identity.divided import combine
from verifier.identity.lexicon import LexiconCode, is_title_run
from verifier.identity.likeness import Likeness, distance, likeness
from verifier.identity.match import LABELS
from verifier.model import PartialDate
from verifier.wording import LANGUAGES, catalogue


@pytest.mark.parametrize(
    ("p", "q", "expected"),
    [
        ("EVA", "EVA", Likeness.SAME),
        ("E", "EVA", Likeness.INITIAL),
        ("ROBERT", "BOB", Likeness.SHORT_FORM),
        ("GEORGIOS", "GEORGE", Likeness.SHORT_FORM),
        ("MD", "MOHAMMED", Likeness.ABBREVIATION),
        ("PEDRO", "PETER", Likeness.OTHER_LANGUAGE),
        ("ALEKSEI", "ALEXEY", Likeness.ROMANISATION),
        ("SHCHERBAKOV", "SCHERBAKOV", Likeness.ROMANISATION),
        ("MINSU", "MINSOO", Likeness.ROMANISATION),
        ("MUELLER", "MULLER", Likeness.ROMANISATION),
        ("HSIAOMING", "XIAOMING", Likeness.ROMANISATION),
        ("LINDGREN", "LINDGRAN", Likeness.SLIP),
        ("MARTA", "MARITA", Likeness.SLIP),
        ("LENA", "LEA", Likeness.WEAK_SLIP),
        ("ANNMARIE", "ANNAMARIA", Likeness.WEAK_SLIP),
        ("JON", "JONATHAN", Likeness.SHORT_FORM),
        ("ROSAL", "ROSALINDA", Likeness.SHORTENED),
        ("WEI", "WENWEI", Likeness.TAIL),
        ("LEON", "NOEL", Likeness.DIFFERENT),
        ("PIOTR", "PAWEL", Likeness.DIFFERENT),
        ("AHMED", "MOHAMED", Likeness.DIFFERENT),
        ("HASSAN", "HUSSEIN", Likeness.DIFFERENT),
        ("THOMAS", "TOBIAS", Likeness.DIFFERENT),
        ("MARTA", "MARTIN", Likeness.DIFFERENT),
    ],
)
def test_likeness_of_words(p: str, q: str, expected: Likeness) -> None:
    assert likeness((p,), (q,)) is expected
    assert likeness((q,), (p,)) is expected


@pytest.mark.parametrize(
    ("p", "q", "slips"),
    [
        ("ABC", "ABC", 0),
        ("ABC", "ABD", 1),
        ("ABC", "AC", 1),
        ("ABC", "ACB", 1),
        ("ABCD", "BADC", 2),
        ("AB", "ABCD", 2),
        ("A", "ABCDE", 3),
        ("ABCDEFGHIJ", "KLMNOPQRST", 3),
    ],
)
def test_distance(p: str, q: str, slips: int) -> None:
    assert distance(p, q) == distance(q, p) == slips


def test_title_runs() -> None:
    assert is_title_run("MR", cut=False)
    assert is_title_run("PROFDR", cut=False)
    assert is_title_run("MI", cut=True)
    assert not is_title_run("MI", cut=False)
    assert not is_title_run("", cut=True)
    assert not is_title_run("MARIA", cut=True)


def test_known_names_table_is_large_and_sourced() -> None:
    table = list(lexicon.rows("known_names.csv"))
    readme = lexicon.table("README.md")
    assert len(table) >= 200
    for row in table:
        assert row["name"].isascii()
        assert row["name"].isupper()
        assert row["variants"]
        assert row["kind"] in {"short", "romanisation", "abbreviation", "language"}
        source = "short-xx" if row["source"].startswith("short-") else row["source"]
        assert f"`{source}`" in readme


def test_every_transliteration_names_its_source() -> None:
    readme = lexicon.table("README.md")
    assert all(f"`{row['source']}`" in readme for row in lexicon.rows("transliteration.csv"))


D = PartialDate


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (D(1974, 8, 12), D(1974, 8, 12), (R.EQUAL, C.DATE_EQUAL)),
        (D(1974), D(1974), (R.EQUAL, C.DATE_EQUAL)),
        (D(), D(1974, 8, 12), (R.ABSENT, C.DATE_ABSENT)),
        (D(1974), D(1974, 8, 12), (R.PARTIAL, C.DATE_PARTIAL)),
        (D(1974, 8), D(1974, 8, 12), (R.PARTIAL, C.DATE_PARTIAL)),
        (D(1975), D(1974, 8, 12), (R.DIFFERENT, C.DATE_DIFFERS)),
        (D(1974, 9), D(1974, 8, 12), (R.DIFFERENT, C.DATE_DIFFERS)),
        (D(1974, 12, 8), D(1974, 8, 12), (R.SLIP, C.DATE_SWAPPED)),
        (D(1974, 8, 13), D(1974, 8, 12), (R.SLIP, C.DATE_SLIP)),
        (D(1974, 8, 21), D(1974, 8, 12), (R.SLIP, C.DATE_SLIP)),
        (D(1947, 8, 12), D(1974, 8, 12), (R.SLIP, C.DATE_SLIP)),
        (D(2074, 8, 12), D(1974, 8, 12), (R.SLIP, C.DATE_CENTURY)),
        (D(1974, 1, 1), D(1974, 8, 12), (R.SLIP, C.DATE_PLACEHOLDER)),
        (D(1975, 8, 12), D(1974, 8, 12), (R.YEAR_DIGIT, C.DATE_YEAR)),
        (D(1988, 8, 12), D(1960, 8, 12), (R.DIFFERENT, C.DATE_DIFFERS)),
        (D(1974, 3, 1), D(1974, 8, 12), (R.DIFFERENT, C.DATE_DIFFERS)),
        (D(1975, 8, 13), D(1974, 8, 12), (R.DIFFERENT, C.DATE_DIFFERS)),
    ],
)
def test_dates(a: PartialDate, b: PartialDate, expected: tuple[R, C]) -> None:
    assert relate_dates(a, b) == expected
    assert relate_dates(b, a) == expected


def test_a_day_apart_with_a_time_of_day_may_be_a_time_zone() -> None:
    assert relate_dates(D(1993, 12, 31), D(1994, 1, 1), shifted=True) == (R.SLIP, C.DATE_ZONE)
    assert relate_dates(D(1993, 12, 31), D(1994, 1, 1))[0] is R.DIFFERENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, (D(), False, ())),
        ("  ", (D(), False, ())),
        ("1974", (D(1974), False, ())),
        ("1974-08-XX", (D(1974, 8), False, ())),
        ("1974-XX-XX", (D(1974), False, ())),
        ("1974-08-12T00:00:00", (D(1974, 8, 12), True, ())),
        ("1974-02-30", (D(), False, (C.DATE_UNREADABLE,))),
        ("gestern", (D(), False, (C.DATE_UNREADABLE,))),
        ("9" * 5000, (D(), False, (C.DATE_UNREADABLE,))),
    ],
)
def test_birth_dates_as_written(text: str | None, expected: tuple[PartialDate, bool, tuple[C, ...]]) -> None:
    assert read_birth_date(text) == expected


def test_labels_worsen_with_the_names_and_with_the_date() -> None:
    order = [Label.MISMATCH, Label.REFER, Label.MATCH]
    columns = {
        R.EQUAL: "mismatch refer refer match match",
        R.ABSENT: "mismatch mismatch refer refer match",
        R.PARTIAL: "mismatch refer refer refer refer",
        R.SLIP: "mismatch mismatch mismatch refer refer",
        R.YEAR_DIGIT: "mismatch mismatch mismatch mismatch refer",
        R.DIFFERENT: "mismatch mismatch mismatch mismatch mismatch",
    }
    for date, labels in columns.items():
        assert [LABELS[grade][date].value for grade in Grade] == labels.split()
        ranks = [order.index(LABELS[grade][date]) for grade in Grade]
        assert ranks == sorted(ranks)


def _relation(grade: Grade, **kind: bool) -> Relation:
    return Relation(grade, ((C.SPELLING, 0),), **kind)


@pytest.mark.parametrize(
    ("surname", "given", "grade"),
    [
        (_relation(Grade.MATCH), _relation(Grade.MATCH), Grade.MATCH),
        (_relation(Grade.MATCH_DATED), _relation(Grade.MATCH), Grade.MATCH_DATED),
        (_relation(Grade.MATCH), _relation(Grade.MISMATCH), Grade.MISMATCH),
        (_relation(Grade.REFER, slip=True), _relation(Grade.MATCH), Grade.REFER),
        (_relation(Grade.REFER, slip=True), _relation(Grade.REFER, slip=True), Grade.REFER_DATED),
        (_relation(Grade.REFER), _relation(Grade.REFER, slip=True), Grade.REFER),
        (_relation(Grade.REFER_DATED, other=True), _relation(Grade.MATCH), Grade.REFER_DATED),
        (_relation(Grade.REFER_DATED, other=True), _relation(Grade.REFER), Grade.MISMATCH),
    ],
)
def test_surname_and_given_names_together(surname: Relation, given: Relation, grade: Grade) -> None:
    assert combine(surname, given).grade is grade


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(language: str) -> None:
    messages = catalogue("identity", language)
    codes = {code.value for code in (*IdentityCode, *LexiconCode)}
    assert codes == {key.removesuffix("!") for key in messages}
    assert set(messages) == set(catalogue("identity", "en"))
    assert set(catalogue("names", language)) == set(catalogue("names", "en"))
