"""Who travels, in the scenario form: citizenships, standing, birth, and who comes along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from verifier.findings import Finding
from verifier.rules import facts as read
from verifier.rules.case import Companion, Movement, Range
from verifier.rules.codes import RulesCode
from verifier.rules.logic import MET, OPEN, UNMET

NO_STATE: Final = frozenset(
    ("EUE", "GBD", "GBN", "GBO", "GBP", "GBS", "RKS", "UNA", "UNK", "UNO", "XBA", "XCC", "XCO", "XEC", "XIM", "XMP",
     "XOM", "XPO", "XXA", "XXB", "XXC", "XXX")
)  # fmt: skip
"""Codes of ICAO 9303 for persons and issuers that are no state of ISO 3166."""

US_STATUS: Final[Mapping[str, str]] = {
    "permanent-resident": "lpr",
    "lawful-permanent-resident": "lpr",
    "green-card": "lpr",
    "us-citizen": "citizen",
    "us-national": "national",
    "immigrant": "immigrant-visa",
    "non-immigrant": "nonimmigrant",
    "visa-waiver": "nonimmigrant",
    "esta": "nonimmigrant",
}
STATUS: Final[Mapping[str, str]] = {"canadian-citizen": "citizen", "pr": "permanent-resident"}


def citizenships_of(traveller: Mapping[str, Any], problems: list[Finding]) -> tuple[str, ...]:
    """Codes of two letters, or those of ICAO for persons without one; anything else is a question."""
    value = traveller.get("citizenship", traveller.get("citizenships"))
    given = value if isinstance(value, (list, tuple)) else [value]
    found = tuple(filter(None, map(read.code, given)))
    if any(one not in NO_STATE and (len(one) != 2 or not one.isalpha()) for one in found):
        problems.append(read.problem(RulesCode.BAD_FACT, fact="citizenship"))
    return found


def status_of(
    traveller: Mapping[str, Any], citizenships: tuple[str, ...], country: str, problems: list[Finding]
) -> Mapping[str, str]:
    """`us_status` and the like by place. A citizenship of the destination is a status; contradictions are left out."""
    status: dict[str, str] = {}
    for key, value in traveller.items():
        stated = read.word(value) if key.endswith("_status") else None
        if stated:
            place = key[: -len("_status")].upper()
            place = "GB" if place == "UK" else place
            standing = (US_STATUS if place == "US" else STATUS).get(stated, stated)
            if status.setdefault(place, standing) != standing:
                problems.append(read.problem(RulesCode.STATUS_CONTRADICTS, place=place))
    return read.settle_status(status, citizenships, country, problems)


def born_of(traveller: Mapping[str, Any], entry: Movement, problems: list[Finding]) -> Range | None:
    value = traveller.get("date_of_birth", traveller.get("birth_date"))
    if value is None:
        return None
    days = read.days_of(value)
    if days is None:
        problems.append(read.problem(RulesCode.DATE_IMPOSSIBLE, fact="date_of_birth"))
    elif days[0] > entry.arrives_days[1]:
        problems.append(read.problem(RulesCode.BIRTH_AFTER_TRAVEL))
        return None
    return days


def party_of(traveller: Mapping[str, Any]) -> tuple[Companion, ...] | None:
    """`accompanied_by`: null is alone, a text names one companion, a missing key says nothing."""
    if "accompanied_by" not in traveller:
        return None
    value = traveller["accompanied_by"]
    if value is None or value == [] or traveller.get("unaccompanied") is True:
        return ()
    return tuple(_companion(item) for item in (value if isinstance(value, list) else [value]))


def _companion(value: Any) -> Companion:
    if isinstance(value, Mapping):
        stated = value.get("fully_vaccinated", value.get("vaccinated"))
        known = (MET if stated else UNMET) if isinstance(stated, bool) else OPEN
        relation = read.word(value.get("relation", value.get("kind")))
        return Companion(relation, read.age_of(value.get("age"), []) or _least_age(relation), known)
    text = read.word(value) or ""
    if "unvaccinated" in text or "not-" in text or "partially" in text:
        vaccinated = UNMET
    else:
        vaccinated = MET if "vaccinated" in text else OPEN
    relation = text.rsplit("-", 1)[-1] or None
    return Companion(relation, _least_age(relation), vaccinated)


def _least_age(relation: str | None) -> int | None:
    """In this form a parent or guardian without a stated age is an adult."""
    return ADULT if relation in GROWN else None


ADULT: Final = 18
GROWN: Final = frozenset(
    ("adult", "parent", "mother", "father", "step-parent", "stepparent", "grandparent", "guardian", "legal-guardian",
     "tutor")
)  # fmt: skip
