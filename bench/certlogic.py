"""One CertLogic rule against one bare P-256 verification, and against certlogic-js 1.2.2 on the same rules and data.

    python -m bench.certlogic

The rules are the member states' own with their test payloads where the corpus `business-rules` is present, else a small
workload made here. Parsed dates are forgotten before every pass, so that nothing is remembered from one to the next.
The comparison needs node, and the package installed outside the project: CLEARGATE_CERTLOGIC_JS names the folder that
holds `node_modules/certlogic-js`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from verifier.model import Claim
from verifier.rules.certlogic import CertLogicError, Expression, RuleSet
from verifier.rules.certlogic.values import parse_birth_date, parse_time

HERE = Path(__file__).resolve().parent
CORPORA = Path(os.environ.get("CLEARGATE_CORPORA") or HERE.parents[1] / "shared" / "corpora")
NODE_FOLDER = "CLEARGATE_CERTLOGIC_JS"
PASSES = 40
CLOCK = datetime(2021, 12, 20, 12, tzinfo=UTC)

RULE_TO_P256 = "certlogic: one rule / P-256 verification"
COUNTRY_TO_P256 = "certlogic: all rules of a country / P-256 verification"
RULE_TO_JS = "certlogic: one rule / certlogic-js 1.2.2"
LIMITS = {RULE_TO_JS: 1.5}

Workload = list[tuple[Any, dict[str, Any]]]


def _var(path: str) -> dict[str, str]:
    return {"var": path}


def _time(path: str, amount: int = 0, unit: str = "day") -> dict[str, Any]:
    return {"plusTime": [_var(path), amount, unit]}


def made_rules() -> list[Any]:
    """Rules of the shapes that countries use, in logic of our own."""
    dose, now = "payload.v.0", _time("external.validationClock")
    return [
        {
            "===": [
                {"reduce": [[_var("payload.v"), _var("payload.t")], {"+": [_var("accumulator"), _has("current")]}, 0]},
                1,
            ]
        },
        {"if": [_var(dose), {"in": [_var(f"{dose}.mp"), _var("external.valueSets.names")]}, True]},
        {"if": [_var(dose), {">=": [_var(f"{dose}.dn"), _var(f"{dose}.sd")]}, True]},
        {"if": [_var(dose), {"not-after": [_time(f"{dose}.dt", 14), now, _time(f"{dose}.dt", 270)]}, True]},
        {"if": [_var("payload.t.0"), {"before": [now, _time("payload.t.0.sc", 72, "hour")]}, True]},
        {"and": [{"!": [_var("payload.v.1")]}, {"===": [_var(f"{dose}.tg"), "840539006"]}]},
        {"after": [_time("payload.dob", 18, "year"), now]},
    ]


def _has(path: str) -> dict[str, Any]:
    return {"if": [_var(f"{path}.0"), 1, 0]}


def made_workload() -> Workload:
    """Every made rule on sixty people."""
    people: Workload = []
    for number in range(60):
        dose = {"tg": "840539006", "mp": "EU/1/20/1528", "dn": 1 + number % 2, "sd": 2}
        dose["dt"] = (date(2021, 1, 1) + timedelta(days=5 * number)).isoformat()
        payload = {"ver": "1.3.0", "dob": f"{1950 + number}-03-0{1 + number % 9}", "v": [dose]}
        external = {
            "validationClock": (CLOCK + timedelta(minutes=number)).isoformat(),
            "valueSets": {"names": ["EU/1/20/1507", "EU/1/20/1525", "EU/1/20/1528"]},
        }
        people += [(logic, {"payload": payload, "external": external}) for logic in made_rules()]
    return people


def workload() -> Workload:
    """Rules and data: the countries' own tests where present."""
    folder = CORPORA / "business-rules"
    if not (folder / "rules.jsonl").is_file() or not (folder / "value-sets.json").is_file():
        return made_workload()
    sets = json.loads((folder / "value-sets.json").read_text("utf-8"))
    found: Workload = []
    for line in (folder / "rules.jsonl").read_text("utf-8").split("\n"):
        row = json.loads(line) if line.strip() else {"tests": []}
        for test in row["tests"]:
            external = dict(test["external"] or {})
            if isinstance(external.get("valueSets"), str):
                external["valueSets"] = sets[external["valueSets"]]
            found.append((row["rule"]["Logic"], {"payload": test["payload"], "external": external}))
    return found


def best(once: Callable[[], float]) -> float:
    """The least of several passes, in seconds."""
    return min(once() for _ in range(PASSES))


def rule_seconds(cases: Workload) -> float:
    """Seconds for one rule on one certificate."""
    compiled = [(Expression.compile(logic), data) for logic, data in cases]

    def once() -> float:
        parse_time.cache_clear()
        parse_birth_date.cache_clear()
        began = time.perf_counter()
        for expression, data in compiled:
            with suppress(CertLogicError):
                expression.evaluate(data)
        return (time.perf_counter() - began) / len(compiled)

    return best(once)


def verification_seconds() -> float:
    """Seconds for one bare P-256 verification by the crypto library."""
    key, signed, algorithm = ec.derive_private_key(7, ec.SECP256R1()), b"x" * 300, ec.ECDSA(hashes.SHA256())
    signature, public = key.sign(signed, algorithm), key.public_key()

    def once() -> float:
        began = time.perf_counter()
        for _ in range(50):
            public.verify(signature, signed, algorithm)
        return (time.perf_counter() - began) / 50

    return best(once)


def country_seconds() -> float:
    """Seconds for selecting and judging the seven made rules as one country's, findings included."""
    header = {
        "Type": "Acceptance",
        "Country": "DE",
        "Version": "1.0.0",
        "SchemaVersion": "1.0.0",
        "Engine": "CERTLOGIC",
        "EngineVersion": "1.0.0",
        "CertificateType": "General",
        "Description": [{"lang": "en", "desc": "a rule"}],
        "ValidFrom": "2021-01-01T00:00:00Z",
        "ValidTo": "2022-01-01T00:00:00Z",
    }
    rules = RuleSet.of(
        [{**header, "Identifier": f"GR-DE-{number:04d}", "Logic": logic} for number, logic in enumerate(made_rules())]
    )
    payloads = [data["payload"] for _, data in made_workload()[:: len(made_rules())]]
    sets = {"names": ["EU/1/20/1528"]}

    def once() -> float:
        parse_time.cache_clear()
        began = time.perf_counter()
        for payload in payloads:
            rules.judge(payload, country="DE", issuer_country="FR", kind=Claim.VACCINATION, at=CLOCK, valuesets=sets)
        return (time.perf_counter() - began) / len(payloads)

    return best(once)


def why_no_node() -> str | None:
    """Why the comparison cannot be made here, or None where it can."""
    if shutil.which("node") is None:
        return "node is not installed"
    folder = os.environ.get(NODE_FOLDER)
    if not folder:
        return f"{NODE_FOLDER} is not set"
    manifest = Path(folder) / "node_modules" / "certlogic-js" / "package.json"
    if not manifest.is_file():
        return f"certlogic-js is not under {NODE_FOLDER}"
    version = json.loads(manifest.read_text("utf-8")).get("version")
    return None if version == "1.2.2" else f"certlogic-js is {version}, not 1.2.2"


def node_seconds(cases: Workload) -> float:
    """Seconds for one rule on one certificate in certlogic-js."""
    question = json.dumps({"cases": cases, "passes": PASSES})
    command = ["node", str(HERE / "certlogic.cjs"), os.environ[NODE_FOLDER]]
    answer = subprocess.run(command, input=question, capture_output=True, text=True, check=True, timeout=120)
    return float(json.loads(answer.stdout)["seconds"])


def measure() -> dict[str, float]:
    """Ratios of this run; the comparison with certlogic-js only where `why_no_node` is None."""
    cases = workload()
    rule, verification = rule_seconds(cases), verification_seconds()
    ratios = {RULE_TO_P256: rule / verification, COUNTRY_TO_P256: country_seconds() / verification}
    if why_no_node() is None:
        ratios[RULE_TO_JS] = rule / node_seconds(cases)
    return ratios


if __name__ == "__main__":
    for name, ratio in measure().items():
        print(f"{name}: {ratio:.3f}" + (f" (limit {LIMITS[name]})" if name in LIMITS else ""))
    if reason := why_no_node():
        print(f"{RULE_TO_JS}: skipped, {reason}")
