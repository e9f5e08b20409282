"""What attacks on the desk share: two passengers, their papers, and certificates with any content."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from fixtures.flights import Passenger, flight
from tests.conftest import MakeHcert
from verifier.checkin import CheckIn
from verifier.decision import Decision
from verifier.model import Journey, Leg, Scan
from verifier.questions import question_from_json

FLIGHT = flight("us-air-2021-12-20")
ANNA, ASA = FLIGHT.passenger("anna"), FLIGHT.passenger("asa")


def ask(desk: CheckIn, scans: Sequence[str | bytes], passenger: Passenger = ANNA, **changes: Any) -> Decision:
    asked = {
        "traveller": passenger.traveller, "journey": passenger.journey, "shown": list(passenger.shown),
        "at": passenger.flight.clock,
    }  # fmt: skip
    question = {**question_from_json(asked), "scans": [Scan.text(text) for text in scans], **changes}
    return desk.check(**question)


def papers(passenger: Passenger = ANNA) -> list[str | bytes]:
    return [text for document in passenger.documents() for text in document.texts]


def zone(passenger: Passenger = ANNA) -> str:
    return "\r\n".join(passenger.mrz)


def numbered_file(text: str) -> str:
    """The card of a QR text as the file that a phone saves."""
    digits = text.removeprefix("shc:/")
    card = "".join(chr(int(digits[at : at + 2]) + 45) for at in range(0, len(digits), 2))
    return json.dumps({"verifiableCredential": [card]})


def codes(decision: Decision) -> set[str]:
    return {finding.code.value for finding in decision.findings}


def payload(**entry: Any) -> dict[str, Any]:
    """Anna's certificate with one entry: `v`, `t` or `r`."""
    name = {"fn": "Schneider", "fnt": "SCHNEIDER", "gn": "Anna Katharina", "gnt": "ANNA<KATHARINA"}
    return {"ver": "1.3.0", "nam": name, "dob": "1984-03-12", **entry}


def vaccination(day: str, **changes: Any) -> dict[str, Any]:
    entry = {
        "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2,
        "dt": day, "co": "DE", "is": "RKI", "ci": "URN:UVCI:01:DE:QA2#B", **changes,
    }  # fmt: skip
    return payload(v=[entry])


def negative_test(sampled: str, **changes: Any) -> dict[str, Any]:
    entry = {
        "tg": "840539006", "tt": "LP6464-4", "sc": sampled, "tr": "260415000", "tc": "Lab", "co": "DE", "is": "RKI",
        "ci": "X", **changes,
    }  # fmt: skip
    return payload(t=[entry])


def signed(
    make_hcert: MakeHcert, content: dict[str, Any], issued: datetime = datetime(2021, 12, 19, 12, tzinfo=UTC)
) -> str:
    return make_hcert(content, issued=issued)


def journey_at(what: str, end: datetime) -> Journey:
    stated: dict[str, Any] = {what: end.date() if what == "flight_date" else end}
    return Journey((Leg("FRA", "JFK", **stated),))
