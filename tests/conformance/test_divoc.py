"""DIVOC: the kind of answer of every case, and the fields of the valid ones.

`expect_fields` holds what stands in the JSON; our record holds what is signed. Where a case warns of
`unsigned_property`, a birth date is expected to be absent.
"""

from __future__ import annotations

from typing import Any

from corpora import Tally, corpus, rows, run
from kinds_b import Case, answer, documents, warnings

from verifier.health.record import HealthRecord
from verifier.model import SignedDates


def fields(record: HealthRecord, dates: SignedDates, kid: str | None) -> dict[str, Any]:
    holder = record.holder
    return {
        "issuer": record.issuer,
        "did": kid,
        "name": holder.full_name,
        "dob": str(holder.birth_date) or None,
        "age": holder.age,
        "gender": holder.sex,
        "passport": holder.documents[0].number if holder.documents else None,
        "doses": [
            {
                "id": dose.certificate_id,
                "vaccine": dose.product.text,
                "manufacturer": dose.maker.text,
                "batch": dose.lot,
                "date": str(dose.date),
                "dose": dose.dose,
                "total": dose.total,
                "icd11": dose.product.code,
                "country": dose.country,
            }
            for dose in record.vaccinations
        ],
    }


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None


def _said(value: object) -> object:
    return None if value in ("", "-") else value


def expected(case: Case) -> dict[str, Any]:
    """`expect_fields` in the words of our record."""
    wanted = case["expect_fields"]
    unsigned = "unsigned_property" in case.get("warnings", ())
    subject = wanted.get("subject_id") or ""
    passport = subject.partition("did:Passport:")[2] or None
    return {
        "issuer": wanted["issuer"],
        "did": wanted["did"],
        "name": wanted["name"],
        "dob": None if unsigned else wanted.get("dob"),
        "age": _number(wanted.get("age")),
        "gender": {"Male": "M", "Female": "F"}.get(wanted.get("gender")),
        "passport": passport,
        "doses": [
            {
                **{
                    name: _said(dose.get(name))
                    for name in ("id", "vaccine", "manufacturer", "batch", "icd11", "country")
                },
                "date": dose["date"][:10],
                "dose": _number(dose.get("dose")),
                "total": _number(dose.get("total")),
            }
            for dose in wanted["doses"]
        ],
    }


def test_divoc() -> None:
    folder = corpus("divoc")

    def judge(tally: Tally, case: Case) -> None:
        if case["expected"] == "not_evaluated":
            tally.skip("not evaluated")
            return
        found = documents(case, folder)
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
                got_fields = fields(record, found[0].dates, found[0].kid)
                tally.judge(f"{case['id']} fields", expected(case), got_fields)

    run("divoc", rows(folder / "cases.jsonl"), judge)
