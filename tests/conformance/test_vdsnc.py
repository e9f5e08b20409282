"""ICAO VDS-NC: the kind of answer of every case, and the fields of the valid ones."""

from __future__ import annotations

from typing import Any

from corpora import Tally, corpus, rows, run
from kinds_b import Case, answer, documents, warnings

from verifier.health.record import HealthRecord
from verifier.health.tables import country_alpha2
from verifier.reading import Document


def _country(code: str | None) -> str | None:
    """The two letters our record holds for a country that the seal writes with three."""
    return None if code is None else country_alpha2(code) or {"UTO": "UT"}.get(code, code)


def fields(record: HealthRecord, kind: str) -> dict[str, Any]:
    """Our record in the shape of `expect_fields`."""
    holder = record.holder
    out: dict[str, Any] = {
        "type": kind,
        "issuer": record.issuer,
        "name": holder.full_name,
        "dob": str(holder.birth_date) or None,
        "sex": holder.sex,
        "document": holder.documents[0].number if holder.documents else None,
        "document_type": holder.documents[0].kind if holder.documents else None,
    }
    if record.vaccinations:
        out["id"] = record.vaccinations[0].certificate_id
        out["doses"] = [
            {
                "des": dose.product.code,
                "name": dose.product.text,
                "date": str(dose.date),
                "seq": dose.dose,
                "country": dose.country,
                "lot": dose.lot,
                "centre": dose.centre,
            }
            for dose in record.vaccinations
        ]
    for test in record.tests:
        out["id"] = test.certificate_id
        out["test"] = {
            "sampled": test.sampled.isoformat() if test.sampled else None,
            "reported": test.reported.isoformat() if test.reported else None,
            "type": test.name,
            "result": test.result.value,
            "provider": test.centre,
            "country": test.country,
        }
    return {name: value for name, value in out.items() if value is not None}


def expected(wanted: dict[str, Any]) -> dict[str, Any]:
    """`expect_fields` in the words of our record: countries of two letters, results in lower case.

    Left out: `disease` of a dose (a word in our record, compared in the unit tests) and `method` of a test.
    """
    out = {**wanted, "issuer": _country(wanted.get("issuer"))}
    if "doses" in wanted:
        out["doses"] = [
            {
                **{name: dose.get(name) for name in ("des", "name", "date", "seq", "lot", "centre")},
                "country": _country(dose.get("country")),
            }
            for dose in wanted["doses"]
        ]
    if "test" in wanted:
        test = {**wanted["test"], "country": _country(wanted["test"].get("country"))}
        test["result"] = str(test.get("result")).lower()
        test.pop("method", None)
        out["test"] = test
    return {name: value for name, value in out.items() if value is not None}


def test_vdsnc() -> None:
    folder = corpus("vdsnc")

    def judge(tally: Tally, case: Case) -> None:
        if case["expected"] == "not_evaluated":
            tally.skip("not evaluated")
            return
        found: tuple[Document, ...] = documents(case, folder)
        got = answer(case, found)
        if got != case["expected"] and got not in case.get("also_accept", ()) and case.get("lenient_ok"):
            tally.skip(f"lenient_ok, ours: {got}")
            return
        tally.judge(case["id"], case["expected"], got, accept=case.get("also_accept", ()))
        if got == "valid":
            missing = set(case.get("warnings", ())) - warnings(found)
            tally.judge(f"{case['id']} warnings", set(), missing)
            record = found[0].record
            if "expect_fields" in case and record is not None:
                wanted = expected(case["expect_fields"])
                tally.judge(f"{case['id']} fields", wanted, fields(record, wanted["type"]))

    run("vdsnc", rows(folder / "cases.jsonl"), judge)
