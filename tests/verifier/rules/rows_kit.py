"""Questions for the rows of the tangle: who, where, when, as known when; and what an answer comes to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from rules_kit import SHOWN, a_test, vaccination

from verifier.rules.answer import RulesAnswer
from verifier.rules.case import Case
from verifier.rules.rulebook import RuleBook

EVER = "2019-06-01"
TWO_DOSES = vaccination(("comirnaty", "2021-05-01"), ("comirnaty", "2021-06-01"))


def day(text: str, days: int = 0) -> str:
    return (date.fromisoformat(text) + timedelta(days)).isoformat()


def ask(
    book: RuleBook, travel: str, *evidence: dict[str, Any], known: str | None = None, trip: dict[str, Any], **who: Any
) -> RulesAnswer:
    """The answer on a day of travel, as known on another (default: the same)."""
    traveller = {"age": 40, "purpose": "tourism", **who}
    question = {
        "as_known_on": known or travel, "travel_date": travel, "traveller": traveller, "trip": trip,
        "evidence": list(evidence),
    }  # fmt: skip
    return book.judge(Case.from_json(question))


def by_land(book: RuleBook, side: str, travel: str, *evidence: dict[str, Any], known: str | None = None,
            **who: Any) -> RulesAnswer:  # fmt: skip
    """A Canadian or Mexican of 40 goes to the United States by land, as a tourist unless said otherwise."""
    channel = who.pop("channel", "land")
    trip = {"origin_country": side, "destination_country": "US", "from": side, "to": "US", "channel": channel,
            "border": f"US-{side}"}  # fmt: skip
    return ask(book, travel, *evidence, known=known, trip=trip,
               **{"citizenship": side, "us_status": "nonimmigrant", **who})  # fmt: skip


def by_air(book: RuleBook, start: str, travel: str, *evidence: dict[str, Any], known: str | None = None,
           trip: dict[str, Any] | None = None, **who: Any) -> RulesAnswer:  # fmt: skip
    """Somebody who was in the country of departure all the time flies from there (country, or airport) to New York."""
    country = {"LHR": "GB-ENG", "ICN": "KR", "PVG": "CN", "YYZ": "CA"}.get(start, start)
    stays = [{"place": country[:2], "from": EVER, "to": travel}]
    route = {"origin_country": country, "destination_country": "US", "from": start, "to": "JFK", "channel": "air"}
    person = {"citizenship": country[:2], "us_status": "nonimmigrant", "presence_14d": stays, **who}
    return ask(book, travel, *SHOWN, *evidence, known=known, trip={**route, **(trip or {})}, **person)


def swab(travel: str, days: int = 1, kind: str = "naat") -> dict[str, Any]:
    """A negative test so many days before travel."""
    return a_test(f"{day(travel, -days)}T10:00", kind)


def named(answer: RulesAnswer) -> set[str]:
    """Every policy and version that was consulted, and those that are on record as ended."""
    found = {policy.id for policy in answer.policies}
    found |= {policy.version.id for policy in answer.policies if policy.version is not None}
    return found | {ident for finding in answer.findings for ident in finding.facts.get("policies", ())}


def blocking(answer: RulesAnswer) -> set[str]:
    """The versions that stand in the way."""
    return {
        policy.version.id if policy.version else policy.id
        for policy in answer.policies
        if policy.outcome.value != "met"
    }


def exemption(answer: RulesAnswer, policy: str) -> str | None:
    """By which exemption a policy was lifted."""
    return next((one.exemption for one in answer.policies if one.id == policy), None)
