"""The commands `mrz` and `boarding-pass`: filters in the form of the corpora, and one screen for a person."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import segno
from click.testing import CliRunner, Result

from tests.verifier.travel import zones
from tests.verifier.travel.passes import boarding_pass, full, leg
from verifier.cli import main
from verifier.travel.boarding_pass import BcbpCode
from verifier.travel.codes import TravelCode
from verifier.travel.mrz import MrzCode
from verifier.travel.places import PlaceCode
from verifier.wording import LANGUAGES, catalogue

AT = ["--reference", "2021-12-01"]


def run(*args: str, data: str | bytes = b"") -> Result:
    return CliRunner().invoke(main, args, input=data)


def answers(command: str, *questions: object) -> list[dict[str, Any]]:
    lines = "\n".join(question if isinstance(question, str) else json.dumps(question) for question in questions)
    result = run(command, "--jsonl", "-", *AT, data=lines)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_zone_filter() -> None:
    (answer,) = answers("mrz", {"id": "a", "type": "TD3", "lines": zones.td3(), "reference_date": "2021-12-01"})
    assert answer == {
        "id": "a",
        "type": "TD3",
        "valid": True,
        "fields": {
            "document_code": "P",
            "issuing_state": "DEU",
            "document_number": "C01X00T47",
            "nationality": "DEU",
            "birth_date_raw": "640812",
            "birth_date": "1964-08-12",
            "sex": "F",
            "expiry_date_raw": "270228",
            "expiry_date": "2027-02-28",
            "surname": "SPECIMEN",
            "given_names": "ALEX ROBIN",
            "optional_data": "",
            "name_may_be_truncated": False,
        },
        "checks": dict.fromkeys(("document_number", "birth_date", "expiry_date", "optional_data", "composite"), True),
        "reasons": [],
        "findings": [],
    }


def test_lines_are_judged_strictly_and_still_read() -> None:
    (answer,) = answers("mrz", {"id": 1, "lines": ["".join(zones.td3())]})
    assert (answer["valid"], answer["fields"], answer["reasons"]) == (False, None, ["length"])
    assert answer["read"]["valid"]
    assert answer["read"]["fields"]["surname"] == "SPECIMEN"


def test_text_is_framed_first() -> None:
    one, two, other = answers(
        "mrz",
        {"text": "\x02" + "\r".join(zones.td1()) + "\x03"},
        {"text": "".join(zones.td3()).replace("A", "А")},
        {"text": "hello"},
    )
    assert (one["type"], one["valid"]) == ("TD1", True)
    assert "optional_data_2" in one["fields"]
    assert (two["valid"], two["reasons"]) == (False, ["characters"])
    assert "mrz.lookalike-letters" in {finding["code"] for finding in two["findings"]}
    assert (other["valid"], other["type"], other["reasons"]) == (False, None, ["length"])
    assert [finding["code"] for finding in other["findings"]] == ["mrz.wrong-length"]


def test_repairs_do_not_make_a_zone_valid_as_scanned() -> None:
    first, second = zones.td3()
    (answer,) = answers("mrz", {"lines": [first, second.replace("640812", "64O8I2")]})
    assert not answer["valid"]
    assert answer["fields"]["birth_date"] is None
    assert (answer["read"]["valid"], answer["read"]["fields"]["birth_date"]) == (True, "1964-08-12")


@pytest.mark.parametrize("command", ["mrz", "boarding-pass"])
@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({}, "input.missing-field"),
        ({"text": 5}, "input.bad-value"),
        ({"text": "", "reference_date": "2021-02-30"}, "input.bad-value"),
        ({"text": "", "reference_date": 5}, "input.bad-value"),
        ("[]", "input.not-an-object"),
        ("{", "input.not-json"),
        ("\x00", "input.not-json"),
        ("[" * 100_000, "input.not-json"),
    ],
)
def test_bad_questions_are_coded_and_the_run_goes_on(command: str, question: object, code: str) -> None:
    bad, good = answers(command, question, {"id": 2, "text": ""})
    assert bad["error"]["code"] == code
    assert good["id"] == 2
    assert isinstance(good["findings"], list)


@pytest.mark.parametrize(
    "question", [{"lines": "x"}, {"lines": [1]}, {"lines": ["x"] * 1000}, {"lines": [], "type": "TD9"}]
)
def test_bad_lines(question: dict[str, object]) -> None:
    (answer,) = answers("mrz", question)
    assert answer["error"]["code"] == "input.bad-value"


def test_half_a_surrogate_pair_is_answered() -> None:
    bad, good = answers("boarding-pass", '{"id": "\\ud800", "text": "\\ud800"}', {"id": 2, "text": full()})
    assert (bad["accept"], bad["error"]) == (False, "too_short")
    assert good["accept"]


def test_boarding_pass_filter() -> None:
    accepted, rejected, nothing = answers(
        "boarding-pass", {"id": 1, "text": full()}, {"id": 2, "text": "]L0" + full()}, {"id": 3, "text": "X" * 60}
    )
    assert (accepted["accept"], accepted["error"], accepted["warnings"]) == (True, None, [])
    assert accepted["expected"] == accepted["value"]
    assert (rejected["accept"], rejected["expected"], rejected["error"]) == (False, None, "format_code")
    assert (rejected["value"], rejected["warnings"]) == (accepted["value"], ["bcbp.aim-prefix"])
    assert (nothing["value"], nothing["error"]) == (None, "format_code")
    assert nothing["findings"][0]["code"] == "bcbp.format-code"


@pytest.mark.parametrize("language", LANGUAGES)
def test_zone_on_one_screen(tmp_path: Path, language: str) -> None:
    path = tmp_path / "zone.txt"
    path.write_text("\r\n".join(zones.td3()) + "\r\n")
    result = run("mrz", str(path), *AT, "--lang", language)
    assert result.exit_code == 0
    assert "SPECIMEN / ALEX ROBIN" in result.stdout
    assert catalogue("travel", language)["travel.valid"] in result.stdout
    assert len(result.stdout.splitlines()) < 24


def test_a_zone_that_cannot_be_relied_on_exits_ten() -> None:
    first, second = zones.td3()
    result = run("mrz", "-", *AT, data=first + "\n" + second[:9] + "0" + second[10:])
    assert result.exit_code == 10
    assert "mrz.number-check-digit" in result.stdout
    assert run("mrz", "-", *AT, data="hello").exit_code == 10


def test_boarding_pass_on_one_screen() -> None:
    result = run("boarding-pass", "-", *AT, data=full() + "\n")
    assert result.exit_code == 0
    assert "LX 0014  ZRH-JFK  2021-12-06" in result.stdout
    assert "not checked" in result.stdout
    assert run("boarding-pass", "-", *AT, data=boarding_pass(leg(day="000"))).exit_code == 10


def test_trailing_blanks_of_a_file_are_data() -> None:
    text = boarding_pass(leg(block=">6000" + "0" + "   "))
    assert run("boarding-pass", "-", *AT, data=text + "\n").exit_code == 0
    assert "bcbp.too-short" in run("boarding-pass", "-", *AT, data=text.rstrip()).stdout


def test_picture_of_a_boarding_pass(tmp_path: Path) -> None:
    picture = io.BytesIO()
    segno.make(full(), micro=False).save(picture, kind="png", scale=4)
    path = tmp_path / "pass.png"
    path.write_bytes(picture.getvalue())
    result = run("boarding-pass", str(path), *AT)
    assert result.exit_code == 0
    assert "ZRH-JFK" in result.stdout


@pytest.mark.parametrize("command", ["mrz", "boarding-pass"])
def test_commands_without_input_are_coded(command: str, tmp_path: Path) -> None:
    for args, code in (((), "input.missing-field"), ((str(tmp_path / "none"),), "input.no-file")):
        result = run(command, *args)
        assert result.exit_code == 2
        assert code in result.stderr


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("codes", [MrzCode, BcbpCode, TravelCode, PlaceCode])
def test_every_code_has_words(codes: type[MrzCode], language: str) -> None:
    for code in codes:
        assert catalogue(code.area, language).get(code.value), code
        assert (f"{code.value}!" in catalogue(code.area, "en")) is (f"{code.value}!" in catalogue(code.area, language))
