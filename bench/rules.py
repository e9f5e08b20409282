"""How long the entry rules take, in bare P-256 verifications of the same run, and loading in imports of pydantic.

Run: python bench/rules.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from verifier.rules.case import Case
from verifier.rules.rulebook import RuleBook

# a connection passes two borders
PLACES = ("canada", "england", "germany", "mexico", "connection")
LIMITS = {
    **{f"judge-{place}": 1.0 for place in PLACES},
    "judge-connection": 2.0,
    "judge": 1.0,
    "judge-new-journey": 1.0,
    "earliest-and-alternatives": 10.0,
    "load": 5.0,
}
ROUNDS, BATCH = 200, 10
STARTS = 7

QUESTION: dict[str, object] = {
    "as_known_on": "2021-12-01",
    "travel_date": "2021-12-10",
    "traveller": {"citizenship": "ZA", "age": 35, "purpose": "tourism", "us_status": "nonimmigrant",
                  "presence_14d": [{"place": "ZA", "from": "2021-01-01", "to": "2021-12-10"}]},
    "trip": {"origin_country": "ZA", "destination_country": "US", "from": "JNB", "to": "ATL", "channel": "air"},
    "evidence": [
        {"type": "attestation"},
        {"type": "contact_info"},
        {"type": "vaccination", "format": "eu-dcc", "signature_verified": True, "name_matches": True, "dob_matches": True,  # noqa: E501
         "doses": [{"vaccine": "vaxzevria", "date": "2021-06-01"}, {"vaccine": "comirnaty", "date": "2021-08-10"}]},
        {"type": "test", "kind": "antigen", "specimen_collected": "2021-12-07T10:00", "result": "negative"},
    ],
}  # fmt: skip


VACCINATED = QUESTION["evidence"][2]  # type: ignore[index]


def elsewhere(place: str) -> dict[str, object]:
    """The same traveller, from New York to another destination; or from Delhi over London, on two tickets."""
    departs = "2021-12-10T18:00:00-05:00"
    route: dict[str, object] = {"origin_country": "US", "from": "JFK", "channel": "air", "departs": departs}
    arrivals: dict[str, dict[str, object]] = {
        "canada": {"destination_country": "CA", "to": "YYZ"},
        "england": {"destination_country": "GB-ENG", "to": "LHR", "arrives": "2021-12-11T06:00:00+00:00"},
        "germany": {"destination_country": "DE", "to": "FRA"},
        "mexico": {"destination_country": "MX", "to": "CUN"},
        "connection": {"origin_country": "IN", "from": "DEL", "transit": ["LHR"], "separate_tickets": True,
                       "destination_country": "US", "to": "ATL"},
    }  # fmt: skip
    papers = [
        VACCINATED,
        {"type": "test", "kind": "naat", "specimen_collected": "2021-12-09T10:00", "result": "negative"},
        *({"type": what} for what in ("attestation", "contact_info", "passenger_locator_form", "day2_test_booking")),
        {"type": "arrivecan", "submitted": True},
    ]
    who = {"citizenship": "ZA", "residence": "US", "age": 35, "purpose": "tourism", "us_status": "nonimmigrant"}
    return {**QUESTION, "traveller": who, "trip": {**route, **arrivals[place]}, "evidence": papers}


def measure() -> dict[str, float]:
    """Ratios: medians of interleaved batches, so that a busy machine hits all alike."""
    key = ec.derive_private_key(7, ec.SECP256R1())
    message = bytes(300)
    algorithm = ec.ECDSA(hashes.SHA256())
    signature, public = key.sign(message, algorithm), key.public_key()
    book, case = RuleBook.load(), Case.from_json(QUESTION)

    def new_journey() -> None:
        book.forget()
        book.judge(case)

    def on_demand() -> None:
        book.earliest(case)
        for policy in book.judge(case).policies:
            book.alternatives(case, policy)

    def judging(question: dict[str, object]) -> Callable[[], object]:
        asked = Case.from_json(question)
        return lambda: book.judge(asked)

    jobs: dict[str, Callable[[], object]] = {
        **{f"judge-{place}": judging(elsewhere(place)) for place in PLACES},
        "verify": lambda: public.verify(signature, message, algorithm),
        "judge": lambda: book.judge(case),
        "judge-new-journey": new_journey,
        "earliest-and-alternatives": on_demand,
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job()
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            start = time.perf_counter()
            for _ in range(BATCH):
                job()
            times[name].append(time.perf_counter() - start)
    middle = {name: statistics.median(taken) for name, taken in times.items()}
    ratios = {name: middle[name] / middle["verify"] for name in jobs if name != "verify"}
    return {**ratios, **_loading()}


def _loading() -> dict[str, float]:
    """Loading all packs in a fresh interpreter, to importing pydantic's BaseModel in another: `load` by itself, and for
    information `start-up`, which adds every import of the engine (half of it pydantic building its first models).
    """

    def typical(code: str) -> tuple[float, ...]:
        runs = [
            subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
            for _ in range(STARTS)
        ]
        columns = zip(*(map(float, run.stdout.split()) for run in runs), strict=True)
        return tuple(statistics.median(column) for column in columns)

    clock = "import time; a = time.perf_counter()"
    (pydantic,) = typical(f"{clock}; from pydantic import BaseModel; print(time.perf_counter() - a)")
    imports, load = typical(
        f"{clock}; from verifier.rules.rulebook import RuleBook; b = time.perf_counter(); RuleBook.load();"
        "print(b - a, time.perf_counter() - b)"
    )
    return {"load": load / pydantic, "start-up": (imports + load) / pydantic}


if __name__ == "__main__":
    for name, ratio in measure().items():
        print(f"{name:28} {ratio:6.2f}  limit {LIMITS.get(name, '-')}")
