"""The agent's page, its fragments, and the first look at a scan."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from fixtures.flights import flight
from fixtures.render.codes import png, side_by_side

ANNA = flight("us-air-2021-12-20").passenger("anna")


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_the_page_comes_in_each_language(client: FlaskClient, language: str, direction: str) -> None:
    page = client.get(f"/?lang={language}").text
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert "<title>Cleargate</title>" in page
    assert page.count("aria-current") == 1


def test_the_browsers_language_is_taken_and_an_unknown_one_is_not(client: FlaskClient) -> None:
    assert '<html lang="es"' in client.get("/", headers={"Accept-Language": "fr, es;q=0.5"}).text
    assert '<html lang="en"' in client.get("/?lang=../../etc").text


@pytest.mark.parametrize("language", ["en", "es", "ar"])
@pytest.mark.parametrize(("name", "verdict"), [("anna", "cleared"), ("tom", "refer"), ("carlos", "denied")])
def test_a_result_is_a_part_of_the_page(client: FlaskClient, ask: Any, name: str, verdict: str, language: str) -> None:
    answer = client.post("/desk/checks", json=ask(name, lang=language))
    assert answer.mimetype == "text/html"
    assert f'data-verdict="{verdict}"' in answer.text
    assert f'lang="{language}"' in answer.text
    assert f'data-resets="{1 if verdict == "cleared" else 0}"' in answer.text
    assert ("data-earliest" in answer.text) is (verdict != "cleared")


def test_the_earliest_moment_on_demand(client: FlaskClient, ask: Any) -> None:
    answer = client.post("/desk/earliest", json=ask("carlos"))
    assert answer.status_code == 200
    assert "Cleared at the earliest" in answer.text


def test_words_of_a_document_are_escaped(client: FlaskClient, ask: Any) -> None:
    question = ask("anna")
    question["journey"]["legs"][0] |= {"origin": "<b>x</b>", "departs": "2021-12-20"}
    assert "<b>x" not in client.post("/desk/checks", json=question).text


# --- the first look ---------------------------------------------------------------------------------------------------


def look(client: FlaskClient, data: bytes, kind: str = "image/png", query: str = "") -> Any:
    answer = client.post(f"/desk/scans{query}", data=data, content_type=kind)
    assert answer.status_code == 200
    return answer.json


def test_a_picture_becomes_the_bytes_of_its_code(client: FlaskClient) -> None:
    document = ANNA.documents()[0]
    (code,) = look(client, document.png)["codes"]
    assert base64.b64decode(code["bytes_b64"]) == document.texts[0]
    assert (code["kind"], code["known"]) == ("hcert", True)


def test_several_codes_in_one_picture(client: FlaskClient) -> None:
    images = [image for document in ANNA.documents() for image in document.images()]
    assert len(look(client, png(side_by_side(images)))["codes"]) == 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (ANNA.boarding_pass, "boarding-pass"),
        ("\r".join(ANNA.mrz), "passport"),
        (ANNA.documents()[0].text, "hcert"),
        ("]Q3" + ANNA.documents()[0].text + "\r", "hcert"),
    ],
)
def test_texts_are_told_apart(client: FlaskClient, text: str, kind: str) -> None:
    answer = look(client, text.encode(), "text/plain; charset=utf-8")
    assert [code["kind"] for code in answer["codes"]] == [kind]
    assert answer["problem"] is None


def test_a_text_that_is_no_certificate_is_kept_and_explained(client: FlaskClient) -> None:
    answer = look(client, b"hc1\xc3\x96" + b"A" * 40, "text/plain", "?lang=es")
    assert [code["known"] for code in answer["codes"]] == [False]
    assert answer["problem"]["said"]
    assert answer["problem"] != look(client, b"hc1\xc3\x96" + b"A" * 40, "text/plain", "?lang=en")["problem"]


def test_a_frame_without_a_code_says_nothing(client: FlaskClient) -> None:
    out = io.BytesIO()
    Image.new("L", (720, 720), 128).save(out, "JPEG")
    assert look(client, out.getvalue(), "image/jpeg", "?frame=1") == {"codes": [], "problem": None}
    problem = look(client, out.getvalue(), "image/jpeg")["problem"]
    assert problem["said"]
    assert problem["todo"]


@pytest.mark.parametrize("data", [b"", b"\x89PNG", b"\xff\xd8\xff\xe0broken", b"%PDF-1.7 nothing", b"RIFFxxxxWEBP"])
def test_broken_files_are_explained(client: FlaskClient, data: bytes) -> None:
    answer = look(client, data, "application/octet-stream")
    assert answer["problem"]["said"]
    assert not any(code["known"] for code in answer["codes"])


# --- the lab ----------------------------------------------------------------------------------------------------------


def test_samples_are_in_the_form_of_the_api(client: FlaskClient) -> None:
    sample = client.get("/lab/flights/us-air-2021-12-20/passengers/anna.json").json
    pictures = [
        base64.b64encode(client.get(path).data).decode() for paper in sample["documents"] for path in paper["pictures"]
    ]
    question = {key: sample[key] for key in ("traveller", "journey", "shown", "at", "known")}
    answer = client.post("/api/v1/checks", json=question | {"images_b64": pictures})
    assert answer.json["verdict"] == sample["verdict"] == "cleared"
    assert sample["journey"]["legs"][0]["departs"] == "2021-12-20T17:00"
    assert sample["journey"]["legs"][0]["arrives"] == "2021-12-20T20:05"


def test_the_lab_lists_flights_with_the_hour_of_their_check(client: FlaskClient) -> None:
    flights = client.get("/lab/flights.json?lang=ar").json["flights"]
    assert flights[0]["clock"] == "2021-12-20T12:00:00+00:00"
    assert "ديسمبر" in flights[0]["clock_said"]
    assert {person["verdict"] for person in flights[0]["passengers"]} == {"cleared", "refer", "denied"}


def test_papers_can_be_held_into_a_camera(client: FlaskClient) -> None:
    page = client.get("/lab/flights/us-air-2021-12-20/passengers/anna/?lang=es")
    assert page.status_code == 200
    assert page.text.count("<figure") == 3
    assert ANNA.mrz[1].partition("<")[0] in page.text
    picture = client.get("/lab/flights/us-air-2021-12-20/passengers/anna/boarding-pass.png").data
    assert [code["kind"] for code in look(client, picture)["codes"]] == ["boarding-pass"]


def test_every_format_of_the_factory_has_a_name(client: FlaskClient) -> None:
    for name in ("anna", "somchai", "aarav", "liam", "kiri"):
        page = client.get(f"/lab/flights/us-air-2021-12-20/passengers/{name}/").text
        assert ">format." not in page
        assert "· format." not in page


@pytest.mark.parametrize(
    "path",
    [
        "/lab/flights/nowhere/passengers/anna/",
        "/lab/flights/us-land-2022-01-21/passengers/liam/boarding-pass.png",
        "/lab/flights/nowhere/passengers/anna.json",
        "/lab/flights/us-air-2021-12-20/passengers/nobody.json",
        "/lab/flights/us-air-2021-12-20/passengers/anna/9-0.png",
        "/lab/flights/us-air-2021-12-20/passengers/anna/0-9.png",
        "/lab/flights/us-air-2021-12-20/passengers/nobody/0-0.png",
    ],
)
def test_unknown_samples(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json["code"] == "kiosk.no-such-sample"
    assert "nobody" not in answer.text
