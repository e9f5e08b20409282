"""A decision as a screen: what an agent reads, in order and in words. Pure; the templates only lay it out.

Outcome is told four times over - icon, word, border style and colour - because colour alone reaches not everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final, Literal

from kiosk.words import Words, words
from verifier.decision import Decision, Shown, Verdict
from verifier.findings import Finding, Outcome
from verifier.rules.answer import Earliest, PolicyAnswer
from verifier.rules.places import spot, zone
from verifier.rules.policy import PackInfo
from verifier.wording import action, message, sentence

Symbol = Literal["tick", "cross", "triangle", "dot"]
SYMBOLS: Final[Mapping[Verdict, Symbol]] = {
    Verdict.CLEARED: "tick",
    Verdict.REFER: "triangle",
    Verdict.DENIED: "cross",
}
_OUTCOMES: Final[Mapping[Outcome, Symbol]] = {
    Outcome.MET: "tick",
    Outcome.NOTE: "dot",
    Outcome.OPEN: "triangle",
    Outcome.UNMET: "cross",
}
_EVIDENCE: Final[Mapping[str, Symbol]] = {"usable": "tick", "open": "triangle", "none": "cross"}
_IDENTITY: Final[Mapping[Outcome, str]] = {
    Outcome.MET: "person.same",
    Outcome.OPEN: "person.doubt",
    Outcome.UNMET: "person.another",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to know. `todo` is the next action; `document` the number of the document on the screen, from 1."""

    code: str
    said: str
    todo: str | None = None
    alert: bool = False
    symbol: Symbol = "dot"
    document: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """One document as it was read: what it is, whether it counts, about whom it is, who signed it, each check."""

    number: int
    title: str
    kind: str
    symbol: Symbol
    state: str
    person: str | None
    issuer: str | None
    checks: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy that was consulted. `source`: its citation, or the title of its first source; `url`: where it is."""

    id: str
    title: str
    symbol: Symbol
    state: str
    authority: str
    source: str
    url: str | None
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Age:
    """How old a list or a set of rules is."""

    name: str
    said: str


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything that is shown for one decision, in the order in which it is read."""

    language: str
    direction: str
    verdict: str
    symbol: Symbol
    word: str
    lead: str
    reasons: tuple[Line, ...]
    alternatives: tuple[Line, ...]
    duties: tuple[Line, ...]
    papers: tuple[Paper, ...]
    rules: tuple[Rule, ...]
    unchecked: tuple[Line, ...]
    ages: tuple[Age, ...]
    asked: str
    resets: bool
    ask_earliest: bool


@dataclass(frozen=True, slots=True)
class EarliestScreen:
    """The first moment at which it would be cleared, in words; `moment` is None where there is none within a year."""

    language: str
    direction: str
    lead: str
    moment: str | None
    needs: tuple[Line, ...]


def present(decision: Decision, language: str) -> Screen:
    """The screen of a decision in one language (`en`, `es`, `ar`)."""
    say, verdict = words(language), decision.verdict
    return Screen(
        language=language,
        direction=say.direction,
        verdict=verdict.value,
        symbol=SYMBOLS[verdict],
        word=say(f"verdict.{verdict.value}"),
        lead=say(f"lead.{verdict.value}"),
        reasons=_lines(decision.reasons, language),
        alternatives=_lines(decision.alternatives, language),
        duties=tuple(_keyed("duty", name, language) for name in decision.duties),
        papers=tuple(_paper(number, shown, decision, say) for number, shown in enumerate(decision.documents)),
        rules=tuple(_rule(policy, say) for policy in sorted(decision.policies, key=_worst_first)),
        unchecked=tuple(_keyed("unchecked", name, language) for name in decision.unchecked),
        ages=tuple(_ages(decision, say)),
        asked=_asked(decision, say),
        resets=verdict is Verdict.CLEARED,
        ask_earliest=verdict is not Verdict.CLEARED and decision.ask_earliest is not None,
    )


def present_earliest(found: Earliest | None, language: str, origin: str | None = None) -> EarliestScreen:
    """The answer to "when at the earliest?", told in the local time of the place of departure where it is known."""
    say = words(language)
    if found is None:
        return EarliestScreen(language, say.direction, say("earliest.none"), None, ())
    moment = say.moment(found.at, _zone(origin))
    needs = tuple(_line(item, language) for item in found.needs)
    return EarliestScreen(language, say.direction, say("earliest.lead"), moment, needs)


def _zone(origin: str | None) -> tzinfo | None:
    place = spot(origin) if origin else None
    return zone(place.zone) if place is not None and place.zone else None


_ISO: Final = re.compile(r"\b\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d-])")


def _readable(text: str, say: Words) -> str:
    """The sentence with dates as people write them: `2021-12-21` is turned about inside Arabic, and slow to read."""

    def written(found: re.Match[str]) -> str:
        try:
            value = datetime.fromisoformat(found[0])
        except ValueError:
            return found[0]
        return say.day(value) if len(found[0]) == len("2021-12-21") else say.moment(value)

    return _ISO.sub(written, text)


def _line(finding: Finding, language: str) -> Line:
    say = words(language)
    todo = action(finding.code, finding.facts, language)
    return Line(
        finding.code.value,
        _readable(sentence(finding.code, finding.facts, language), say),
        None if todo is None else _readable(todo, say),
        finding.alert,
        _OUTCOMES[finding.outcome],
        None if finding.document is None else finding.document + 1,
    )


def _lines(findings: Iterable[Finding], language: str) -> tuple[Line, ...]:
    """Each line once: two rules may ask for the same thing."""
    lines = (_line(item, language) for item in findings)
    return tuple({(line.said, line.todo, line.document): line for line in lines}.values())


def _keyed(area: str, name: str, language: str) -> Line:
    return Line(f"{area}.{name}", message(f"{area}.{name}", language) or name)


def _paper(index: int, shown: Shown, decision: Decision, say: Words) -> Paper:
    kinds = [say(f"kind.{proof}") for proof in shown.proves]
    return Paper(
        number=index + 1,
        title=say.find(f"format.{shown.format}") or shown.format or say("format.none"),
        kind=", ".join(kinds) or say("kind.none"),
        symbol=_EVIDENCE[shown.evidence],
        state=say(f"evidence.{shown.evidence}"),
        person=None if shown.identity is None else say(_IDENTITY[shown.identity]),
        issuer=shown.issuer,
        checks=tuple(_line(item, say.language) for item in decision.findings if item.document == index),
    )


def _worst_first(policy: PolicyAnswer) -> int:
    return (Outcome.UNMET, Outcome.OPEN, Outcome.MET, Outcome.NOTE).index(policy.outcome)


def _rule(policy: PolicyAnswer, say: Words) -> Rule:
    told, version = policy.policy, policy.version
    exempt = policy.exemption is not None and policy.outcome is Outcome.MET
    marks = [say("rule.recommendation")] if told.recommendation else []
    if told.confidence == "memory":
        marks.append(say("rule.from-memory"))
    first = told.sources[0] if told.sources else None
    return Rule(
        id=policy.id,
        title=message(f"policy.{policy.id}", say.language) or told.title,
        symbol=_OUTCOMES[policy.outcome],
        state=say("rule.exempt") if exempt else say(f"rule.{policy.outcome.value}"),
        authority=told.authority or "",
        source=(version.citation if version else None) or told.citation or (first.title if first else ""),
        url=first.url if first else None,
        marks=tuple(marks),
    )


def _ages(decision: Decision, say: Words) -> Iterable[Age]:
    """Key lists that were used, oldest first, and the sets of rules."""
    used = {shown.list_name: shown.list_fetched for shown in decision.documents if shown.list_name}
    never = datetime.min.replace(tzinfo=decision.at.tzinfo)
    for name, fetched in sorted(used.items(), key=lambda item: item[1] or never):
        yield Age(name, _age(fetched, decision.at, say))
    for pack in decision.packs:
        yield Age(_pack_name(pack), _span(pack, say))


def _age(fetched: datetime | None, at: datetime, say: Words) -> str:
    if fetched is None:
        return say("age.unknown")
    if fetched > at:
        return say("age.later", moment=say.moment(fetched))
    return say("age.old", span=say.span(at - fetched), moment=say.moment(fetched))


def _pack_name(pack: PackInfo) -> str:
    return f"{pack.title}: {pack.subject}"


def _span(pack: PackInfo, say: Words) -> str:
    days = {name: _day(getattr(pack, name), say) for name in ("as_of", "complete_from", "complete_until")}
    return say("age.pack", **days)


def _day(ordinal: int, say: Words) -> str:
    return say.day(datetime.combine(date.fromordinal(ordinal), datetime.min.time()))


def _asked(decision: Decision, say: Words) -> str:
    at, known = say.moment(decision.at), say.moment(decision.known)
    return say("asked.at", at=at) if decision.known == decision.at else say("asked.known", at=at, known=known)
