"""Text to Decision: the whole check of one passenger with one certificate, against a bare P-256 verification.

Beside it the same with certificate and test, which costs two verifications by itself.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.baseline import fastest_seconds, p256_verification
from verifier.checkin import CheckIn
from verifier.model import Scan
from verifier.questions import question_from_json
from verifier.rules.rulebook import RuleBook
from verifier.trust.anchors import load_store

TARGETS = {"text to decision / P-256": 3.5}


def measure() -> dict[str, float]:
    """Ratios to one bare P-256 verification in the same run."""
    from fixtures.authorities import write_trust
    from fixtures.flights import flight

    with tempfile.TemporaryDirectory() as folder:
        write_trust(folder)
        checkin = CheckIn(trust=load_store(Path(folder)), rules=RuleBook.load())
    sample = flight("us-air-2021-12-20")
    passenger = sample.passenger("anna")
    question = question_from_json(
        {"traveller": passenger.traveller, "journey": passenger.journey, "shown": passenger.shown, "at": sample.clock}
    )
    texts = [Scan.text(document.text) for document in passenger.documents()]
    one, both = {**question, "scans": texts[:1]}, {**question, "scans": texts}
    assert checkin.check(**both).verdict.value == "cleared"
    bare, single, double = fastest_seconds(
        p256_verification(), lambda: checkin.check(**one), lambda: checkin.check(**both)
    )
    return {
        "text to decision / P-256": single / bare,
        "two texts to decision / P-256": double / bare,
        "text to decision (us)": single * 1e6,
    }
