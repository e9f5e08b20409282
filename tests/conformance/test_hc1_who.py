"""HC1 with WHO and other payloads: the answer of every case, and what the valid ones hold."""

from __future__ import annotations

from corpora import Tally, corpus, rows, run
from kinds_b import Case, answer, documents


def test_hc1_who() -> None:
    folder = corpus("hc1-who")

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
        wanted = case.get("expect_fields", {})
        record = found[0].record
        if got == "valid" and "name" in wanted:
            tally.judge(f"{case['id']} name", wanted["name"], record.holder.full_name if record else None)
        if got == "valid" and "claims" in wanted:
            held = sorted(record.payload) if record else None
            tally.judge(f"{case['id']} claims", sorted(wanted["claims"]), held)

    run("hc1-who", rows(folder / "cases.jsonl"), judge)
