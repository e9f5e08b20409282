"""The answer to "may this person board?": verdict, reasons, what to do, and what the answer rests on.

How outcomes combine into a verdict is the table in `combine`; everything else here carries and shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from verifier.findings import Code, Finding, Outcome
from verifier.model import Source
from verifier.quick import quick
from verifier.rules.answer import Earliest, PolicyAnswer, pack_json
from verifier.rules.policy import PackInfo
from verifier.wording import action, message, sentence

SCHEMA_VERSION: Final = "1.0"


class Verdict(StrEnum):
    """The three answers. `refer`: a person must decide."""

    CLEARED = "cleared"
    REFER = "refer"
    DENIED = "denied"


class DecisionCode(Code):
    """Findings about the check as a whole."""

    TWO_PERSONS = "decision.two-persons"
    UNREAD_COULD_HELP = "decision.unread-could-help"
    OVER_BUDGET = "decision.over-budget"
    FAULT = "decision.fault"
    NO_DOCUMENT = "decision.no-document"
    TOO_MANY_SCANS = "decision.too-many-scans"
    QUESTION_REFUSED = "decision.question-refused"
    ANOTHER_PERSON = "decision.another-person"


NOT_CHECKED: Final = ("visa", "passport-expiry", "passport-genuine", "customs", "safety-lists")
"""Out of scope, and said with every answer: `unchecked.<name>` in the catalogues."""


def combine(rules: Outcome, *, doubt: bool, unread_could_help: bool) -> Verdict:
    """From the outcome of the rules to the verdict.

    Args:
        rules: MET only where all that applies is met by usable evidence and a rule or a recorded absence was consulted.
        doubt: a question about the check itself is open (two persons, a fault of ours, sources that contradict).
        unread_could_help: a document that could not be read might turn what is not met.
    """
    if doubt or rules is Outcome.OPEN:
        return Verdict.REFER
    if rules is Outcome.UNMET:
        return Verdict.REFER if unread_could_help else Verdict.DENIED
    return Verdict.CLEARED if rules is Outcome.MET else Verdict.REFER


@quick
@dataclass(frozen=True, slots=True)
class Shown:
    """One document as the decision saw it; no payload, no name.

    Attributes:
        evidence: `usable`, `open` or `none` after trust and identity.
        identity: MET (this person), OPEN, UNMET (another person), or None where there was no record to compare.
        proves: kinds of statement it holds.
        list_name, list_fetched: the key list its signer came from.
    """

    format: str | None
    signature: str
    evidence: str
    identity: Outcome | None
    proves: tuple[str, ...] = ()
    issuer: str | None = None
    kid: str | None = None
    list_name: str | None = None
    list_fetched: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """JSON-able members."""
        return {
            "format": self.format,
            "signature": self.signature,
            "evidence": self.evidence,
            "identity": None if self.identity is None else self.identity.value,
            "proves": list(self.proves),
            "issuer": self.issuer,
            "kid": self.kid,
            "list": self.list_name,
            "list_fetched": None if self.list_fetched is None else self.list_fetched.isoformat(),
        }


_RANK: Final = {Outcome.UNMET: 0, Outcome.OPEN: 1, Outcome.NOTE: 2, Outcome.MET: 3}


@quick
@dataclass(frozen=True, slots=True)
class Decision:
    """The answer.

    Attributes:
        findings: everything that was checked, in order of the stages; `reasons` puts what matters first.
        documents: the documents shown, by the index that findings name.
        policies: every policy consulted, with version, outcome and source.
        duties: what is to be done after arrival, as keys `duty.<name>`.
        at, known: the moment asked about and the moment whose knowledge counted.
        provenance: value -> where it came from.
        unchecked: what was not looked at at all.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    at: datetime
    known: datetime
    documents: tuple[Shown, ...] = ()
    policies: tuple[PolicyAnswer, ...] = ()
    packs: tuple[PackInfo, ...] = ()
    duties: tuple[str, ...] = ()
    provenance: Mapping[str, Source] = field(default_factory=dict)
    unchecked: tuple[str, ...] = NOT_CHECKED
    ask_earliest: Callable[[], Earliest | None] | None = field(default=None, compare=False, repr=False)
    ask_alternatives: Callable[[], tuple[Finding, ...]] | None = field(default=None, compare=False, repr=False)

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """Findings that hold the person up or need a look: alerts first, then UNMET, then OPEN. Each sentence once."""
        held = [item for item in self.findings if item.alert or item.outcome in (Outcome.UNMET, Outcome.OPEN)]
        if self.verdict is Verdict.CLEARED:
            held = [item for item in held if item.alert]
        ranked = sorted(held, key=lambda item: (not item.alert, _RANK[item.outcome]))
        return tuple({(item.code, str(sorted(item.facts.items(), key=str))): item for item in ranked}.values())

    @property
    def alternatives(self) -> tuple[Finding, ...]:
        """What else would satisfy the policies that are not met; worked out when asked, empty where all are met."""
        return () if self.ask_alternatives is None else self.ask_alternatives()

    def earliest(self) -> Earliest | None:
        """The first moment at which it would become `cleared`, worked out when asked; None where there is none."""
        return None if self.ask_earliest is None else self.ask_earliest()

    def explain(self, language: str = "en") -> str:
        """Verdict, reasons with their next actions, and what to ask for, a line each."""
        lines = [message(f"decision.{self.verdict.value}", language) or self.verdict.value]
        for finding in self.reasons:
            todo = action(finding.code, finding.facts, language)
            lines.append(f"- {sentence(finding.code, finding.facts, language)}{f' {todo}' if todo else ''}")
        lines.extend(f"+ {sentence(item.code, item.facts, language)}" for item in self.alternatives)
        lines.extend(f"* {message(f'duty.{duty}', language) or duty}" for duty in self.duties)
        return "\n".join(lines)

    def as_json(self, language: str | None = None, *, earliest: bool = False) -> dict[str, Any]:
        """The decision as JSON-able data by docs/decision.schema.json; with sentences where a language is given."""
        out: dict[str, Any] = {
            "schema": SCHEMA_VERSION,
            "verdict": self.verdict.value,
            "at": self.at.isoformat(),
            "known": self.known.isoformat(),
            "reasons": [_finding(item, language) for item in self.reasons],
            "findings": [item.as_json() for item in self.findings],
            "documents": [document.as_json() for document in self.documents],
            "policies": [policy.as_json() for policy in self.policies],
            "packs": [dict(pack_json(pack)) for pack in self.packs],
            "duties": [_keyed("duty", duty, language) for duty in self.duties],
            "alternatives": [_finding(item, language) for item in self.alternatives],
            "provenance": {name: source.value for name, source in self.provenance.items()},
            "unchecked": [_keyed("unchecked", name, language) for name in self.unchecked],
        }
        if earliest:
            found = self.earliest()
            out["earliest"] = (
                None
                if found is None
                else {"at": found.at.isoformat(), "needs": [_finding(item, language) for item in found.needs]}
            )
        if language is not None:
            out["language"] = language
            out["headline"] = message(f"decision.{self.verdict.value}", language)
        return out


def _finding(finding: Finding, language: str | None) -> dict[str, Any]:
    out = finding.as_json()
    if language is not None:
        out["sentence"] = sentence(finding.code, finding.facts, language)
        out["action"] = action(finding.code, finding.facts, language)
    return out


def _keyed(area: str, name: str, language: str | None) -> dict[str, Any]:
    out: dict[str, Any] = {"id": name}
    if language is not None:
        out["sentence"] = message(f"{area}.{name}", language)
    return out
