"""Cleargate, the library: may this person board this flight, and if not, what is missing?

    from datetime import UTC, datetime
    from pathlib import Path
    from verifier import CheckIn, Journey, Leg, RuleBook, Scan, Traveller, TrustStore

    checkin = CheckIn(trust=TrustStore.load(Path("certs/qa")), rules=RuleBook.load())
    decision = checkin.check(
        scans=[Scan.image(picture)], traveller=Traveller(surname="Schneider", given_names="Anna"),
        journey=Journey((Leg("FRA", "JFK", departs=departs),)), shown=["attestation", "contact_info"], at=now)
    print(decision.verdict, decision.explain("en"))

The names below are public and stable. They are imported when first used, so that `import verifier` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verifier.checkin import CheckIn
    from verifier.decision import Decision, Verdict
    from verifier.errors import CleargateError
    from verifier.findings import Finding, Outcome
    from verifier.health.record import HealthRecord
    from verifier.model import Journey, Leg, PartialDate, Scan, Stay, TravelDocument, Traveller
    from verifier.reading import Document, read_scans
    from verifier.rules.rulebook import RuleBook
    from verifier.trust.store import TrustStore

_HOMES = {
    "CheckIn": "checkin",
    "CleargateError": "errors",
    "Decision": "decision",
    "Document": "reading",
    "Finding": "findings",
    "HealthRecord": "health.record",
    "Journey": "model",
    "Leg": "model",
    "Outcome": "findings",
    "PartialDate": "model",
    "RuleBook": "rules.rulebook",
    "Scan": "model",
    "Stay": "model",
    "TravelDocument": "model",
    "Traveller": "model",
    "TrustStore": "trust.store",
    "Verdict": "decision",
    "read_scans": "reading",
}
__all__ = [
    "CheckIn",
    "CleargateError",
    "Decision",
    "Document",
    "Finding",
    "HealthRecord",
    "Journey",
    "Leg",
    "Outcome",
    "PartialDate",
    "RuleBook",
    "Scan",
    "Stay",
    "TravelDocument",
    "Traveller",
    "TrustStore",
    "Verdict",
    "read_scans",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
