"""Evidence in the scenario form: vaccinations, tests, recoveries and papers, with the state their checks leave them
in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from verifier.findings import Finding
from verifier.health.record import HealthRecord, Holder
from verifier.rules import facts as read
from verifier.rules.case import MAX_DOSES, Dose, Evidence, EvidenceState, Recovered, Shown, Specimen
from verifier.rules.codes import RulesCode
from verifier.rules.logic import MET, OPEN

SIGNED: Final = frozenset(
    {
        "eu-dcc",
        "dcc",
        "hcert",
        "shc",
        "smart-health-card",
        "divoc",
        "vds-nc",
        "icao",
        "nzcp",
        "cred",
        "2d-doc",
        "nl2",
        "nhs",
        "ddcc",
    }
)
"""Formats that carry a signature: without a verified one their content cannot be told from a forgery."""

KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("pcr", "rt-pcr", "lamp", "rt-lamp", "tma", "molecular", "nucleic-acid"), "naat"),
    **dict.fromkeys(("lateral-flow", "lfd", "rapid-antigen", "rapid"), "antigen"),
}
"""Other words for the kinds of test."""

PAPERS: Final[Mapping[str, str]] = {
    "plf": "passenger_locator_form",
    **dict.fromkeys(
        ("day_2_test_booking", "day2_booking", "day2_pcr_booking", "day2_day8_booking", "day2_day8_test_booking",
         "day2_and_day8_test_booking", "test_package_booking"), "day2_test_booking",
    ),
    **dict.fromkeys(("biometric_residence_permit", "uk_visa_long_term"), "uk_residence_permit"),
    **dict.fromkeys(("eu_residence_permit", "long_stay_visa"), "residence_permit"),
}  # fmt: skip
"""Other names of papers."""

SELF: Final = frozenset({"self", "home", "self-test", "home-test", "at-home"})
PROFESSIONAL: Final = frozenset(
    {
        "laboratory",
        "lab",
        "health-care",
        "healthcare",
        "health-care-entity",
        "healthcare-provider",
        "hospital",
        "clinic",
        "pharmacy",
        "doctor",
        "telehealth",
        "telehealth-service",
        "licensed-provider",
    }
)


@dataclass(slots=True)
class Shelf:
    """Evidence as it is being collected."""

    local: ZoneInfo
    problems: list[Finding]
    given: dict[tuple[str | None, tuple[int, int]], Dose] = field(default_factory=dict)
    tests: list[Specimen] = field(default_factory=list)
    recoveries: list[Recovered] = field(default_factory=list)
    shown: dict[str, list[Shown]] = field(default_factory=dict)

    def add(self, dose: Dose) -> None:
        """Keep a dose once, in its best state, and at most MAX_DOSES of them."""
        key = (dose.product, dose.days)
        before = self.given.get(key)
        if before is None and len(self.given) >= MAX_DOSES:
            if not any(finding.code is RulesCode.TOO_MANY for finding in self.problems):
                self.problems.append(read.problem(RulesCode.TOO_MANY, fact="doses", limit=MAX_DOSES))
            return
        if before is None or (dose.state, dose.number or 0) > (before.state, before.number or 0):
            self.given[key] = dose
        if before is not None and before.state == dose.state:
            self.given[key] = replace(self.given[key], forms=before.forms | dose.forms)

    def doses(self) -> tuple[Dose, ...]:
        """All doses, oldest first."""
        return tuple(sorted(self.given.values(), key=lambda dose: dose.days))


def state(item: Mapping[str, Any]) -> tuple[int | None, bool]:
    """State of a document's evidence (None: it is no evidence) and whether it is only sighted.

    Name and birth date both differ: another person. One of them differs, or could not be compared: a person must look.
    """
    name, born = item.get("name_matches", True), item.get("dob_matches", item.get("name_matches", True))
    if name is False and "dob_matches" in item and born is False:
        return None, False
    if item.get("revoked") is True:
        return None, False
    holder = MET if name is True and born is True else OPEN
    signature = item.get("signature_verified")
    if signature is True:
        return holder, False
    if signature is False or (
        signature is None and read.word(item.get("format")) in SIGNED and "signature_verified" in item
    ):
        return OPEN, False
    return holder, True


def take(shelf: Shelf, number: int, item: Mapping[str, Any]) -> None:
    """Put one item of `evidence` where it belongs."""
    what = item.get("type")
    if not isinstance(what, str):
        shelf.problems.append(read.problem(RulesCode.BAD_FACT, number, fact="evidence"))
        return
    _TAKERS.get(what, _paper)(shelf, number, item)


def _vaccination(shelf: Shelf, number: int, item: Mapping[str, Any]) -> None:
    level, sighted = state(item)
    if level is None:
        return
    doses = item.get("doses")
    if not isinstance(doses, list) or not all(isinstance(dose, Mapping) for dose in doses):
        shelf.problems.append(read.problem(RulesCode.BAD_FACT, number, fact="doses"))
        return
    forms = frozenset(filter(None, (read.word(item.get("format")),)))
    for dose in doses[: 4 * MAX_DOSES]:
        days = read.days_of(dose.get("date"))
        if days is None:
            shelf.problems.append(read.problem(RulesCode.DATE_IMPOSSIBLE, number, fact="dose"))
            continue
        shelf.add(
            Dose(
                product=read.word(dose.get("vaccine")),
                days=days,
                number=_count(dose.get("dose", dose.get("dn"))),
                total=_count(dose.get("total", dose.get("sd"))),
                booster=dose.get("booster") is True,
                trial=read.word(dose.get("trial", item.get("trial"))),
                country=read.code(dose.get("country", item.get("country"))),
                disease=read.word(item.get("disease")) or "covid-19",
                state=level,
                sighted=sighted,
                document=number,
                forms=forms,
            )
        )


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 20 else None


def supervised(item: Mapping[str, Any]) -> bool | None:
    """Whether a professional took or watched the test; None where it is not said."""
    stated = item.get("supervised", item.get("monitored"))
    if isinstance(stated, bool):
        return stated
    by = read.word(item.get("administered_by"))
    return True if by in PROFESSIONAL else False if by in SELF or item.get("self_test") is True else None


def _place(item: Mapping[str, Any]) -> str | None:
    """Where the specimen was taken."""
    return read.code(item.get("place", item.get("country", item.get("specimen_country"))))


def _test(shelf: Shelf, number: int, item: Mapping[str, Any]) -> None:
    level, sighted = state(item)
    if level is None:
        return
    collected = item.get("specimen_collected")
    days = read.days_of(collected)
    if days is None:
        shelf.problems.append(read.problem(RulesCode.DATE_IMPOSSIBLE, number, fact="specimen_collected"))
        return
    moment = read.moment_of(collected, shelf.local)
    span = (read.instant(moment),) * 2 if moment is not None else read.day_span(days, shelf.local)
    by = read.word(item.get("administered_by")) or ("self" if item.get("self_test") is True else None)
    place = _place(item)
    kind, result = read.word(item.get("kind")) or "unknown", read.word(item.get("result")) or "unknown"
    kind = KINDS.get(kind, kind)
    shelf.tests.append(
        Specimen(
            kind,
            result,
            days,
            span,
            place,
            supervised(item),
            by,
            read.word(item.get("disease")) or "covid-19",
            level,
            sighted,
            number,
        )
    )
    if result == "positive":
        found = Recovered(kind, days, None, state=level, sighted=sighted, document=number, place=place)
        shelf.recoveries.append(found)


def _recovery(shelf: Shelf, number: int, item: Mapping[str, Any]) -> None:
    level, sighted = state(item)
    if level is None:
        return
    days = read.days_of(item.get("positive_specimen_collected"))
    if days is None:
        shelf.problems.append(read.problem(RulesCode.DATE_IMPOSSIBLE, number, fact="positive_specimen_collected"))
        return
    letter = item.get("clearance_letter")
    kind = read.word(item.get("positive_test_kind"))
    cleared = letter if isinstance(letter, bool) else None
    found = Recovered(kind, days, cleared, state=level, sighted=sighted, document=number, place=_place(item))
    shelf.recoveries.append(found)


def _paper(shelf: Shelf, number: int, item: Mapping[str, Any]) -> None:
    level, _ = state(item)
    if level is None:
        return
    what = PAPERS.get(item["type"], item["type"])
    shelf.shown.setdefault(what, []).append(Shown(what, item, level, number))


def certificate(item: Mapping[str, Any]) -> Iterator[Evidence]:
    """An EU certificate as a record for rules written against its content (`payload`, `issuer`); empty content where
    the item has none.
    """
    what = item.get("type")
    if (
        not isinstance(what, str)
        or what not in _TAKERS
        or read.word(item.get("format")) not in ("eu-dcc", "dcc", "hcert")
    ):
        return
    level, sighted = state(item)
    content = item.get("payload")
    payload = content if isinstance(content, Mapping) else {}
    record = HealthRecord("eu-dcc", Holder(), issuer=read.code(item.get("issuer")), payload=payload)
    yield Evidence(record, LEFT[level], sighted)


LEFT: Final = {MET: EvidenceState.USABLE, OPEN: EvidenceState.OPEN, None: EvidenceState.NONE}


_TAKERS: Final[Mapping[str, Callable[[Shelf, int, Mapping[str, Any]], None]]] = {
    "vaccination": _vaccination,
    "test": _test,
    "recovery": _recovery,
}
